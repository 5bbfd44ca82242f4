/** What browsers still have for pages that were fetched over plain http. */
interface CopyingDocument {
  execCommand(command: 'copy'): boolean;
}

/**
 * Copies a text as if the user had selected it. Within a tap alone.
 *
 * @param field where something is selected meanwhile: some browsers copy nothing else
 */
const copyAsSelected = (text: string, field: HTMLTextAreaElement): boolean => {
  let isTaken = false;
  const listening = new AbortController();
  document.addEventListener(
    'copy',
    (event) => {
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      isTaken = event.clipboardData !== null;
    },
    { capture: true, signal: listening.signal },
  );
  field.focus({ preventScroll: true });
  field.setSelectionRange(0, field.value.length);
  const copying: CopyingDocument = document;
  const isDone = copying.execCommand('copy');
  listening.abort();
  return isDone && isTaken;
};

/** Copies a text to this phone's clipboard; false where the browser does not let us. Within a tap alone. */
export const copyToPhone = async (text: string, field: HTMLTextAreaElement, isSecure: boolean): Promise<boolean> => {
  if (!isSecure) return copyAsSelected(text, field);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyAsSelected(text, field);
  }
};
