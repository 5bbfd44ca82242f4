/** What browsers still have for pages that were fetched over plain http. */
interface CopyingDocument {
  execCommand(command: 'copy'): boolean;
}

/** Selects what a field holds, and copies it. Within a tap alone. */
const copyField = (field: HTMLTextAreaElement): boolean => {
  field.focus({ preventScroll: true });
  field.setSelectionRange(0, field.value.length);
  const copying: CopyingDocument = document;
  return copying.execCommand('copy');
};

/** Copies what a field holds to this phone's clipboard; false where the browser does not let us. Within a tap alone. */
export const copyToPhone = async (field: HTMLTextAreaElement, isSecure: boolean): Promise<boolean> => {
  if (!isSecure) return copyField(field);
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return copyField(field);
  }
};
