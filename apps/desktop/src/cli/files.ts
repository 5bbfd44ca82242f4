import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

import { ProximError } from '@proxim/protocol';

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

/** Certificate and key, which only make sense together. @throws ProximError `bad_tls` */
export const readTls = (flags: {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}): { readonly cert: string; readonly key: string } | undefined => {
  const { tlsCert, tlsKey } = flags;
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new ProximError('bad_tls', '--tls-cert and --tls-key go together.');
  }
  const tls = { cert: readFlagFile('--tls-cert', tlsCert), key: readFlagFile('--tls-key', tlsKey) };
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw new ProximError('bad_tls', '--tls-cert, --tls-key: these are no certificate and its key, in PEM.', { cause });
  }
  return tls;
};
