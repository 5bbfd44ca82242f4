import type { WindowNotice } from './window-protocol.js';

/** Lines that the run's log keeps; older ones go. */
const maxNotices = 200;

/** What a phone does again and again: one line a row of them. */
const repeated: ReadonlySet<WindowNotice['kind']> = new Set<WindowNotice['kind']>([
  'clipboard_read',
  'clipboard_written',
]);

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
    const last = this.#notices.at(-1);
    const isRepeated = repeated.has(kind) && last?.kind === kind && last.deviceName === deviceName;
    if (isRepeated) this.#notices.pop();
    const more = { ...(action ? { action } : {}), ...(isRepeated ? { times: (last.times ?? 1) + 1 } : {}) };
    this.#notices.push({ at: this.#wallClock(), kind, deviceName, reason, ...more });
    if (this.#notices.length > maxNotices) this.#notices.shift();
  }
}
