import { randomBytes, randomUUID } from 'node:crypto';

import { ManualClock } from '@proxim/protocol/testing';
import { createSignalingServer, type SignalingServer, type SignalingServerOptions } from '@proxim/signaling';
import { expect, onTestFinished, vi } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';

export type ConnectOptions = NonNullable<Parameters<typeof WireClient.connect>[1]> & { readonly path?: string };

/** A real server on a port of its own whose time stands still until a test moves it, and clients for it. */
export interface Stage {
  readonly server: SignalingServer;
  readonly clock: ManualClock;
  readonly port: number;
  connect(name: string, options?: ConnectOptions): Promise<WireClient>;
  /** Moves the server's time on. */
  pass(seconds: number): void;
  /** Resolves once the server has so many connections. */
  connections(count: number): Promise<void>;
}

/** Sets a stage that is cleared away when the test ends. */
export const setStage = async (options: SignalingServerOptions = {}): Promise<Stage> => {
  const clock = new ManualClock();
  // Time stands still: an address that went beyond its pace would wait for ever.
  const limits = { addressBurst: 1_000_000, ...options.limits };
  const server = createSignalingServer({ clock, ...options, limits });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    server,
    clock,
    port,
    connect: async (name, { path = '/signal', ...rest } = {}) => {
      const client = await WireClient.connect(`ws://127.0.0.1:${port}${path}`, { name, ...rest });
      onTestFinished(() => {
        client.socket.terminate();
      });
      return client;
    },
    pass: (seconds) => {
      clock.advance(seconds * 1000);
    },
    connections: (count) =>
      vi.waitFor(() => expect(server.counts().connections).toBe(count), { interval: 1, timeout: 5000 }),
  };
};

/** What a desktop and a phone say about one session. */
export interface Script {
  readonly sessionID: string;
  readonly uuid: string;
  readonly create: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, unknown>>;
  readonly approve: Readonly<Record<string, unknown>>;
  readonly reject: Readonly<Record<string, unknown>>;
  readonly close: Readonly<Record<string, unknown>>;
  signal(payload: object): Readonly<Record<string, unknown>>;
}

const token = (): string => randomBytes(16).toString('base64url');

/** A new session's messages, with a `peerToken` of each peer unless they are to be without. */
export const script = ({ withTokens = true }: { readonly withTokens?: boolean } = {}): Script => {
  const sessionID = token();
  const uuid = randomUUID();
  const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };
  const withToken = <Message extends object>(message: Message) =>
    withTokens ? { ...message, peerToken: token() } : message;
  return {
    sessionID,
    uuid,
    create: withToken({ type: 'session_create', sessionID, uuid }),
    request: withToken({ type: 'pair_request', sessionID, deviceInfo }),
    approve: { type: 'pair_response', sessionID, approved: true },
    reject: { type: 'pair_response', sessionID, approved: false },
    close: { type: 'session_close', sessionID },
    signal: (payload) => ({ type: 'signal', sessionID, payload }),
  };
};

/** A desktop and a phone that are connected, and not yet more. */
export interface Peers extends Script {
  readonly desktop: WireClient;
  readonly phone: WireClient;
}

/** Brings a desktop with an open session and a phone on the stage. */
export const openPeers = async (stage: Stage, lines: Script = script()): Promise<Peers> => {
  const desktop = await stage.connect('desktop');
  desktop.send(lines.create);
  await desktop.next('session_created');
  const phone = await stage.connect('phone');
  return { ...lines, desktop, phone };
};

/** Brings two peers of a paired session on the stage. */
export const pairedPeers = async (stage: Stage, lines?: Script): Promise<Peers> => {
  const peers = await openPeers(stage, lines);
  const { desktop, phone } = peers;
  phone.send(peers.request);
  await desktop.next('pair_prompt');
  desktop.send(peers.approve);
  expect(await phone.next('pair_result')).toMatchObject({ status: 'approved' });
  return peers;
};
