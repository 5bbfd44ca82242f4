import { Icon, type IconNode, useSecondsLeft } from '@proxim/ui';
import { Signal, SignalLow, SignalMedium } from 'lucide';
import type { ComponentChildren } from 'preact';

import type { WindowSession } from '../../host/window-protocol.js';
import { codeLife } from '../code-life.js';
import type { Device } from '../current-screen.js';
import { type Speed, speedOf } from '../round-trip.js';
import { texts } from '../texts/en.js';
import { formatMoment } from '../time-text.js';
import type { WindowClock, WindowStore } from '../window-store.js';
import { DeviceName } from './device-name.js';

const speedIcons: Readonly<Record<Speed, IconNode>> = { quick: Signal, fair: SignalMedium, slow: SignalLow };

const RoundTrip = ({ roundTripMs }: { readonly roundTripMs: number | null }) => {
  if (roundTripMs === null) return <>{texts.control.unknown}</>;
  const speed = speedOf(roundTripMs);
  return (
    <span class={`round-trip is-${speed}`}>
      <span class="bars">
        <Icon of={Signal} size={20} />
        <Icon of={speedIcons[speed]} size={20} />
      </span>
      {texts.control.milliseconds(Math.round(roundTripMs))}, {texts.control.speeds[speed]}
    </span>
  );
};

const Ends = ({ session, clock }: { readonly session: WindowSession; readonly clock: WindowClock }) => {
  const life = codeLife(useSecondsLeft(session.expiresAt, clock.now));
  const text = texts.control.ends[session.sessionType];
  if (session.sessionType !== 'temporary' || life.kind !== 'running') return <>{text}</>;
  return (
    <span role="timer">
      {text} {life.clock}
    </span>
  );
};

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

export interface ConnectedPhoneProps {
  readonly store: WindowStore;
  readonly session: WindowSession;
  readonly device: Device;
  /** Whether it is the only one; of several, each shows less. */
  readonly isAlone: boolean;
}

/** One phone: its name, how it is connected, and the button that ends it. */
export const ConnectedPhone = ({ store, session, device, isAlone }: ConnectedPhoneProps) => {
  const { clock } = store;
  const titleId = `phone-${session.sessionID}`;
  const { direct, path, connectedSince } = session;
  const unknown = texts.control.unknown;
  return (
    <section class={isAlone ? 'phone' : 'phone phone-small'} aria-labelledby={titleId}>
      <header class={`phone-head is-${direct}`}>
        <h1 class="title" id={titleId}>
          <DeviceName name={device.name} /> {texts.control.states[direct]}
        </h1>
        {isAlone && <p>{texts.control.leads[direct]}</p>}
      </header>
      <dl class="facts tabular">
        {isAlone && (
          <Fact name={texts.control.since}>
            {connectedSince === null ? unknown : formatMoment(connectedSince, clock.now())}
          </Fact>
        )}
        <Fact name={texts.control.path}>{path ? texts.control.paths[path.kind] : unknown}</Fact>
        <Fact name={texts.control.roundTrip}>
          <RoundTrip roundTripMs={direct === 'connected' ? (path?.roundTripMs ?? null) : null} />
        </Fact>
        {isAlone && (
          <>
            <Fact name={texts.control.session}>
              <Ends session={session} clock={clock} />
            </Fact>
            <Fact name={texts.control.verified}>
              {session.verified ? texts.control.isVerified : texts.control.isUnverified}
            </Fact>
          </>
        )}
      </dl>
      <button
        class="button button-warning button-wide"
        type="button"
        aria-describedby={titleId}
        onClick={() => store.send({ command: 'close', sessionID: session.sessionID })}
      >
        {texts.control.end}
      </button>
    </section>
  );
};
