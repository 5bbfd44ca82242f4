import { type CandidatePayload, type Clock, TokenBucket } from '@proxim/protocol';

import { Liveness } from './liveness.js';
import {
  type DirectChannel,
  type DirectHandlers,
  type DirectPath,
  type DirectState,
  maxChannels,
} from './rtc-engine.js';
import {
  decodeSessionMessage,
  encodeSessionMessage,
  type Farewell,
  sessionChannel,
  type SessionChannelMessage,
} from './session-channel.js';

export interface DirectLinkHandlers {
  /** The connection carries what it was made for. */
  onOpen(): void;
  /** The other side fell silent (`false`), or is heard again. Its connection may yet recover. */
  onAlive(isAlive: boolean): void;
  /** The connection is over: it failed or was closed (no farewell), or the other side said goodbye. */
  onGone(farewell: Farewell | undefined): void;
  /** The peers' own channel is open. */
  onSessionChannel(): void;
  onSessionMessage(message: SessionChannelMessage): void;
  /** One of the channels for the application has opened. */
  onChannel(channel: DirectChannel): void;
  /** A candidate of ours. */
  onCandidate(candidate: CandidatePayload): void;
}

/** The engine's half of a link: either side of an offer. */
interface Connection {
  addCandidate(candidate: CandidatePayload): void;
  path(): Promise<DirectPath | undefined>;
  close(): void;
}

/** Candidates that one connection takes, and those that wait for its description; a peer sends a dozen. */
export const maxQueuedCandidates = 60;

/** What the other side may say on the session channel besides that it is there; ours says a handful, and no more a second. */
const sessionMessages = { burst: 20, rate: 2 };

/** One direct connection from its first description to its end, the same on both sides. */
export class DirectLink {
  /** What the engine is given when it makes the connection. */
  readonly engineHandlers: DirectHandlers;
  readonly #handlers: DirectLinkHandlers;
  readonly #requiredChannels: number;
  readonly #liveness: Liveness;
  readonly #clock: Clock;
  readonly #sessionMessages: TokenBucket;
  /** The other side's candidates, until its description is in. */
  #queued: CandidatePayload[] | undefined = [];
  /** Our candidates, until our description is out. */
  #held: CandidatePayload[] | undefined = [];
  #connection: Connection | undefined;
  #session: DirectChannel | undefined;
  #isConnected = false;
  #isRetired = false;
  #channels = 0;
  #remoteCandidates = 0;
  #status: 'opening' | 'open' | 'gone' = 'opening';

  /** @param options `requiredChannels`: how many must be open, besides the engine, before the link counts as open. */
  constructor(options: {
    readonly clock: Clock;
    readonly requiredChannels: number;
    readonly handlers: DirectLinkHandlers;
  }) {
    this.#handlers = options.handlers;
    this.#clock = options.clock;
    this.#sessionMessages = new TokenBucket(sessionMessages, options.clock.now());
    this.#requiredChannels = options.requiredChannels;
    this.#liveness = new Liveness({
      clock: options.clock,
      say: () => {
        this.send({ type: 'alive' });
      },
      onChange: (isAlive) => {
        if (this.#status === 'open') this.#handlers.onAlive(isAlive);
      },
    });
    this.engineHandlers = {
      onCandidate: (candidate) => {
        if (this.#status === 'gone') return;
        if (this.#held) this.#held.push(candidate);
        else this.#handlers.onCandidate(candidate);
      },
      onState: (state) => {
        this.#onState(state);
      },
      onChannel: (channel) => {
        this.#onChannel(channel);
      },
    };
  }

  /** Whether it is open, and the other side was heard of late. */
  get works(): boolean {
    return this.#status === 'open' && this.#liveness.isAlive;
  }

  /** The engine's connection, made with {@link engineHandlers}. */
  attach(connection: Connection): void {
    if (this.#status === 'gone') connection.close();
    else this.#connection = connection;
  }

  /** Our description is out: our candidates may follow. */
  announced(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const candidate of held) this.#handlers.onCandidate(candidate);
  }

  /** The remote description is in: candidates need wait no longer. */
  described(): void {
    const queued = this.#queued ?? [];
    this.#queued = undefined;
    for (const candidate of queued) this.#connection?.addCandidate(candidate);
  }

  addRemoteCandidate(candidate: CandidatePayload): void {
    // Each of them is an address that the engine calls.
    if (this.#remoteCandidates >= maxQueuedCandidates) return;
    this.#remoteCandidates += 1;
    if (this.#queued) this.#queued.push(candidate);
    else this.#connection?.addCandidate(candidate);
  }

  send(message: SessionChannelMessage): boolean {
    return this.#session?.send(encodeSessionMessage(message)) ?? false;
  }

  /** There is reason to believe that the other side is gone. */
  doubt(): void {
    this.#liveness.doubt();
  }

  /** Carries nothing for the application any more, and stays up until the other side has swapped it for another one. */
  retire(): void {
    this.#isRetired = true;
  }

  path(): Promise<DirectPath | undefined> {
    return this.#connection?.path() ?? Promise.resolve(undefined);
  }

  /** Ends it from this side. No handler is called afterwards. */
  close(farewell?: Farewell): void {
    if (farewell !== undefined) this.send({ type: 'bye', reason: farewell });
    this.#status = 'gone';
    this.#held = undefined;
    this.#queued = undefined;
    this.#liveness.stop();
    this.#connection?.close();
    this.#connection = undefined;
    this.#session = undefined;
  }

  #onState(state: DirectState): void {
    switch (state) {
      case 'connecting':
        break;
      case 'connected':
        this.#isConnected = true;
        if (this.#session) this.#liveness.heard();
        this.#checkOpen();
        break;
      case 'disconnected':
        // ICE may find the way again; the liveness tells when that has taken too long.
        break;
      case 'failed':
      case 'closed':
        this.#gone(undefined);
        break;
      default:
        state satisfies never;
    }
  }

  #onChannel(channel: DirectChannel): void {
    if (this.#status === 'gone' || this.#channels >= maxChannels) return;
    this.#channels += 1;
    if (channel.label === sessionChannel.label && !this.#session) {
      this.#session = channel;
      channel.onMessage((data) => {
        this.#onSessionData(data);
      });
      channel.onClose(() => {
        this.#gone(undefined);
      });
      this.#liveness.start();
      this.#handlers.onSessionChannel();
    } else this.#handlers.onChannel(this.#gated(channel));
    this.#checkOpen();
  }

  /** The application may hold on to a channel for longer than it may speak there. */
  #gated(channel: DirectChannel): DirectChannel {
    return {
      label: channel.label,
      get bufferedBytes() {
        return channel.bufferedBytes;
      },
      send: (data) => this.#status !== 'gone' && !this.#isRetired && channel.send(data),
      onMessage: (listener) => {
        channel.onMessage((data) => {
          if (!this.#isRetired) listener(data);
        });
      },
      onClose: (next) => {
        channel.onClose(next);
      },
    };
  }

  #onSessionData(data: string | Uint8Array): void {
    if (this.#status === 'gone') return;
    this.#liveness.heard();
    const message = decodeSessionMessage(data);
    if (!message || message.type === 'alive') return;
    if (message.type === 'bye') this.#gone(message.reason);
    else if (this.#sessionMessages.take(this.#clock.now())) this.#handlers.onSessionMessage(message);
  }

  #checkOpen(): void {
    if (this.#status !== 'opening' || !this.#isConnected || this.#channels < this.#requiredChannels) return;
    this.#status = 'open';
    this.#handlers.onOpen();
  }

  #gone(farewell: Farewell | undefined): void {
    if (this.#status === 'gone') return;
    this.close();
    this.#handlers.onGone(farewell);
  }
}
