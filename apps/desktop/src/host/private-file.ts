import { randomBytes } from 'node:crypto';
import {
  closeSync,
  chmodSync,
  constants,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * Reads a file that holds secrets; undefined when there is none. One that others could read is theirs no longer.
 *
 * @throws Error what the file system says
 */
export const readPrivateFile = (file: string): string | undefined => {
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** So that a name which was just given is still there after a power cut; not every system lets a folder be synced. */
const syncFolder = (folder: string): void => {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Then the system decides when.
  }
};

/**
 * Replaces a file's content as a whole, with mode 0600: whoever reads it meanwhile, or after a power cut, finds the old
 * content or the new one.
 *
 * @throws Error what the file system says; the old content stands then
 */
export const replacePrivateFile = (file: string, text: string): void => {
  const next = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = openSync(next, 'wx', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
};

/** Writes over a file where it stands, or takes it away: for what must not stay, where there is no room for a second file. */
export const overwritePrivateFile = (file: string, text: string): void => {
  try {
    const handle = openSync(file, 'r+');
    try {
      ftruncateSync(handle);
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    rmSync(file, { force: true });
  }
};

/** Takes away what a replacement left behind that was cut off: it holds what the file may not hold any more. */
export const removeLeftovers = (file: string): void => {
  const folder = dirname(file);
  const begin = `${basename(file)}.`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(begin) && name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
  }
};

/**
 * Copies a file that cannot be understood, so that it can be overwritten.
 *
 * @param name makes a name of a number, 1 for the first: one is taken that no file has
 * @returns the name of the copy
 * @throws Error what the file system says
 */
export const copyFileAside = (file: string, name: (count: number) => string): string => {
  for (let count = 1; ; count += 1) {
    const aside = name(count);
    try {
      copyFileSync(file, aside, constants.COPYFILE_EXCL);
      chmodSync(aside, 0o600);
      return aside;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw error;
    }
  }
};
