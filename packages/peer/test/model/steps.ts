import fc from 'fast-check';

import type { ModelPhone } from './model-phone.js';
import type { SocketPair } from './socket-pair.js';
import type { World, WorldOptions } from './world.js';

/** One of a list, by a number that may be larger; does nothing where the list is empty. */
const withOne = <Item>(list: readonly Item[], which: number, act: (item: Item) => void): void => {
  if (list.length > 0) act(list[which % list.length]!);
};
const withPhone = (world: World, which: number, act: (phone: ModelPhone) => void): void => {
  withOne(
    world.living.filter(({ host }) => host.isAwake),
    which,
    act,
  );
};
const withPair = (world: World, which: number, act: (pair: SocketPair) => void): void => {
  withOne(world.wire.pairs, which, act);
};
const isDeskAwake = (world: World): boolean => world.desktop.host.isAwake;

type Act = (world: World, which: number) => void | Promise<void>;

/** All that may happen, and how often. */
const acts = {
  // People.
  'a phone reads the code': [6, (world) => world.newDevice('ours')],
  'a foreign program reads the code': [2, (world, which) => world.newDevice(which % 3 ? 'foreign' : 'impatient')],
  'a phone that has ended reads the code again': [
    2,
    (world, which) => {
      const ended = world.living.filter(({ status }) => status === 'ended');
      withOne(ended, which, (phone) => world.readAgain(phone));
    },
  ],
  'the user approves': [8, (world) => (isDeskAwake(world) ? world.desktop.answer(true) : undefined)],
  'the user approves, and nothing arrives for a while': [
    3,
    (world) => {
      if (!isDeskAwake(world)) return;
      for (const pair of world.wire.pairs) pair.isHeld = true;
      world.desktop.answer(true);
    },
  ],
  'the user rejects': [1, (world) => (isDeskAwake(world) ? world.desktop.answer(false) : undefined)],
  'the user ends the session': [1, (world) => (isDeskAwake(world) ? world.desktop.endSession() : undefined)],
  'the user makes a session': [2, (world) => (isDeskAwake(world) ? world.desktop.createSession() : undefined)],
  'a phone leaves': [1, (world, which) => withPhone(world, which, (phone) => phone.leave())],
  'a phone wakes its page': [1, (world, which) => withPhone(world, which, (phone) => phone.wake())],
  // Pages and programs.
  'a page is reloaded': [2, (world, which) => withPhone(world, which, (phone) => world.openAnother(phone, 'reload'))],
  'a page is killed and opened anew': [
    2,
    (world, which) => withPhone(world, which, (phone) => world.openAnother(phone, which % 2 ? 'reset' : 'silent')),
  ],
  'a page is opened in a second tab': [
    1,
    (world, which) => withPhone(world, which, (phone) => world.openAnother(phone, 'stays')),
  ],
  'a phone is switched off': [1, (world, which) => withPhone(world, which, (phone) => phone.host.die('silent'))],
  'the desktop is started anew': [1, (world, which) => world.restartDesktop(which % 2 ? 'reset' : 'silent')],
  'a host falls asleep': [
    2,
    (world, which) => withOne([world.desktop.host, ...world.living.map(({ host }) => host)], which, (h) => h.sleep()),
  ],
  'all hosts wake up': [2, (world) => [world.desktop, ...world.living].forEach(({ host }) => host.wakeUp())],
  // The server.
  'the server dies': [2, (world, which) => world.wire.killServer(which % 3 > 0)],
  'the server is started anew': [
    3,
    (world, which) => {
      world.wire.killServer(which % 3 > 0);
      world.wire.startServer();
    },
  ],
  'the server shuts down': [1, (world) => world.wire.shutServerDown()],
  'the server is started': [4, (world) => world.wire.startServer()],
  'the server stands still': [1, (world) => void (world.wire.server.isAsleep = true)],
  'the server goes on': [2, (world) => void (world.wire.server.isAsleep = false)],
  // Sockets.
  'a socket is held': [3, (world, which) => withPair(world, which, (pair) => void (pair.isHeld = true))],
  'all sockets flow': [3, (world) => world.wire.pairs.forEach((pair) => void (pair.isHeld = false))],
  'one frame to the server': [3, (world, which) => world.wire.deliverNext(which, 'to_server')],
  'one frame to a peer': [3, (world, which) => world.wire.deliverNext(which, 'to_peer')],
  'a socket is cut': [
    3,
    (world, which) => withPair(world, which, (pair) => (which % 2 ? pair.cutAtPeer(true) : pair.cutAtServer(true))),
  ],
  'the peer alone loses a socket': [1, (world, which) => withPair(world, which, (pair) => pair.cutAtPeer(false))],
  'the server alone loses a socket': [1, (world, which) => withPair(world, which, (pair) => pair.cutAtServer(false))],
  'a socket swallows everything': [1, (world, which) => withPair(world, which, (pair) => pair.swallow())],
  // Direct connections.
  'the radio is gone': [1, (world) => world.network.cut()],
  'the radio is back': [2, (world) => world.network.mend()],
  'the phone is in another network': [2, (world, which) => withPhone(world, which, (phone) => phone.networkChanged())],
  'the desktop is in another network': [
    2,
    (world) => (isDeskAwake(world) ? world.desktop.peer.networkChanged() : undefined),
  ],
  'the desktop says that it sleeps': [1, (world) => (isDeskAwake(world) ? world.desktop.peer.goToSleep() : undefined)],
  'direct connections fail': [1, (world) => world.network.fail()],
  'no direct connection opens': [1, (world) => void (world.network.isReachable = false)],
  'direct connections open': [2, (world) => void (world.network.isReachable = true)],
} as const satisfies Record<string, readonly [number, Act]>;

export type ActName = keyof typeof acts;

export interface Step {
  readonly act: ActName;
  readonly which: number;
  /** How long nothing else happens afterwards. */
  readonly ms: number;
}

export const actOf = (name: ActName): Act => acts[name][1];

const names = Object.keys(acts) as ActName[];

const time = fc.oneof(
  { weight: 10, arbitrary: fc.constant(0) },
  { weight: 20, arbitrary: fc.constantFrom(100, 700, 3000, 8000) },
  { weight: 6, arbitrary: fc.constantFrom(25_000, 42_000, 70_000) },
  { weight: 1, arbitrary: fc.constantFrom(130_000, 960_000) },
);

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.oneof(...names.map((name) => ({ weight: acts[name][0], arbitrary: fc.constant(name) }))),
  which: fc.nat(11),
  ms: time,
});

/** Troubles that the two come back from, when they do not last. */
const troubles = [
  'a page is reloaded',
  'a page is killed and opened anew',
  'a phone wakes its page',
  'a host falls asleep',
  'the server dies',
  'the server shuts down',
  'the server is started',
  'the server is started anew',
  'the server stands still',
  'a socket is held',
  'all sockets flow',
  'one frame to the server',
  'one frame to a peer',
  'a socket is cut',
  'the peer alone loses a socket',
  'the server alone loses a socket',
  'a socket swallows everything',
  'the radio is gone',
  'direct connections fail',
] as const satisfies readonly ActName[];

/** How far a run has come before chance takes over. */
export type Prelude = 'nothing' | 'asked' | 'connected' | 'foreign';

export interface Scenario {
  readonly options: WorldOptions;
  readonly prelude: Prelude;
  readonly steps: readonly Step[];
}

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  options: fc.record({
    seed: fc.nat(),
    sessionType: fc.constantFrom('persistent', 'temporary', 'one_time'),
    ttlSeconds: fc.constantFrom(undefined, 100),
    unverified: fc.constantFrom('ask', 'refuse'),
    oneAddress: fc.boolean(),
  }),
  prelude: fc.constantFrom('connected', 'connected', 'asked', 'nothing', 'foreign'),
  steps: fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
});

/** A connection that lasts, and less than half a minute of trouble. */
export const shortTroubles: fc.Arbitrary<Scenario> = fc.record({
  options: fc.record({
    seed: fc.nat(),
    sessionType: fc.constantFrom('persistent', 'temporary'),
    ttlSeconds: fc.constant(undefined),
    unverified: fc.constant('refuse'),
    oneAddress: fc.boolean(),
  }),
  prelude: fc.constant('connected'),
  steps: fc.array(
    fc.record({ act: fc.constantFrom(...troubles), which: fc.nat(11), ms: fc.constantFrom(0, 100, 700, 3000, 8000) }),
    { minLength: 1, maxLength: 3 },
  ),
});
