import { useId } from 'preact/hooks';

import { toolTexts } from '../texts/en-tools.js';

/** The computer's clipboard: puts a text there, and fetches what is there. */
export const ClipboardSection = () => {
  const title = useId();
  return (
    <section class="tool" aria-labelledby={title}>
      <h3 class="tool-title" id={title}>
        {toolTexts.clipboard.title}
      </h3>
    </section>
  );
};
