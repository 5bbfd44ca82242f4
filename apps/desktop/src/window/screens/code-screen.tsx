import { Icon, useSecondsLeft } from '@proxim/ui';
import { RotateCw } from 'lucide';

import type { WindowSession } from '../../host/window-protocol.js';
import { type CodeLife, codeLife } from '../code-life.js';
import { type CodeStanding, codeStanding } from '../code-standing.js';
import { newSession } from '../new-session.js';
import { AddressMenu } from '../parts/address-menu.js';
import { Banner } from '../parts/banner.js';
import { CopyLink } from '../parts/copy-link.js';
import { Happened } from '../parts/happened.js';
import { InputProblem, LinkProblem } from '../parts/notes.js';
import { Phones } from '../parts/phones.js';
import { SessionKind } from '../parts/session-kind.js';
import { QrCode } from '../qr-code.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

const Life = ({ session, life }: { readonly session: WindowSession | null; readonly life: CodeLife }) => {
  if (session === null) return <p class="life" />;
  if (life.kind === 'over') return <p class="life">{texts.code.timeUp}</p>;
  if (life.kind === 'endless') return <p class="life">{texts.code.life.persistent}</p>;
  return (
    <p class="life" role="timer">
      <span class="life-what">{texts.code.life[session.sessionType]}</span>{' '}
      <span class="life-clock tabular">{life.clock}</span>
    </p>
  );
};

/** A code that somebody could still use, if only from this computer. */
const usable: ReadonlySet<CodeStanding> = new Set(['ready', 'no_input', 'no_network']);

export interface CodeScreenProps {
  readonly store: WindowStore;
  /** Null for the moment between an end and the next code. */
  readonly session: WindowSession | null;
}

/** The code to scan, and what it opens. */
export const CodeScreen = ({ store, session }: CodeScreenProps) => {
  const life = codeLife(useSecondsLeft(session?.expiresAt ?? null, store.clock.now));
  const state = store.state.value;
  if (state === null) return null;
  const standing = codeStanding(state, session, life.kind === 'over');
  const { title, lead } = texts.code.standings[standing];
  const isUsable = store.status.value === 'open' && usable.has(standing);

  return (
    <>
      <div class="top">
        <Banner store={store} withAction />
        <header class="head">
          <h1 class="title">{title(state.computerName)}</h1>
          <p class="lead">{lead}</p>
        </header>
        <InputProblem input={state.input} />
        <LinkProblem problem={state.linkProblem} />
      </div>
      <div class="code">
        <div class={isUsable ? 'code-picture' : 'code-picture is-dim'}>
          {session ? <QrCode link={session.link} label={texts.code.qr} /> : <div class="qr qr-missing" />}
        </div>
        <div class="code-life">
          <Life session={session} life={life} />
          <button class="button" type="button" onClick={() => store.send(newSession(state))}>
            <Icon of={RotateCw} size={20} />
            {texts.code.refresh}
          </button>
        </div>
      </div>
      <div class="settings">
        <div class="address-row">
          <AddressMenu state={state} store={store} />
          <CopyLink link={life.kind === 'over' ? null : (session?.link ?? null)} clock={store.clock} />
        </div>
        <SessionKind state={state} store={store} />
        <div class="folds">
          <Phones store={store} />
          <Happened store={store} />
        </div>
      </div>
    </>
  );
};
