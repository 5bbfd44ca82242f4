import type { MobileEnd } from '@proxim/peer';
import { Icon } from '@proxim/ui';

import { usePage } from '../page-context.js';
import { texts } from '../texts/en.js';
import { wayOn } from '../way-on.js';
import { Screen } from './screen.js';

/** Where the way back needs no new approval, it is not called asking. */
const askTexts: Readonly<Partial<Record<MobileEnd, string>>> = {
  left: texts.ended.connectAgain,
  replaced: texts.ended.useThisTab,
  no_direct_path: texts.ended.connectAgain,
};

/** It is over: why, and the way on. */
export const EndedScreen = ({ reason }: { readonly reason: MobileEnd }) => {
  const { session, settleDeviceName, keepAwake } = usePage();
  const { title, text } = texts.ends[reason];
  const [way, picture] = wayOn[reason];
  const askAgain = (): void => {
    keepAwake.start();
    session.ask(settleDeviceName());
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
        way === 'ask' ? (
          <>
            <button class="button button-primary button-wide" type="button" onClick={askAgain}>
              {askTexts[reason] ?? texts.ended.askAgain}
            </button>
            <button class="button button-quiet button-wide" type="button" onClick={scan}>
              {texts.ended.scanOther}
            </button>
          </>
        ) : (
          <button class="button button-primary button-wide" type="button" onClick={scan}>
            {texts.ended.scanNew}
          </button>
        )
      }
    />
  );
};
