import type { MobileEnd, MobileMemory } from '@proxim/peer';
import type { Link } from '@proxim/protocol';

import type { KeptComputers } from './kept-computers.js';
import type { Keeping } from './page.js';
import { readRecord, type SessionRecord, writeRecord } from './session-record.js';
import type { KeptText } from './storage.js';
import { wayOn } from './way-on.js';

const isSameSecret = ({ secret }: Link, other: Link): boolean =>
  secret.every((byte, index) => byte === other.secret[index]);

/** What this tab knows of its session, and what of that is written where: in the tab, and with the kept computers. */
export class RememberedSession {
  readonly #kept: KeptText;
  readonly #computers: KeptComputers;
  #record: SessionRecord | undefined;

  constructor(options: { readonly kept: KeptText; readonly computers: KeptComputers }) {
    this.#kept = options.kept;
    this.#computers = options.computers;
  }

  get record(): SessionRecord | undefined {
    return this.#record;
  }

  /** Whether the computer knows this phone: then nobody has to approve. */
  get isKnown(): boolean {
    return this.#record?.memory?.deviceSecret !== undefined;
  }

  get keeping(): Keeping {
    const record = this.#record;
    if (!record) return 'never';
    if (this.#computers.find(record.link.sessionID)) return 'kept';
    if (record.sessionType !== 'persistent') return 'never';
    return record.isKeepAnswered === true ? 'not_kept' : 'ask';
  }

  /** Whether the session lasts until it is removed. */
  get isLasting(): boolean {
    return this.keeping !== 'never';
  }

  /** Comes back after a reload. */
  restore(): void {
    const record = readRecord(this.#kept);
    // Another tab may have been handed a newer secret since.
    const known = record?.memory && this.#computers.find(record.link.sessionID)?.memory;
    this.#record = known ? { ...record, memory: { ...known, wasApproved: record.memory.wasApproved } } : record;
  }

  /** A link was read: what is known of its session already is used again. */
  open(link: Link, newID: () => string): void {
    // A session has one secret for all its life: what names it with another one is none of its own links.
    const known = this.#computers.find(link.sessionID);
    const own = known ?? this.#record;
    if (own?.link.sessionID === link.sessionID && !isSameSecret(own.link, link)) {
      this.#record = { link, deviceID: newID(), memory: undefined };
      return;
    }
    const before = this.#record?.link.sessionID === link.sessionID ? this.#record : undefined;
    const deviceID = (known ?? before)?.deviceID ?? newID();
    this.keep({ ...before, link, deviceID, memory: (known ?? before)?.memory });
  }

  /** Takes a session up without writing anything: it has not been asked for yet. */
  consider(record: SessionRecord): void {
    this.#record = record;
  }

  keep(record: SessionRecord): void {
    this.#record = record;
    writeRecord(this.#kept, record);
    this.#computers.update(record);
  }

  change(change: Partial<SessionRecord>): void {
    if (this.#record) this.keep({ ...this.#record, ...change });
  }

  /** Nothing of a session stays in the tab that is over, or was left. */
  over(
    reason: MobileEnd,
    { lastMemory, isComputersWord }: { lastMemory: MobileMemory | undefined; isComputersWord: boolean },
  ): void {
    const record = this.#record;
    if (!record) return;
    const { isLasting } = this;
    // The computer has removed this phone. A relay that says so may lie, and what is dropped is gone for good.
    if (reason === 'closed_by_desktop' && isComputersWord) this.#computers.drop(record.link.sessionID);
    const memory = lastMemory ?? record.memory;
    this.#record = { ...record, memory: memory && { ...memory, wasApproved: false } };
    if (reason === 'left' || wayOn(reason, isLasting) === 'scan') this.#kept.clear();
    else writeRecord(this.#kept, this.#record);
  }

  forget(): void {
    this.#record = undefined;
    this.#kept.clear();
  }
}
