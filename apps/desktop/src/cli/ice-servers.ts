import { randomBytes } from 'node:crypto';

import { ProximError } from '@proxim/protocol';
import { type Log, type SignalingServerOptions, turnIceServers } from '@proxim/signaling';

import { readTurnSecret } from './files.js';

/** The peers use as many and leave out the rest. */
const maxServers = 8;

/** How the flags of `proxim serve` become the option `iceServers`. @throws ProximError `bad_flags`, `cannot_read`, `bad_secret` */
export const iceServersOf = (
  flags: { readonly iceServer: readonly string[]; readonly turnSecretFile?: string },
  log: Log,
): Pick<SignalingServerOptions, 'iceServers'> => {
  const { iceServer: urls, turnSecretFile } = flags;
  if (urls.length > maxServers) {
    throw new ProximError('bad_flags', `--ice-server: peers use no more than ${String(maxServers)}.`);
  }
  const turnServers = urls.filter((url) => /^turns?:/i.test(url)).length;
  if (turnSecretFile !== undefined) {
    if (turnServers === 0) {
      throw new ProximError('bad_flags', '--turn-secret-file: it goes with a turn: or turns: URL in --ice-server.');
    }
    const secret = readTurnSecret('--turn-secret-file', turnSecretFile);
    return {
      iceServers: turnIceServers({ urls, secret, pseudonymKey: randomBytes(32), wallClock: () => Date.now() }),
    };
  }
  if (turnServers > 0) {
    log.warn(
      { turnServers },
      'TURN servers are told without credentials, and peers leave them out: --turn-secret-file',
    );
  }
  return urls.length === 0 ? {} : { iceServers: () => urls.map((url) => ({ urls: url })) };
};
