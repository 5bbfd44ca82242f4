import type { MobileMemory } from '@proxim/peer';
import type { Link, SessionID } from '@proxim/protocol';
import { signal } from '@preact/signals';

import { cleanDeviceName } from './device-name.js';
import { parseRecord, recordFields, type SessionRecord } from './session-record.js';
import { type Fields, fieldsOf, type KeptText, parseKept } from './storage.js';

/** Where the list stands in localStorage. */
export const keptComputersKey = 'proxim.computers';

/** What the list looks like; a page that writes another one counts on. */
const version = 1;

/** A computer that the user chose to keep on this phone: what it takes to connect without being approved anew. */
export interface KeptComputer {
  readonly link: Link;
  readonly deviceID: string;
  readonly memory: MobileMemory;
  readonly name: string;
  /** In milliseconds since 1970, as is the next. */
  readonly keptAt: number;
  readonly lastUsedAt: number;
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const readComputer = (value: unknown): KeptComputer | undefined => {
  const fields = fieldsOf(value) ?? {};
  const record = parseRecord({ ...fields, wasApproved: false });
  if (!record?.memory) return undefined;
  const { name, keptAt, lastUsedAt } = fields;
  if (typeof name !== 'string' || !isTime(keptAt) || !isTime(lastUsedAt)) return undefined;
  const { link, deviceID, memory } = record;
  return { link, deviceID, memory, name: cleanDeviceName(name), keptAt, lastUsedAt };
};

const computerFields = ({ link, deviceID, memory, name, keptAt, lastUsedAt }: KeptComputer): Fields => ({
  ...recordFields({ link, deviceID, memory }),
  // Whoever is kept has been approved.
  wasApproved: undefined,
  name,
  keptAt,
  lastUsedAt,
});

/** A search for the way back is the tab's; a computer that is kept is reached anew, and says at once what is wrong. */
const atRest = (memory: MobileMemory): MobileMemory => ({ ...memory, wasApproved: false });

/** The one used last comes first. */
const inOrder = (computers: readonly KeptComputer[]): readonly KeptComputer[] =>
  [...computers].sort((one, other) => other.lastUsedAt - one.lastUsedAt);

/** Reads the list: an entry that is damaged is left out, and the others stay. */
const readComputers = (kept: KeptText): readonly KeptComputer[] => {
  const value = parseKept(kept.read());
  if (value?.['version'] !== version || !Array.isArray(value['computers'])) return [];
  const computers = new Map<SessionID, KeptComputer>();
  for (const item of value['computers']) {
    const computer = readComputer(item);
    if (computer) computers.set(computer.link.sessionID, computer);
  }
  return inOrder([...computers.values()]);
};

/**
 * The computers that this phone keeps, each by a session that lasts. They are the only secrets that outlive the tab
 * ([LK8]), so an entry is made when the user says so and at no other time.
 */
export class KeptComputers {
  readonly list = signal<readonly KeptComputer[]>([]);
  /** What the user has just removed, and may want back. */
  readonly removed = signal<readonly KeptComputer[]>([]);
  readonly #kept: KeptText;
  readonly #wallClock: () => number;

  /** @param options `wallClock` gives milliseconds since 1970: when a computer was used is read weeks later */
  constructor(options: { readonly kept: KeptText; readonly wallClock: () => number }) {
    this.#kept = options.kept;
    this.#wallClock = options.wallClock;
    this.refresh();
  }

  /** Another tab may have changed the list. */
  refresh(): void {
    this.list.value = readComputers(this.#kept);
  }

  find(sessionID: SessionID): KeptComputer | undefined {
    return this.list.peek().find(({ link }) => link.sessionID === sessionID);
  }

  /** The user wants it kept. A session that nobody has asked for yet has nothing to keep. */
  keep({ link, deviceID, memory }: SessionRecord, name: string): void {
    if (!memory) return;
    const now = this.#wallClock();
    this.#put({ link, deviceID, memory: atRest(memory), name: cleanDeviceName(name), keptAt: now, lastUsedAt: now });
  }

  /** Writes down what is new of a computer that is kept; of any other, nothing. */
  update({ link, deviceID, memory }: SessionRecord): void {
    const known = this.find(link.sessionID);
    if (!memory || known?.link.secret.some((byte, index) => byte !== link.secret[index])) return;
    this.#change(link.sessionID, (computer) => ({ ...computer, link, deviceID, memory: atRest(memory) }));
  }

  /** It is connected. */
  used(sessionID: SessionID): void {
    this.#change(sessionID, (computer) => ({ ...computer, lastUsedAt: this.#wallClock() }));
  }

  /** It has said its name. */
  named(sessionID: SessionID, name: string): void {
    const clean = cleanDeviceName(name);
    if (clean === '' || clean === this.find(sessionID)?.name) return;
    this.#change(sessionID, (computer) => ({ ...computer, name: clean }));
  }

  /** The user removes it from the list, and can have it back for now. */
  remove(sessionID: SessionID): void {
    const computer = this.find(sessionID);
    if (!computer) return;
    this.drop(sessionID);
    this.removed.value = [...this.removed.peek(), computer];
  }

  /** Takes back a removal. */
  restore(computer: KeptComputer): void {
    this.removed.value = this.removed.peek().filter((removed) => removed !== computer);
    this.#put(computer);
  }

  /** Whoever leaves the list has meant it. */
  forgetRemoved(): void {
    this.removed.value = [];
  }

  /** It is kept no longer. */
  drop(sessionID: SessionID): void {
    this.#write(readComputers(this.#kept).filter(({ link }) => link.sessionID !== sessionID));
  }

  #put(computer: KeptComputer): void {
    const { sessionID } = computer.link;
    this.#write([...readComputers(this.#kept).filter(({ link }) => link.sessionID !== sessionID), computer]);
  }

  #change(sessionID: SessionID, change: (computer: KeptComputer) => KeptComputer): void {
    // What is stored counts, and not what was read before: another tab writes there too, and may have removed it.
    const computers = readComputers(this.#kept);
    if (!computers.some(({ link }) => link.sessionID === sessionID)) return;
    this.#write(computers.map((computer) => (computer.link.sessionID === sessionID ? change(computer) : computer)));
  }

  #write(computers: readonly KeptComputer[]): void {
    if (computers.length === 0) this.#kept.clear();
    else this.#kept.write(JSON.stringify({ version, computers: computers.map(computerFields) }));
    // What the browser did not take is not kept, and nobody is told that it is.
    this.refresh();
  }
}
