import type { MobileEnd } from '@proxim/peer';
import { Icon } from '@proxim/ui';
import type { ComponentChildren } from 'preact';

import type { Keeping } from '../page.js';
import { usePage } from '../page-context.js';
import { type Message, texts } from '../texts/en.js';
import { outlived, type WayOn, wayOn, waysOn } from '../way-on.js';
import { Screen } from './screen.js';

const messageOf = (reason: MobileEnd, keeping: Keeping): Message => {
  if (keeping === 'kept' && reason === 'closed_by_desktop') return texts.removedByComputer;
  const lasting = keeping === 'never' ? undefined : outlived.find((outlivedReason) => outlivedReason === reason);
  return lasting === undefined ? texts.ends[reason] : texts.lastingEnds[lasting];
};

/** The ends of a session whose computer has gone. */
const wentAway: ReadonlySet<MobileEnd> = new Set([
  'closed_by_desktop',
  'server_shutdown',
  'desktop_lost',
  'desktop_away',
  'desktop_left',
  'unreachable',
  'no_direct_path',
]);

const primaryTextOf = (reason: MobileEnd, way: WayOn): string => {
  if (way === 'ask') return texts.ended.askAgain;
  if (reason === 'session_not_found') return texts.ended.tryAgain;
  return reason === 'replaced' ? texts.ended.useThisTab : texts.ended.connectAgain;
};

const QuietButton = ({ onClick, children }: { readonly onClick: () => void; readonly children: ComponentChildren }) => (
  <button class="button button-quiet button-wide" type="button" onClick={onClick}>
    {children}
  </button>
);

/** It is over: why, and the way on. */
export const EndedScreen = ({
  reason,
  computer,
  keeping,
}: {
  readonly reason: MobileEnd;
  readonly computer: string;
  readonly keeping: Keeping;
}) => {
  const { session, settleDeviceName, keepAwake, computers, farewell } = usePage();
  const way = wayOn(reason, keeping !== 'never');
  const going = wentAway.has(reason) ? farewell.going : null;
  const { title, text } = going ? texts.ended.gone(going, computer, way === 'scan') : messageOf(reason, keeping);
  const [, picture] = waysOn[reason];
  const isUnknown = keeping === 'kept' && reason === 'session_not_found';
  const hasComputers = computers.list.value.length > 0;
  const goOn = (): void => {
    keepAwake.start();
    if (reason === 'replaced') void session.useThisTab(settleDeviceName());
    else session.ask(settleDeviceName());
  };
  const scan = (): void => session.forget({ scan: true });
  return (
    <Screen
      title={title}
      text={text}
      picture={
        <span class={reason === 'forged' ? 'badge badge-warning' : 'badge'}>
          <Icon of={picture} size={48} />
        </span>
      }
      actions={
        <>
          <button class="button button-primary button-wide" type="button" onClick={way === 'scan' ? scan : goOn}>
            {way === 'scan' ? texts.ended.scanNew : primaryTextOf(reason, way)}
          </button>
          {isUnknown ? (
            <>
              <button class="button button-wide" type="button" onClick={scan}>
                {texts.ended.scanCode}
              </button>
              <QuietButton onClick={() => session.removeComputer()}>{texts.ended.remove}</QuietButton>
            </>
          ) : null}
          {!isUnknown && hasComputers ? (
            <QuietButton onClick={() => session.forget()}>{texts.ended.myComputers}</QuietButton>
          ) : null}
          {!isUnknown && !hasComputers && way !== 'scan' ? (
            <QuietButton onClick={scan}>{texts.ended.scanOther}</QuietButton>
          ) : null}
        </>
      }
    />
  );
};
