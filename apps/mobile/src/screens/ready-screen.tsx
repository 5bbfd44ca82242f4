import { Icon } from '@proxim/ui';
import { MonitorSmartphone } from 'lucide';
import { useEffect } from 'preact/hooks';

import { usePage } from '../page-context.js';
import { texts } from '../texts/en.js';
import { Screen } from './screen.js';

/** Longer names are set smaller. */
const longName = 24;

/** A link was read: whose computer it is, how this phone calls itself, and the one tap that connects. */
export const ReadyScreen = ({
  computer,
  isKnown,
}: {
  readonly computer: string;
  /** Whether the computer knows this phone, and asks nobody. */
  readonly isKnown: boolean;
}) => {
  const { session, computers, deviceName, settleDeviceName, keepAwake } = usePage();
  useEffect(() => {
    keepAwake.prepare();
  }, [keepAwake]);

  const ask = (event: Event): void => {
    event.preventDefault();
    keepAwake.start();
    session.ask(settleDeviceName());
  };
  return (
    <form onSubmit={ask}>
      <Screen
        title={computer}
        large={computer.length <= longName}
        text={isKnown ? texts.ready.textWhenKnown : texts.ready.text}
        picture={
          <span class="badge">
            <Icon of={MonitorSmartphone} size={48} />
          </span>
        }
        actions={
          <>
            <button class="button button-primary button-wide" type="submit">
              {isKnown ? texts.ready.connect : texts.ready.ask}
            </button>
            <button class="button button-quiet button-wide" type="button" onClick={() => session.forget()}>
              {computers.list.value.length > 0 ? texts.ended.myComputers : texts.ready.other}
            </button>
          </>
        }
      >
        <label class="field">
          {texts.ready.deviceNameLabel}
          <input
            type="text"
            name="device-name"
            maxLength={128}
            autoComplete="off"
            autoCapitalize="words"
            spellcheck={false}
            enterKeyHint="done"
            value={deviceName.value}
            onInput={({ currentTarget }) => (deviceName.value = currentTarget.value)}
          />
        </label>
      </Screen>
    </form>
  );
};
