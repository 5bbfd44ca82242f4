// `proxim serve`, with limits that nobody reaches here: all of them are kept, none refuses anything.
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';

import { countedFrames, offer } from '../../relay-frames.mjs';
import { openSocket } from './client-socket.mjs';
import { spawnServer } from './spawn-server.mjs';

const much = '1000000';
const raised = [
  ...['--signal-burst', much, '--signal-rate', much, '--address-burst', much, '--address-rate', much],
  ...['--request-burst', much, '--request-rate', much, '--pair-burst', much, '--pair-rate', much],
  ...['--max-connections-per-address', '100000'],
];

const token = () => randomBytes(16).toString('base64url');
const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };

/** The five messages of the seed, with what `more` adds to the requests of both peers. */
const pair = async (port, from, more) => {
  const url = `ws://127.0.0.1:${port}/signal`;
  const sessionID = token();
  const desktop = await openSocket(url, from);
  desktop.send({ type: 'session_create', sessionID, uuid: randomUUID(), ...more() });
  await desktop.next('session_created');
  const mobile = await openSocket(url, from);
  mobile.send({ type: 'pair_request', sessionID, deviceInfo, ...more() });
  const { promptID } = await desktop.next('pair_prompt');
  desktop.send({ type: 'pair_response', sessionID, promptID, approved: true });
  const { status } = await mobile.next('pair_result');
  if (status !== 'approved') throw new Error(`The phone was ${status}.`);
  return { sessionID, desktop, mobile };
};

export const proxim = {
  name: 'proxim',
  label: '`proxim serve`',
  start: () =>
    spawnServer(new URL('../../../apps/desktop/bin/proxim.js', import.meta.url), {
      args: ['serve', '--port', '0', '--json', ...raised],
      findPort: async (child) => {
        const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
        return JSON.parse(line).port;
      },
    }),
  /** As our own peers do it: with tokens, so that each could come back. */
  connectPair: async (port, from) => {
    const { sessionID, desktop, mobile } = await pair(port, from, () => ({ peerToken: token() }));
    const payload = { sdp: offer, type: 'offer', auth: randomBytes(32).toString('base64url') };
    const frame = countedFrames(JSON.stringify({ type: 'signal', sessionID, payload }));
    return [desktop, mobile].map((end) => ({ socket: end.release(), frame }));
  },
  /** A pairing from the first connection to the approval. */
  introduce: async (port, from) => {
    const { desktop, mobile } = await pair(port, from, () => ({}));
    await Promise.all([desktop.leave(), mobile.leave()]);
  },
};
