import { useEffect, useId, useRef } from 'preact/hooks';

import type { ControlSender } from '../control/control-sender.js';
import type { ChannelSet } from '../control/open-channels.js';
import { toolTexts } from '../texts/en-tools.js';
import { ClipboardSection } from '../tools/clipboard-section.js';
import { SystemTool } from '../tools/system-tool.js';

export interface ToolsSheetProps {
  readonly sender: ControlSender;
  /** Of the direct connection; undefined while that is lost. */
  readonly channels: ChannelSet | undefined;
  readonly onClose: () => void;
}

/**
 * What the computer can do for the phone besides pointer and keyboard: a section each, as far as the computer has it.
 * While the connection comes back the sheet is out of sight, and keeps what was written into it.
 */
export const ToolsSheet = ({ sender, channels, onClose }: ToolsSheetProps) => {
  const sheet = useRef<HTMLDialogElement>(null);
  const title = useId();
  const isConnected = channels !== undefined;
  const { has } = sender.computer.value;
  // A dialog tells that it was closed a moment later, and then it may already be wanted again: who closed it is counted
  // here, not guessed from what is so by then.
  const hidden = useRef(0);
  useEffect(() => {
    const dialog = sheet.current;
    if (isConnected) dialog?.showModal();
    else if (dialog?.open) {
      hidden.current += 1;
      dialog.close();
    }
  }, [isConnected]);
  return (
    <dialog
      class="sheet"
      ref={sheet}
      aria-labelledby={title}
      onClose={() => {
        if (hidden.current > 0) hidden.current -= 1;
        else onClose();
      }}
      onClick={({ target, currentTarget }) => {
        // A tap beside the sheet.
        if (target === currentTarget) currentTarget.close();
      }}
    >
      <div class="sheet-content tools stack">
        <header class="tools-head">
          <h2 class="title" id={title}>
            {toolTexts.title}
          </h2>
          <button class="button button-quiet" type="button" onClick={() => sheet.current?.close()}>
            {toolTexts.close}
          </button>
        </header>
        {has.clipboard ? <ClipboardSection sender={sender} channel={channels?.clipboard} /> : null}
        {has.system.length > 0 ? <SystemTool sender={sender} /> : null}
      </div>
    </dialog>
  );
};
