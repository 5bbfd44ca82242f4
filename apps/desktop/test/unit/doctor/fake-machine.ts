import type { CommandOutcome, FileText, Machine } from '../../../src/doctor/machine.js';

export const says = (output: string, status = 0): CommandOutcome => ({ kind: 'ended', status, output });

/** A machine with these files and programs, and nothing else. */
export const fakeMachine = (
  parts: {
    /** Null: this user may not read it. */
    readonly files?: Readonly<Record<string, string | null>>;
    /** By command line, such as `nft list ruleset`. */
    readonly commands?: Readonly<Record<string, CommandOutcome>>;
  } & Partial<Machine> = {},
): Machine => {
  const { files = {}, commands = {}, ...rest } = parts;
  return {
    platform: 'linux',
    env: {},
    isRoot: false,
    executable: '/usr/bin/node',
    interfaces: () => ({}),
    defaultAddresses: () => Promise.resolve([]),
    isHardware: () => false,
    wallClock: () => Date.UTC(2026, 10, 23, 9, 30),
    readFile: (path): Promise<FileText> => {
      const text = files[path];
      if (text === undefined) return Promise.resolve({ kind: 'missing' });
      return Promise.resolve(text === null ? { kind: 'forbidden' } : { kind: 'text', text });
    },
    run: (command, args) => Promise.resolve(commands[[command, ...args].join(' ')] ?? { kind: 'missing' }),
    canOthersRead: () => Promise.resolve(false),
    ask: () => Promise.resolve(undefined),
    probeFolder: () => Promise.resolve({ kind: 'usable', exists: true }),
    ...rest,
  };
};
