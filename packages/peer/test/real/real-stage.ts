import { createServer, connect, type Server, type Socket } from 'node:net';

import type { Link, SessionID, SessionType } from '@proxim/protocol';
import { createSignalingServer, type SignalingServer } from '@proxim/signaling';
import { afterAll, afterEach } from 'vitest';

import {
  DesktopPeer,
  type DesktopPeerEvents,
  type DesktopPeerOptions,
  type DirectChannel,
  type MobileMemory,
  MobilePeer,
  type MobileState,
  type PeerEnvironment,
} from '../../src/index.js';
import { type IsolatedRtcEngine, nodeEnvironment, unloadNodeRtcEngine } from '../../src/node/index.js';

const cleanups: (() => unknown)[] = [];

/** Undoes what the tests of a file set up: after each of them, and the engine's threads at last. */
export const clearAway = (): void => {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  afterAll(() => unloadNodeRtcEngine());
};

/** Has this done when the test is over, the newest first. */
export const finallyDo = (cleanup: () => unknown): void => {
  cleanups.push(cleanup);
};

let desktopsEngine: IsolatedRtcEngine | undefined;

/** The engine of the desktops that are made from here on; undefined for the one in this process. */
export const setDesktopsEngine = (engine: IsolatedRtcEngine | undefined): void => {
  desktopsEngine = engine;
};

/** A real server on a port of its own. */
export const startServer = async (port = 0): Promise<{ readonly server: SignalingServer; readonly port: number }> => {
  const server = createSignalingServer();
  finallyDo(() => server.close({ drainMs: 100 }));
  return { server, port: (await server.listen({ port, host: '127.0.0.1' })).port };
};

/** A port that stays while the server behind it dies, and another one takes its place. */
export class CuttablePort {
  readonly #server: Server;
  readonly #streams = new Set<Socket>();
  #target: number;
  port = 0;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => {
      const upstream = connect(this.#target, '127.0.0.1');
      for (const [stream, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#streams.add(stream);
        stream.on('error', () => undefined);
        stream.on('close', () => {
          this.#streams.delete(stream);
          other.destroy();
        });
        stream.pipe(other);
      }
    });
  }

  static async to(target: number): Promise<CuttablePort> {
    const port = new CuttablePort(target);
    await new Promise<void>((resolve) => port.#server.listen(0, '127.0.0.1', resolve));
    const address = port.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('no port');
    port.port = address.port;
    finallyDo(() => {
      port.cut();
      port.#server.close();
    });
    return port;
  }

  /** Every connection is gone, without a word. */
  cut(): void {
    for (const stream of this.#streams) stream.resetAndDestroy();
  }

  /** Another server is behind it from now on. */
  switchTo(target: number): void {
    this.#target = target;
    this.cut();
  }
}

type Value<Name extends keyof DesktopPeerEvents> = DesktopPeerEvents[Name];

/** A desktop that remembers all that it emitted, and lets a test wait for it. */
export class RealDesktop {
  readonly peer: DesktopPeer;
  readonly channels: DirectChannel[] = [];
  readonly #seen = new Map<keyof DesktopPeerEvents, unknown[]>();
  readonly #waiting = new Set<() => void>();

  constructor(port: number, options: Partial<DesktopPeerOptions> = {}) {
    const { environment = nodeEnvironment(), ...rest } = options;
    this.peer = new DesktopPeer({
      environment: desktopsEngine ? { ...environment, loadRtcEngine: desktopsEngine.load } : environment,
      url: `ws://127.0.0.1:${port}/signal`,
      unverified: 'ask',
      sessionTtlSeconds: 900,
      ...rest,
    });
    const names: (keyof DesktopPeerEvents)[] = [
      'signaling',
      'session',
      'prompt',
      'direct',
      'phone',
      'turned_away',
      'session_closed',
      'error',
    ];
    for (const name of names) {
      this.peer.on(name, (value: unknown) => {
        this.#seen.set(name, [...(this.#seen.get(name) ?? []), value]);
        for (const wake of this.#waiting) wake();
      });
    }
    this.peer.on('channel', ({ channel }) => {
      this.channels.push(channel);
      // An echo: what the phone says comes back.
      if (channel.label === 'control') {
        channel.onMessage((data) => channel.send(typeof data === 'string' ? data : Uint8Array.from(data)));
      }
    });
    finallyDo(() => {
      this.peer.stop();
    });
  }

  /** All that was emitted under this name. */
  seen<Name extends keyof DesktopPeerEvents>(name: Name): readonly Value<Name>[] {
    return (this.#seen.get(name) ?? []) as Value<Name>[];
  }

  /** The first value, past or future, that this holds for. */
  next<Name extends keyof DesktopPeerEvents>(
    name: Name,
    isWanted: (value: Value<Name>) => boolean = () => true,
    after = 0,
  ): Promise<Value<Name>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.seen(name).slice(after).find(isWanted);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async session(kind: { sessionType?: SessionType; ttlSeconds?: number } = {}): Promise<SessionID> {
    this.peer.start();
    const sessionID = this.peer.createSession({ sessionType: 'persistent', ...kind });
    await this.next('session', ({ session }) => session.sessionID === sessionID);
    return sessionID;
  }

  link(sessionID: SessionID, port: number): Link {
    return this.peer.link(sessionID, { origin: `http://127.0.0.1:${port}` });
  }
}

/** One page of a phone, which lets a test wait for its states. */
export class RealPhone {
  readonly peer: MobilePeer;
  readonly states: MobileState[] = [];
  readonly channels: DirectChannel[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(link: Link, options: { memory?: MobileMemory; environment?: PeerEnvironment } = {}) {
    this.peer = new MobilePeer({
      environment: options.environment ?? nodeEnvironment(),
      link,
      deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
      channels: [{ label: 'control', ordered: true }],
      memory: options.memory,
    });
    const wake = (): void => {
      for (const look of this.#waiting) look();
    };
    this.peer.on('state', (state) => {
      this.states.push(state);
      wake();
    });
    this.peer.on('memory', wake);
    this.peer.on('channel', (channel) => {
      this.channels.push(channel);
    });
    finallyDo(() => {
      this.peer.leave();
    });
  }

  /** Why it ended, if it did. */
  get end(): string | undefined {
    const { state } = this.peer;
    return state.status === 'ended' ? state.reason : undefined;
  }

  /** Resolves once this is so. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Resolves once it has this status, or did since it had this many states. */
  reaches(status: MobileState['status'], after = 0): Promise<void> {
    return this.until(() => this.states.slice(after).some((state) => state.status === status));
  }

  /** Resolves once it holds the device secret. */
  hasSecret(): Promise<void> {
    return this.until(() => this.peer.memory.deviceSecret !== undefined);
  }

  /** Sends a text over the newest channel, and resolves with what comes back. */
  echo(text: string | Uint8Array<ArrayBuffer>): Promise<string | Uint8Array> {
    const channel = this.channels.at(-1);
    if (!channel) throw new Error('no channel is open');
    return new Promise((resolve) => {
      channel.onMessage(resolve);
      channel.send(text);
    });
  }
}

/** Server, desktop and a phone that was approved, connected. */
export const connected = async (
  options: {
    readonly sessionType?: SessionType;
    readonly ttlSeconds?: number;
    readonly port?: number;
  } & Partial<DesktopPeerOptions> = {},
) => {
  const { sessionType = 'persistent', ttlSeconds, port = (await startServer()).port, ...rest } = options;
  const desktop = new RealDesktop(port, rest);
  const sessionID = await desktop.session({ sessionType, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) });
  const link = desktop.link(sessionID, port);
  const phone = new RealPhone(link);
  phone.peer.ask();
  await desktop.next('prompt');
  desktop.peer.approve(sessionID);
  await Promise.all([
    phone.reaches('connected'),
    phone.hasSecret(),
    desktop.next('direct', ({ state }) => state === 'connected'),
  ]);
  return { port, desktop, sessionID, link, phone };
};
