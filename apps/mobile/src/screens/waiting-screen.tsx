import type { MobileState } from '@proxim/peer';
import { CountdownRing, Icon } from '@proxim/ui';
import { Check, MonitorSmartphone } from 'lucide';

import { usePage } from '../page-context.js';
import { type Message, texts } from '../texts/en.js';
import { Screen } from './screen.js';

type BeforeConnected = Extract<MobileState, { status: 'idle' | 'reaching' | 'waiting' | 'connecting' }>;

/** How long the computer's user is asked, as the ring is drawn; the server has the last word. */
const totalSeconds = 40;

/** From the tap to the pad: one screen, whose picture and two lines change in place. */
export const WaitingScreen = ({ computer, state }: { readonly computer: string; readonly state: BeforeConnected }) => {
  const { session, deviceName, now } = usePage();
  const isApproved = state.status === 'connecting';
  const picture =
    state.status === 'waiting' ? (
      <CountdownRing
        until={state.until}
        totalSeconds={totalSeconds}
        now={now}
        size={120}
        label={texts.waiting.secondsLeft}
      />
    ) : (
      <span class="badge">
        <Icon of={isApproved ? Check : MonitorSmartphone} size={48} />
      </span>
    );
  const { title, text } = ((): Message => {
    if (state.status === 'waiting') return texts.waiting.asked(computer, deviceName.value);
    return isApproved ? texts.waiting.approved(computer) : texts.waiting.reaching(computer);
  })();
  return (
    <Screen
      title={title}
      text={text}
      picture={picture}
      actions={
        <button class="button button-wide" type="button" onClick={() => session.cancel()}>
          {texts.waiting.cancel}
        </button>
      }
    />
  );
};
