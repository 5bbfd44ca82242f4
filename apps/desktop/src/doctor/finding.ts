/** What a check has found: one sentence that says what is, and unless all is well another that says what to do. */
export type Finding =
  | { readonly result: 'ok'; readonly message: string }
  | { readonly result: 'warning' | 'failure' | 'unknown'; readonly message: string; readonly cure: string };

/** All is well. */
export const ok = (message: string): Finding => ({ result: 'ok', message });

/** A phone gets through, or may; something is worth knowing. In a cure, `backticks` enclose a command to copy. */
export const warning = (message: string, cure: string): Finding => ({ result: 'warning', message, cure });

/** No phone gets through like this. */
export const failure = (message: string, cure: string): Finding => ({ result: 'failure', message, cure });

/** It cannot be known from here. */
export const unknown = (message: string, cure: string): Finding => ({ result: 'unknown', message, cure });
