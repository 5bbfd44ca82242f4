import type { ClipboardBackend, ConnectClipboard } from '../backends/clipboard/clipboard-backend.js';

/** This computer's clipboard, as far as it has one: connected when it is first used, and anew when it was lost. */
export class ClipboardAccess {
  readonly #connect: ConnectClipboard | null;
  #backend: Promise<ClipboardBackend> | undefined;
  #isClosed = false;

  constructor(connect: ConnectClipboard | null) {
    this.#connect = connect;
  }

  get exists(): boolean {
    return this.#connect !== null;
  }

  /** Rejects while it cannot be reached. */
  open(): Promise<ClipboardBackend> {
    if (!this.#connect || this.#isClosed) return Promise.reject(new Error('there is no clipboard'));
    if (this.#backend) return this.#backend;
    const forget = (): void => {
      if (this.#backend === backend) this.#backend = undefined;
    };
    const backend = this.#connect(forget);
    this.#backend = backend;
    // Whoever asked hears of it too; the next one tries again.
    backend.catch(forget);
    return backend;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const backend = this.#backend;
    this.#backend = undefined;
    // What never connected has nothing to close.
    await backend?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }
}
