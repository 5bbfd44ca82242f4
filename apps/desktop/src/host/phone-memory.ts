import { join } from 'node:path';

import type { KeptSession } from '@proxim/peer';
import type { SessionID } from '@proxim/protocol';

import { type DataDirLock, lockDataDir } from './data-dir-lock.js';
import { ensurePrivateDir } from './data-dir.js';
import {
  copyFileAside,
  overwritePrivateFile,
  readPrivateFile,
  removeLeftovers,
  replacePrivateFile,
} from './private-file.js';
import { emptyMemory, type Memory, readMemory, type RememberedPhone, writeMemory } from './remembered-phone.js';

/** Phones that are remembered beyond this run. What cannot be remembered is said in `problem`, and ends nothing. */
export interface PhoneMemory {
  /** Why nothing is remembered, in a sentence with the cure; null when it is. */
  readonly problem: string | null;
  /** What happened to the file that the user should know, in one sentence. */
  readonly notice: string | null;
  readonly port: number | null;
  readonly phones: readonly RememberedPhone[];
  /** Whether the file holds this phone, with the secrets that it has now: whatever could not be written since. */
  holds(sessionID: SessionID): boolean;
  /** Tries once more what could not be written. */
  flush(): void;
  /** Writes it down before it returns. */
  remember(phone: RememberedPhone): void;
  change(sessionID: SessionID, changes: Partial<Omit<RememberedPhone, 'kept'>> & { readonly kept?: KeptSession }): void;
  forget(sessionID: SessionID): void;
  /** The port of this run: phones that are let in from now on come back to it. */
  usePort(port: number): void;
  close(): Promise<void>;
}

const fileName = 'phones.json';

/** The port to which remembered phones come back, for whoever only looks; null where there is none. */
export const knownPort = (dataDir: string): number | null => {
  try {
    const text = readPrivateFile(join(dataDir, fileName));
    const reading = text === undefined ? undefined : readMemory(text);
    if (!reading || reading.kind === 'newer' || reading.memory.phones.length === 0) return null;
    return reading.memory.port;
  } catch {
    return null;
  }
};

/** A memory that holds nothing, and says why. */
const noMemory = (problem: string): PhoneMemory => ({
  problem,
  notice: null,
  port: null,
  phones: [],
  holds: () => false,
  flush: () => undefined,
  remember: () => undefined,
  change: () => undefined,
  forget: () => undefined,
  usePort: () => undefined,
  close: () => Promise.resolve(),
});

const cannotWrite =
  'Phones cannot be remembered: the data folder cannot be written to. Free some space there, or choose another one with --data-dir.';

class FileMemory implements PhoneMemory {
  readonly notice: string | null;
  readonly #file: string;
  readonly #lock: DataDirLock;
  readonly #onProblem: () => void;
  #memory: Memory;
  /** What the file holds. */
  #written: Memory;
  #port: number | null = null;
  #problem: string | null = null;

  constructor(options: {
    readonly file: string;
    readonly lock: DataDirLock;
    readonly memory: Memory;
    readonly notice: string | null;
    readonly onProblem: () => void;
  }) {
    this.#file = options.file;
    this.#lock = options.lock;
    this.#memory = options.memory;
    this.#written = options.memory;
    this.notice = options.notice;
    this.#onProblem = options.onProblem;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get port(): number | null {
    return this.#memory.port;
  }

  get phones(): readonly RememberedPhone[] {
    return this.#memory.phones;
  }

  remember(phone: RememberedPhone): void {
    const others = this.#memory.phones.filter(({ kept }) => kept.sessionID !== phone.kept.sessionID);
    // A run on another port moves nobody who comes back: only a new phone knows that one.
    const isNew = others.length === this.#memory.phones.length;
    const port = isNew ? (this.#port ?? this.#memory.port) : this.#memory.port;
    this.#write({ port, phones: [...others, phone] });
  }

  change(sessionID: SessionID, changes: Partial<RememberedPhone>): void {
    if (!this.#memory.phones.some(({ kept }) => kept.sessionID === sessionID)) return;
    const phones = this.#memory.phones.map((phone) =>
      phone.kept.sessionID === sessionID ? { ...phone, ...changes } : phone,
    );
    this.#write({ ...this.#memory, phones });
  }

  forget(sessionID: SessionID): void {
    const phones = this.#memory.phones.filter(({ kept }) => kept.sessionID !== sessionID);
    if (phones.length === this.#memory.phones.length) return;
    this.#write({ ...this.#memory, phones });
    if (this.#written === this.#memory) return;
    // Whoever is removed must not come back: better a file that is not replaced as a whole, or none, than the old one.
    try {
      overwritePrivateFile(this.#file, writeMemory(this.#memory));
      this.#written = this.#memory;
    } catch {
      // The problem is known.
    }
  }

  holds(sessionID: SessionID): boolean {
    const find = ({ phones }: Memory) => phones.find(({ kept }) => kept.sessionID === sessionID)?.kept;
    const now = find(this.#memory);
    return now !== undefined && find(this.#written) === now;
  }

  flush(): void {
    if (this.#problem !== null) this.#write(this.#memory);
  }

  usePort(port: number): void {
    this.#port = port;
  }

  close(): Promise<void> {
    return this.#lock.release();
  }

  /** What cannot be written is remembered for this run, and tried again with the next change. */
  #write(memory: Memory): void {
    this.#memory = memory;
    const before = this.#problem;
    try {
      replacePrivateFile(this.#file, writeMemory(memory));
      this.#written = memory;
      this.#problem = null;
    } catch {
      this.#problem = cannotWrite;
    }
    if (this.#problem !== before) this.#onProblem();
  }
}

/**
 * Opens the memory in a data directory. Whatever is wrong with it, the app can go on: a file that cannot be understood is
 * set aside under another name, never overwritten.
 *
 * @param options `onProblem`: whether phones are remembered has changed
 */
export const openPhoneMemory = async (options: {
  readonly dataDir: string;
  readonly platform: NodeJS.Platform;
  readonly onProblem: () => void;
}): Promise<PhoneMemory> => {
  const { dataDir, platform, onProblem } = options;
  const file = join(dataDir, fileName);
  let lock: DataDirLock | undefined;
  try {
    ensurePrivateDir(dataDir);
    lock = await lockDataDir(dataDir, platform);
  } catch {
    return noMemory(cannotWrite);
  }
  if (!lock) {
    return noMemory(
      'Another Proxim is running with the same data folder, so phones are not remembered here. Close it, or give this one a folder of its own with --data-dir.',
    );
  }
  const refuse = async (problem: string): Promise<PhoneMemory> => {
    await lock.release();
    return noMemory(problem);
  };
  let memory = emptyMemory;
  let notice: string | null = null;
  try {
    removeLeftovers(file);
    const text = readPrivateFile(file);
    const reading = text === undefined ? undefined : readMemory(text);
    if (reading?.kind === 'newer') {
      return await refuse(`${fileName} was written by a newer Proxim and is left alone: start that one.`);
    }
    if (reading) ({ memory } = reading);
    if (reading?.kind === 'damaged') {
      const aside = copyFileAside(file, (count) => join(dataDir, `phones-damaged-${String(count)}.json`));
      notice = `The file of remembered phones was damaged. It was kept as ${aside}; phones that are missing have to be approved again.`;
      replacePrivateFile(file, writeMemory(memory));
    }
  } catch {
    return refuse(
      'The file of remembered phones cannot be read. Make it yours again, or choose another folder with --data-dir.',
    );
  }
  return new FileMemory({ file, lock, memory, notice, onProblem });
};
