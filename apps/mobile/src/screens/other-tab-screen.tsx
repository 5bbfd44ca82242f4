import { Icon } from '@proxim/ui';
import { AppWindow } from 'lucide';

import { usePage } from '../page-context.js';
import { texts } from '../texts/en.js';
import { Screen } from './screen.js';

/** Another tab of this phone holds the session: here, there, or another computer. */
export const OtherTabScreen = () => {
  const { session, settleDeviceName, keepAwake, computers } = usePage();
  const useThisTab = (): void => {
    keepAwake.start();
    void session.useThisTab(settleDeviceName());
  };
  return (
    <Screen
      title={texts.otherTab.title}
      text={texts.otherTab.text}
      picture={
        <span class="badge">
          <Icon of={AppWindow} size={48} />
        </span>
      }
      actions={
        <>
          <button class="button button-primary button-wide" type="button" onClick={useThisTab}>
            {texts.ended.useThisTab}
          </button>
          <button class="button button-quiet button-wide" type="button" onClick={() => session.forget()}>
            {computers.list.value.length > 0 ? texts.ended.myComputers : texts.ended.scanOther}
          </button>
        </>
      }
    />
  );
};
