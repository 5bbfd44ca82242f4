import { randomBytes, randomUUID } from 'node:crypto';

import { expect, onTestFinished } from 'vitest';

import { WireClient } from './wire-client.js';

export interface ConformanceTarget {
  /** Where the server is, as `ws://127.0.0.1:47800/signal`; asked once per test, when it is up. */
  readonly url: () => string;
  /** The token that a desktop has to present, where the server wants one. */
  readonly token?: string | undefined;
  /** Moves the server's time on, where that can be done; otherwise the durations are waited for. */
  readonly pass?: ((seconds: number) => void) | undefined;
}

/** How long a test may take that waits for 40 or 60 seconds, in milliseconds. */
export const longTest = 90_000;

/** 128 random bits, base64url. */
export const random = (): string => randomBytes(16).toString('base64url');

export type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** The messages of one new session. */
export interface Script {
  readonly sessionID: string;
  readonly uuid: string;
  readonly deviceInfo: { readonly name: string; readonly id: string };
  readonly create: Message;
  readonly request: Message;
  readonly approve: Message;
  readonly reject: Message;
  readonly close: Message;
  signal(payload: object): Message;
}

export interface OpenedSession extends Script {
  readonly desktop: WireClient;
  readonly phone: WireClient;
}

export interface PromptedSession extends OpenedSession {
  readonly prompt: Readonly<Record<string, unknown>>;
  readonly promptID: unknown;
}

/** What every part of the suite plays with. */
export interface Cast {
  readonly url: () => string;
  readonly token: string | undefined;
  /** Opens a connection that ends with the test. */
  connect(name: string, options?: Parameters<typeof WireClient.connect>[1]): Promise<WireClient>;
  /** Lets the server's time pass; what follows may take as long as this says, in milliseconds. */
  wait(seconds: number): number;
  /** Without tokens, the messages are those of peers that cannot come back. */
  script(withTokens?: boolean): Script;
  openSession(lines?: Script): Promise<OpenedSession>;
  promptedSession(lines?: Script): Promise<PromptedSession>;
  pairedSession(lines?: Script): Promise<PromptedSession>;
  /** Sends a message that has to be refused with this code. */
  refusal(client: WireClient, message: Message, code: string): Promise<void>;
}

export const makeCast = ({ url, token, pass }: ConformanceTarget): Cast => {
  const cast: Cast = {
    url,
    token,
    connect: async (name, options = {}) => {
      const client = await WireClient.connect(url(), { name, ...options });
      onTestFinished(async () => {
        await client.lose();
      });
      return client;
    },
    wait: (seconds) => {
      pass?.(seconds);
      return (pass ? 0 : seconds * 1000) + 5000;
    },
    script: (withTokens = true) => {
      const sessionID = random();
      const uuid = randomUUID();
      const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };
      const mine = () => (withTokens ? { peerToken: random() } : {});
      return {
        sessionID,
        uuid,
        deviceInfo,
        create: { type: 'session_create', sessionID, uuid, ...mine(), ...(token === undefined ? {} : { token }) },
        request: { type: 'pair_request', sessionID, deviceInfo, ...mine() },
        approve: { type: 'pair_response', sessionID, approved: true },
        reject: { type: 'pair_response', sessionID, approved: false },
        close: { type: 'session_close', sessionID },
        signal: (payload) => ({ type: 'signal', sessionID, payload }),
      };
    },
    openSession: async (lines = cast.script()) => {
      const desktop = await cast.connect('desktop');
      desktop.send(lines.create);
      await desktop.next('session_created');
      const phone = await cast.connect('phone');
      return { ...lines, desktop, phone };
    },
    promptedSession: async (lines) => {
      const session = await cast.openSession(lines);
      session.phone.send(session.request);
      const prompt = await session.desktop.next('pair_prompt');
      return { ...session, prompt, promptID: prompt['promptID'] };
    },
    pairedSession: async (lines) => {
      const session = await cast.promptedSession(lines);
      session.desktop.send(session.approve);
      expect(await session.phone.next('pair_result')).toMatchObject({ status: 'approved' });
      return session;
    },
    refusal: async (client, message, code) => {
      client.send(message);
      expect(await client.next('error')).toMatchObject({ code, replyTo: message.type });
    },
  };
  return cast;
};
