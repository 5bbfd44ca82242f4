import type { Interfaces } from '../host/network-addresses.js';

export type FileText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' } | { readonly kind: 'forbidden' };

/** What became of a program that was asked something. */
export type CommandOutcome =
  | { readonly kind: 'ended'; readonly status: number; readonly output: string }
  /** It is not installed. */
  | { readonly kind: 'missing' }
  /** It did not end in time, or could not be started. */
  | { readonly kind: 'failed' };

/** How a folder takes a new file. */
export type FolderState =
  /** `exists` is false for one that can be made. */
  | { readonly kind: 'usable'; readonly exists: boolean }
  | { readonly kind: 'not_a_folder' }
  /** Another user's. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'full' }
  | { readonly kind: 'unusable' };

/** An HTTP answer, as far as the doctor looks at it. */
export interface WebAnswer {
  readonly status: number;
  readonly body: string;
  /** Of the doctor's own server: which one answered. */
  readonly mark: string | undefined;
}

/** The computer, as far as the checks need it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this user may do everything. */
  readonly isRoot: boolean;
  /** The program's file that a firewall would let in. */
  readonly executable: string;
  readonly interfaces: () => Interfaces;
  readonly defaultAddresses: () => Promise<readonly string[]>;
  readonly isHardware: (interfaceName: string) => boolean;
  /** Unix milliseconds. */
  readonly wallClock: () => number;
  readonly readFile: (path: string) => Promise<FileText>;
  /** Whether users of no group of its can read a file; false where there is no such right, and for a missing file. */
  readonly canOthersRead: (path: string) => Promise<boolean>;
  /** Runs a program without a shell, and reads what it writes to standard output. Never rejects. */
  readonly run: (command: string, args: readonly string[]) => Promise<CommandOutcome>;
  /** Asks with GET; undefined when nobody answers. A certificate is taken as it is: the machine asks itself. */
  readonly ask: (url: string) => Promise<WebAnswer | undefined>;
  /** Tries a folder without leaving anything in it. */
  readonly probeFolder: (path: string) => Promise<FolderState>;
}
