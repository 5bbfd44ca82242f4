import type { WindowNotice } from './window-protocol.js';

/** Lines that the run's log keeps; older ones go. */
const maxNotices = 200;

/** What happened this run: times, devices, reasons; no content. In memory alone. */
export class Notices {
  readonly #wallClock: () => number;
  readonly #notices: WindowNotice[] = [];

  constructor(wallClock: () => number) {
    this.#wallClock = wallClock;
  }

  get all(): readonly WindowNotice[] {
    return this.#notices;
  }

  add(
    kind: WindowNotice['kind'],
    deviceName: string | null = null,
    reason: string | null = null,
    action?: WindowNotice['action'],
  ): void {
    this.#notices.push({ at: this.#wallClock(), kind, deviceName, reason, ...(action ? { action } : {}) });
    if (this.#notices.length > maxNotices) this.#notices.shift();
  }
}
