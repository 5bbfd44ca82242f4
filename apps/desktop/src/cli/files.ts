import { readFileSync, statSync } from 'node:fs';

import { ProximError } from '@proxim/protocol';

import { readTlsFiles, type TlsFiles, type TlsPair } from '../tls/tls-files.js';

const maxSecretLength = 1024;

/** Reads a file that a flag names. @throws ProximError `cannot_read` */
const readFlagFile = (flag: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProximError('cannot_read', `${flag}: the file ${file} cannot be read.`, { cause });
  }
};

/** The tokens in a file: one a line, blank lines and `#` comments left out. @throws ProximError `no_token` */
export const readTokens = (flag: string, file: string): readonly string[] => {
  const tokens = readFlagFile(flag, file)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (tokens.length === 0) throw new ProximError('no_token', `${flag}: the file ${file} holds no token.`);
  return tokens;
};

/**
 * The secret that TURN servers share with this one: the first line of the file. Group members may read it, as the TURN
 * server's own group does, and nobody else.
 *
 * @throws ProximError `cannot_read`, `bad_secret`
 */
export const readTurnSecret = (flag: string, file: string): string => {
  const [line = ''] = readFlagFile(flag, file).split(/\r?\n/, 1);
  const secret = line.trim();
  if (secret === '') throw new ProximError('bad_secret', `${flag}: the first line of ${file} is empty.`);
  if (secret.length > maxSecretLength) {
    throw new ProximError('bad_secret', `${flag}: the first line of ${file} is too long for a secret.`);
  }
  // Windows has no such modes.
  if (process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0) {
    throw new ProximError(
      'bad_secret',
      `${flag}: everybody on this machine may use ${file}. Forbid it: chmod o= ${file}`,
    );
  }
  return secret;
};

/** The two files, which only make sense together. @throws ProximError `bad_tls` */
export const tlsFilesOf = (flags: { readonly tlsCert?: string; readonly tlsKey?: string }): TlsFiles | undefined => {
  const { tlsCert, tlsKey } = flags;
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new ProximError('bad_tls', '--tls-cert and --tls-key go together.');
  }
  return { certFile: tlsCert, keyFile: tlsKey };
};

/** @throws ProximError `cannot_read`, `bad_tls`: what keeps the two files from being served */
export const readTlsPair = (files: TlsFiles): TlsPair => {
  const reading = readTlsFiles(files);
  if (reading.kind === 'fault') throw new ProximError(reading.code, reading.message);
  return reading.pair;
};
