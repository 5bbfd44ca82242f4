import { useEffect, useId, useRef } from 'preact/hooks';

import type { ControlSender } from '../control/control-sender.js';
import { toolTexts } from '../texts/en-tools.js';
import { ClipboardSection } from '../tools/clipboard-section.js';

export interface ToolsSheetProps {
  readonly sender: ControlSender;
  readonly onClose: () => void;
}

/** What the computer can do for the phone besides pointer and keyboard: a section each, as far as the computer has it. */
export const ToolsSheet = ({ sender, onClose }: ToolsSheetProps) => {
  const sheet = useRef<HTMLDialogElement>(null);
  const title = useId();
  const { has } = sender.computer.value;
  useEffect(() => {
    sheet.current?.showModal();
  }, []);
  return (
    <dialog
      class="sheet"
      ref={sheet}
      aria-labelledby={title}
      onClose={onClose}
      onClick={({ target, currentTarget }) => {
        // A tap beside the sheet.
        if (target === currentTarget) currentTarget.close();
      }}
    >
      <div class="sheet-content stack">
        <h2 class="title" id={title}>
          {toolTexts.title}
        </h2>
        {has.clipboard ? <ClipboardSection /> : null}
        <button class="button button-primary button-wide" type="button" onClick={() => sheet.current?.close()}>
          {toolTexts.close}
        </button>
      </div>
    </dialog>
  );
};
