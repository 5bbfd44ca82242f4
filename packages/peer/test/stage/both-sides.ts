import type { SessionID, SessionType } from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import {
  DesktopPeer,
  type DesktopPeerEvents,
  type DesktopPeerOptions,
  type DesktopSessionView,
  type DirectChannel,
  type MobileMemory,
  MobilePeer,
  type MobileState,
  type PeerEnvironment,
  type Prompt,
} from '../../src/index.js';
import { FakeNetwork } from './fake-network.js';
import { MemoryRelay } from './memory-relay.js';
import { settle } from './settle.js';

/** Bytes that never repeat, and are the same in each run. */
export const countedBytes = (): ((length: number) => Uint8Array) => {
  let next = 0;
  return (length) =>
    Uint8Array.from({ length }, (_, index) => {
      if (index === 0) next += 1;
      return (next * 31 + index * 7 + (next >> 8)) & 0xff;
    });
};

/** An event as it was emitted. */
export type DesktopEvent = {
  [Name in keyof DesktopPeerEvents]: readonly [Name, DesktopPeerEvents[Name]];
}[keyof DesktopPeerEvents];

const desktopEvents = [
  'signaling',
  'session',
  'prompt',
  'prompt_gone',
  'direct',
  'phone',
  'channel',
  'turned_away',
  'keep',
  'unkeep',
  'session_closed',
  'error',
] as const satisfies readonly (keyof DesktopPeerEvents)[];

/** Writes down all that a desktop emits. */
export const recordDesktop = (peer: DesktopPeer): DesktopEvent[] => {
  const events: DesktopEvent[] = [];
  for (const name of desktopEvents) peer.on(name, (value) => events.push([name, value] as DesktopEvent));
  return events;
};

/** A page's environment that can be taken from under it: a page that is reloaded says and hears nothing any more. */
const makePage = (
  environment: PeerEnvironment,
): { readonly environment: PeerEnvironment; die(): void; isDead(): boolean } => {
  let isDead = false;
  const endings: (() => void)[] = [];
  const alive =
    <Args extends readonly unknown[]>(callback: (...args: Args) => void) =>
    (...args: Args): void => {
      if (!isDead) callback(...args);
    };
  const connection = <Connection extends { close(): void }>(made: Connection): Connection => {
    endings.push(() => {
      made.close();
    });
    return made;
  };
  return {
    environment: {
      ...environment,
      clock: {
        now: () => environment.clock.now(),
        setTimer: (ms, callback) => environment.clock.setTimer(ms, alive(callback)),
      },
      openWebSocket: (url, subprotocols, { onOpen, onText, onClose }) => {
        const socket = environment.openWebSocket(url, subprotocols, {
          onOpen: alive(onOpen),
          onText: alive(onText),
          onClose: alive(onClose),
        });
        endings.push(() => {
          socket.close(1001);
        });
        return socket;
      },
      loadRtcEngine: async () => {
        const engine = await environment.loadRtcEngine();
        return {
          offer: (options) => connection(engine.offer(options)),
          answer: (options) => connection(engine.answer(options)),
        };
      },
    },
    isDead: () => isDead,
    die: () => {
      isDead = true;
      for (const ending of endings) ending();
    },
  };
};

/** One page of a phone. */
export interface Phone {
  /** The page is reloaded, or its tab closed. */
  die(): void;
  readonly isDead: boolean;
  readonly peer: MobilePeer;
  readonly states: MobileState[];
  readonly channels: DirectChannel[];
  /** What a page keeps: the last that was worth it. */
  memory(): MobileMemory;
  readonly status: MobileState['status'];
  /** Why it ended, if it did. */
  readonly end: string | undefined;
}

/** Both peers, a relay with the server's own logic, and an engine without a network: all in memory, on a clock that stands still. */
export class BothSides {
  readonly clock = new ManualClock();
  readonly relay = new MemoryRelay();
  readonly network = new FakeNetwork();
  readonly desktop: DesktopPeer;
  readonly events: DesktopEvent[];
  readonly environment: PeerEnvironment;
  readonly phones: Phone[] = [];

  constructor(options: Partial<DesktopPeerOptions> = {}) {
    this.environment = {
      clock: this.clock,
      randomBytes: countedBytes(),
      openWebSocket: this.relay.open,
      loadRtcEngine: () => Promise.resolve(this.network.engine),
    };
    this.desktop = new DesktopPeer({
      environment: this.environment,
      url: 'ws://relay',
      unverified: 'ask',
      sessionTtlSeconds: 900,
      ...options,
    });
    this.events = recordDesktop(this.desktop);
  }

  /** Moves both clocks on, and lets everything happen in between. */
  async pass(ms: number, stepMs = 500): Promise<void> {
    await settle();
    for (let left = ms; left > 0; left -= stepMs) {
      const step = Math.min(stepMs, left);
      this.relay.clock.advance(step);
      this.clock.advance(step);
      await settle();
    }
  }

  async session(kind: { sessionType?: SessionType; ttlSeconds?: number } = {}): Promise<SessionID> {
    this.desktop.start();
    const sessionID = this.desktop.createSession({ sessionType: 'persistent', ...kind });
    await settle();
    return sessionID;
  }

  view(sessionID: SessionID): DesktopSessionView | undefined {
    return this.desktop.sessions.find((session) => session.sessionID === sessionID);
  }

  phone(sessionID: SessionID, memory?: MobileMemory, name = 'Galaxy S23'): Phone {
    const link = this.desktop.link(sessionID, { origin: 'http://relay' });
    const page = makePage(this.environment);
    const peer = new MobilePeer({
      environment: page.environment,
      link,
      deviceInfo: { name, id: `id of ${name}` },
      channels: [{ label: 'control', ordered: true }],
      memory,
    });
    const states: MobileState[] = [];
    const channels: DirectChannel[] = [];
    peer.on('state', (state) => states.push(state));
    peer.on('channel', (channel) => channels.push(channel));
    const phone: Phone = {
      die: () => {
        page.die();
      },
      get isDead() {
        return page.isDead();
      },
      peer,
      states,
      channels,
      memory: () => peer.memory,
      get status() {
        return peer.state.status;
      },
      get end() {
        return peer.state.status === 'ended' ? peer.state.reason : undefined;
      },
    };
    this.phones.push(phone);
    return phone;
  }

  prompts(): Prompt[] {
    return this.events.flatMap((event) => (event[0] === 'prompt' ? [event[1]] : []));
  }

  /** What was emitted under this name. */
  emitted<Name extends keyof DesktopPeerEvents>(name: Name): DesktopPeerEvents[Name][] {
    return this.events.flatMap((event) => (event[0] === name ? [event[1] as DesktopPeerEvents[Name]] : []));
  }

  /** Why devices were turned away, in this order. */
  turnedAway(): string[] {
    return this.emitted('turned_away').map(({ why }) => why);
  }

  /** A session with a phone that was approved and is connected. */
  async connected(kind: { sessionType?: SessionType; ttlSeconds?: number } = {}): Promise<{
    readonly sessionID: SessionID;
    readonly phone: Phone;
  }> {
    const sessionID = await this.session(kind);
    const phone = this.phone(sessionID);
    phone.peer.ask();
    await settle();
    this.desktop.approve(sessionID);
    await settle();
    return { sessionID, phone };
  }
}
