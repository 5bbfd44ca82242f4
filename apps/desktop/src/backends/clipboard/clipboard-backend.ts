/** What is on the clipboard. */
export type ClipboardContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' }
  /** A picture, files. */
  | { readonly kind: 'not_text' }
  /** The program that put it there has marked it as a password. */
  | { readonly kind: 'secret' }
  | { readonly kind: 'too_large' };

/** This computer's clipboard: one implementation a platform. */
export interface ClipboardBackend {
  /** Rejects when the screen is gone, or the program that has the text does not answer. */
  read(): Promise<ClipboardContent>;
  /** Rejects when the text is not there afterwards. */
  write(text: string): Promise<void>;
  /** Leaves the screen; the text that was written stays where the desktop has something that keeps it. */
  close(): Promise<void>;
}

/** Loads and connects what {@link ClipboardBackend} is on this platform; `onLost` is called once at most. */
export type ConnectClipboard = (onLost: () => void) => Promise<ClipboardBackend>;
