import { Icon, type IconNode, useSecondsLeft } from '@proxim/ui';
import { Pause, Play, Signal, SignalLow, SignalMedium } from 'lucide';
import type { ComponentChildren } from 'preact';

import type { WindowSession } from '../../host/window-protocol.js';
import { codeLife } from '../code-life.js';
import { lostAt, type Phone } from '../phones.js';
import { type Speed, speedOf } from '../round-trip.js';
import { useSecondsSince } from '../seconds-since.js';
import { texts } from '../texts/en.js';
import { formatMoment } from '../time-text.js';
import type { WindowClock, WindowStore } from '../window-store.js';
import { DeviceName } from './device-name.js';
import { RightsList } from './rights-list.js';

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

/** Since when the phone is connected; or, of one that is not any more, how long ago that was. */
const Since = ({ store, phone }: Omit<ConnectedPhoneProps, 'isAlone'>) => {
  const { clock } = store;
  const { session, presence } = phone;
  const isLost = presence === 'lost';
  const ago = useSecondsSince(isLost ? lostAt(session, store.moment.value) : null, clock.now);
  const { connectedSince } = session;
  const { unknown } = texts.control;
  if (isLost) return <Fact name={texts.control.lost}>{ago === null ? unknown : texts.control.lostAgo(ago)}</Fact>;
  return (
    <Fact name={texts.control.since}>
      {connectedSince === null ? unknown : formatMoment(connectedSince, clock.now())}
    </Fact>
  );
};

export interface ConnectedPhoneProps {
  readonly store: WindowStore;
  readonly phone: Phone;
  /** Whether it is the only one; of several, each shows less. */
  readonly isAlone: boolean;
}

/** One phone: its name, how it is connected, and the button that ends it. */
export const ConnectedPhone = ({ store, phone, isAlone }: ConnectedPhoneProps) => {
  const { session, name, presence } = phone;
  const { sessionID, sessionType, path } = session;
  const titleId = `phone-${sessionID}`;
  const endId = `end-${sessionID}`;
  const isConnected = presence === 'connected';
  const isPaused = isConnected && session.isPaused;
  return (
    <section class={isAlone ? 'phone' : 'phone phone-small'} aria-labelledby={titleId}>
      <header class={`phone-head is-${isPaused ? 'lost' : presence}`}>
        <h1 class="title" id={titleId}>
          <DeviceName name={name} /> {isPaused ? texts.control.paused : texts.control.states[presence]}
        </h1>
        {isAlone && <p>{isPaused ? texts.control.pausedLead : texts.control.leads[presence]}</p>}
      </header>
      <dl class="facts tabular">
        {(isAlone || presence === 'lost') && <Since store={store} phone={phone} />}
        {(isAlone || presence !== 'lost') && (
          <Fact name={texts.control.path}>
            {path && isConnected ? texts.control.paths[path.kind] : texts.control.unknown}
          </Fact>
        )}
        <Fact name={texts.control.roundTrip}>
          <RoundTrip roundTripMs={isConnected ? (path?.roundTripMs ?? null) : null} />
        </Fact>
        {isAlone && (
          <>
            <Fact name={texts.control.session}>
              <Ends session={session} clock={store.clock} />
            </Fact>
            <Fact name={texts.control.verified}>
              {session.verified ? texts.control.isVerified : texts.control.isUnverified}
            </Fact>
          </>
        )}
      </dl>
      <div class="abilities" role="group" aria-label={texts.request.allowed}>
        <RightsList
          abilities={store.state.value?.abilities ?? []}
          rights={session.rights}
          isDisabled={session.isPaused}
          refused={store.fault.value}
          onChange={(rights) => store.send({ command: 'set_rights', sessionID, rights })}
        />
      </div>
      <div class="end">
        <div class="answer-buttons">
          <button
            class="button"
            type="button"
            aria-describedby={titleId}
            onClick={() => store.send({ command: 'pause', sessionID, isPaused: !session.isPaused })}
          >
            <Icon of={session.isPaused ? Play : Pause} size={20} />
            {session.isPaused ? texts.control.resume : texts.control.pause}
          </button>
          <button
            class="button button-warning"
            type="button"
            aria-describedby={sessionType === 'persistent' ? `${titleId} ${endId}` : titleId}
            onClick={() => store.send({ command: 'close', sessionID })}
          >
            {texts.control.end[sessionType]}
          </button>
        </div>
        {sessionType === 'persistent' && (
          <p class="note" id={endId}>
            {texts.control.endRemoves}
          </p>
        )}
      </div>
    </section>
  );
};
