import { pathToFileURL } from 'node:url';

import { cleanup, type DataChannel, PeerConnection } from 'node-datachannel';

import type { RtcEngine } from '../../src/index.js';
import { isolatedRtcEngine, loadNodeRtcEngine, nodeEnvironment, unloadNodeRtcEngine } from '../../src/node/index.js';

/** The program of the engine's process, where the desktop's end is not in this one. */
const [, , program] = process.argv;
const isolated =
  program === undefined
    ? undefined
    : isolatedRtcEngine({ clock: nodeEnvironment().clock, program: pathToFileURL(program) });
const loadEngine = (): Promise<RtcEngine> => isolated?.load() ?? loadNodeRtcEngine();

/** The phone's end, by hand: what our own engine would never do. */
interface Misuse {
  readonly name: string;
  readonly act: (phone: PeerConnection) => void;
}

/** The library's list of channels would not notice that one is collected as garbage. */
const kept: DataChannel[] = [];

const open = (phone: PeerConnection, label: string): DataChannel => {
  const channel = phone.createDataChannel(label);
  kept.push(channel);
  return channel;
};

const openAndSay = (phone: PeerConnection, channels: number, messages: number): void => {
  for (let index = 0; index < channels; index += 1) {
    const channel = open(phone, `late-${String(index)}`);
    for (let count = 0; count < messages; count += 1) channel.sendMessage('x');
  }
};

const misuses: readonly Misuse[] = [
  {
    name: 'a channel with more messages than the engine keeps',
    act: (phone) => {
      openAndSay(phone, 1, 5000);
    },
  },
  {
    name: 'more channels than a connection may open',
    act: (phone) => {
      openAndSay(phone, 100, 20);
    },
  },
  {
    name: 'a channel that is closed before it was heard of',
    act: (phone) => {
      open(phone, 'short').close();
    },
  },
];

/** Native threads go on while this one does nothing: what they bring waits for the next turn. */
const standStill = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

/** Connects, lets the phone misuse the connection while nobody listens, and ends it in that very moment. */
const endDuring = async ({ name, act }: Misuse): Promise<void> => {
  const engine = await loadEngine();
  const phone = new PeerConnection('phone', { iceServers: [] });
  const held: string[] = [];
  let isAnswered = false;
  let hasBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));
  const desktop = engine.answer({
    iceServers: [],
    handlers: {
      onCandidate: ({ candidate }) => {
        if (candidate === '') return;
        if (isAnswered) phone.addRemoteCandidate(candidate, '0');
        else held.push(candidate);
      },
      onState: () => undefined,
      onChannel: (channel) => {
        channel.onMessage(() => {
          hasBegun();
        });
      },
    },
  });
  const offered = new Promise<string>((resolve) => {
    phone.onLocalDescription(resolve);
  });
  const phonesOwn: string[] = [];
  phone.onLocalCandidate((candidate) => {
    phonesOwn.push(candidate);
    if (isAnswered) tell(candidate);
  });
  const tell = (candidate: string): void => {
    desktop.addCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null });
  };
  const first = open(phone, 'proxim');
  first.onOpen(() => {
    first.sendMessage('hello');
  });
  phone.setRemoteDescription(await desktop.acceptOffer(await offered), 'answer');
  isAnswered = true;
  for (const candidate of held) phone.addRemoteCandidate(candidate, '0');
  for (const candidate of phonesOwn) tell(candidate);
  await begun;
  const misuse = (): void => {
    try {
      act(phone);
    } catch {
      // An engine in another process has closed the connection meanwhile.
    }
    standStill(200);
  };
  // In each of the turns in which the connection may be closed, just before it could be.
  const misuseInTurns = (turns: number): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(() => {
        if (turns === 0) {
          resolve();
          return;
        }
        misuse();
        void misuseInTurns(turns - 1).then(resolve);
      });
    });
  const misused = misuseInTurns(3);
  desktop.close();
  await misused;
  process.stdout.write(`${name}\n`);
  phone.close();
};

for (let round = 0; round < 2; round += 1) for (const misuse of misuses) await endDuring(misuse);
await isolated?.unload();
// The phone's end is in this process in any case.
if (isolated) cleanup();
await unloadNodeRtcEngine();
process.stdout.write('survived\n');
