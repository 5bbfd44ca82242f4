import { connect } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

import { createSignalingServer } from '@proxim/signaling';

import { anyFrame, writeFrame } from '../generate/frames.js';
import { someNames } from '../generate/messages.js';
import { HonestPair } from '../honest-pair.js';
import { must, type Stage, type Target } from '../target.js';

/** One connection's life: the pieces that its bytes are written in, and how it goes. */
interface Life {
  readonly frames: readonly Buffer[];
  /** The bytes of all frames are cut here. */
  readonly cuts: readonly number[];
  readonly end: 'wait' | 'reset';
}

// Whoever attacks has seen the code: it knows the session's name, and not what the peers have for each other.
const names = { ...someNames, sessions: [...someNames.sessions, 'honest-session'] };
/** Wide enough that nothing is turned away unread, and short enough that nothing lingers. */
const limits = {
  signalBurst: 1_000_000_000,
  pairBurst: 1_000_000_000,
  requestBurst: 1_000_000_000,
  addressBurst: 1_000_000_000,
  maxConnectionsPerAddress: 10_000,
  desktopGraceSeconds: 0.2,
  pairingTimeoutSeconds: 1,
};
const lastPing = writeFrame({ opcode: 9, body: Buffer.from('the last') });
const lastPong = Buffer.concat([Buffer.from([0x8a, 8]), Buffer.from('the last')]);
/** A frame that announces more than follows leaves the server waiting, as it should. */
const patienceMs = 200;

const live = (port: number, { frames, cuts, end }: Life): Promise<void> =>
  new Promise((resolve, reject) => {
    const bytes = Buffer.concat([...frames, lastPing]);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const limit = new AbortController();
    let tail = Buffer.alloc(0);
    let isUpgraded = false;
    const speak = (): void => {
      let from = 0;
      for (const cut of [...cuts.map((part) => part % bytes.length).sort((a, b) => a - b), bytes.length]) {
        if (cut > from) socket.write(bytes.subarray(from, cut));
        from = Math.max(from, cut);
      }
      if (end === 'reset') socket.resetAndDestroy();
      else
        void after(patienceMs, undefined, { signal: limit.signal }).then(
          () => socket.destroy(),
          () => undefined,
        );
    };
    socket.on('data', (data: Buffer) => {
      tail = Buffer.concat([tail, data]).subarray(isUpgraded ? -lastPong.length : 0);
      if (!isUpgraded && tail.includes('\r\n\r\n')) {
        if (!tail.toString('latin1').startsWith('HTTP/1.1 101 ')) reject(new Error('no WebSocket is given'));
        isUpgraded = true;
        speak();
      }
      if (tail.equals(lastPong)) socket.destroy();
    });
    // The server may end first, with our bytes still under way.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      limit.abort();
      if (isUpgraded) resolve();
      else reject(new Error('the server does not accept a connection'));
    });
    socket.write(
      `GET /signal HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n',
    );
  });

const open = async (): Promise<Stage<Life>> => {
  const server = createSignalingServer({ limits });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const pair = new HonestPair(port);
  await pair.pair();
  let turn: Promise<void> | undefined;
  /** Each life sees the pair signal at least once from its beginning to its end; lives share the turns. */
  const whileSignaling = async (): Promise<void> => {
    turn ??= pair.turn().finally(() => (turn = undefined));
    await turn;
  };
  return {
    generate: (random) => ({
      frames: Array.from({ length: 1 + random.int(80) }, () => anyFrame(random, names)),
      cuts: Array.from({ length: random.int(6) }, () => random.bits()),
      end: random.once(8) ? 'reset' : 'wait',
    }),
    feed: async (life) => {
      await Promise.all([live(port, life), whileSignaling()]);
      await whileSignaling();
      return life.frames.length;
    },
    close: async () => {
      const until = performance.now() + 10_000;
      const isBack = (): boolean => server.counts().connections === 2 && server.counts().sessions === 1;
      while (!isBack() && performance.now() < until) await after(50);
      const { connections, sessions } = server.counts();
      await pair.turn();
      await pair.close();
      await server.close();
      must(connections === 2 && sessions === 1, `${connections} connections and ${sessions} sessions stay`);
    },
  };
};

export const sockets: Target<Life> = { name: 'sockets', weight: 3, lanes: 16, budgetMs: 10_000, open };
