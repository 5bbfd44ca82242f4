import { connect, type Msg, type NatsConnection, RequestError, type Subscription } from '@nats-io/transport-node';
import { type Clock, ProximError } from '@proxim/protocol';

import type { Log } from '../log.js';
import { connectionOptions, type NatsPlace } from './nats-connection.js';
import { Outflow } from './outflow.js';

export interface NatsLinkHandlers {
  /** What is said reaches the others again, which it did not. */
  onUpAgain(): void;
  onDown(): void;
}

interface Listener {
  readonly subject: string;
  readonly handle: (message: Msg) => void;
  subscription: Subscription | undefined;
}

/** Until a NATS server that refused this node is asked again. */
const refusedPauseMs = 2000;

/** What whoever asks hears while NATS is not there. */
export const unavailable = (cause?: unknown): ProximError =>
  new ProximError('cluster_unavailable', 'The cluster does not answer.', { cause });

/**
 * A node's connection to NATS, for as long as the node runs and whatever becomes of NATS. What cannot be said at once is
 * not said later: while the connection is lost, or stalled with as much as a node may hold on to, it is down.
 */
export class NatsLink {
  /** Resolves when NATS is reached for the first time. Never rejects: it is tried for ever. */
  readonly connected: Promise<void>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #answerMs: number;
  readonly #handlers: NatsLinkHandlers;
  readonly #outflow: Outflow;
  readonly #place: NatsPlace;
  readonly #node: string;
  readonly #listeners = new Set<Listener>();
  #nats: NatsConnection | undefined;
  #isUp = false;
  #wasUp = false;
  #isClosed = false;
  #hasSaidTooLarge = false;

  constructor(options: {
    readonly place: NatsPlace;
    readonly node: string;
    readonly clock: Clock;
    readonly log: Log;
    /** How long an answer may take. */
    readonly answerMs: number;
    /** How much may wait for a NATS that takes nothing. */
    readonly mostWaitingBytes: number;
    readonly handlers: NatsLinkHandlers;
  }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#answerMs = options.answerMs;
    this.#handlers = options.handlers;
    this.#outflow = new Outflow({
      mostBytes: options.mostWaitingBytes,
      flush: () => this.#nats?.flush() ?? Promise.resolve(),
      onStalled: () => {
        this.#onDown('NATS takes nothing more');
      },
      onFlowing: () => {
        this.#onUp();
      },
    });
    this.#place = options.place;
    this.#node = options.node;
    this.connected = this.#connect();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /**
   * Listens, from now on or from when NATS is reached; whatever is said there by whomever does not end this process.
   *
   * @returns ends it; what is on its way already is still heard
   */
  listen(subject: string, handle: (message: Msg) => void): () => void {
    const listener: Listener = { subject, handle, subscription: undefined };
    this.#listeners.add(listener);
    if (this.#nats) this.#subscribe(this.#nats, listener);
    return () => {
      this.#listeners.delete(listener);
      listener.subscription?.drain().catch(() => undefined);
    };
  }

  /** Does what a message asks for, which may be nonsense. */
  guard(work: () => void): void {
    try {
      work();
    } catch {
      this.#log.warn({}, 'a message on NATS is none of ours');
    }
  }

  /** @returns whether it is said */
  publish(subject: string, message: Uint8Array): boolean {
    // By the time it could be said, both sides have given up what they shared.
    if (!this.#isUp || this.#nats?.isClosed() !== false) return false;
    if (message.length > (this.#nats.info?.max_payload ?? Infinity)) {
      this.#onTooLarge();
      return false;
    }
    this.#nats.publish(subject, message);
    this.#outflow.add(message.length);
    return true;
  }

  /** The first byte of the answer; undefined when nobody listens. @throws ProximError `cluster_unavailable` */
  async ask(subject: string, message: Uint8Array): Promise<number | undefined> {
    const nats = this.#nats;
    if (!this.#isUp || !nats) throw unavailable();
    try {
      const asked = nats.request(subject, message, { timeout: this.#answerMs });
      this.#outflow.add(message.length);
      return (await asked).data[0];
    } catch (error) {
      if (error instanceof RequestError && error.isNoResponders()) return undefined;
      throw unavailable(error);
    }
  }

  /**
   * The same where the listener may be gone. NATS goes on believing in one whose machine is gone without a word until TCP
   * gives it up, which takes a quarter of an hour: one that is silent twice while NATS answers is none.
   */
  async askWhoeverLives(subject: string, message: Uint8Array): Promise<number | undefined> {
    for (let silences = 0; silences < 2; silences += 1) {
      try {
        return await this.ask(subject, message);
      } catch (error) {
        if (!(await this.#answers())) throw error;
      }
    }
    return undefined;
  }

  /** Lets what was said go out, and leaves. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUp = false;
    const nats = this.#nats;
    if (!nats || nats.isClosed()) return;
    // What NATS does not take in this time it will not take.
    await Promise.race([nats.drain().catch(() => undefined), this.#pass(this.#answerMs)]);
    await nats.close().catch(() => undefined);
  }

  /** Tries for ever: whoever runs the cluster may start NATS, or mend its passwords, later. */
  async #connect(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#onConnected(await connect(connectionOptions(this.#node, this.#place)));
        return;
      } catch (error) {
        this.#log.error({ error: error instanceof Error ? error.message : String(error) }, 'NATS refuses this node');
        await this.#pass(refusedPauseMs);
      }
    }
  }

  async #onConnected(nats: NatsConnection): Promise<void> {
    if (this.#isClosed) {
      await nats.close();
      return;
    }
    this.#nats = nats;
    void this.#watch(nats);
    for (const listener of this.#listeners) this.#subscribe(nats, listener);
    // Whoever is told this node's name may speak to it at once: it has to be listening by then.
    const isHeard = await nats.flush().then(
      () => true,
      () => false,
    );
    // Lost again already, it is up with the next one.
    if (isHeard && this.#nats === nats) this.#onUp();
  }

  #subscribe(nats: NatsConnection, listener: Listener): void {
    listener.subscription = nats.subscribe(listener.subject, {
      callback: (error, message) => {
        if (error) return;
        this.guard(() => {
          listener.handle(message);
        });
      },
    });
  }

  async #watch(nats: NatsConnection): Promise<void> {
    for await (const { type } of nats.status()) {
      if (this.#nats !== nats) return;
      if (type === 'disconnect' || type === 'close') {
        this.#outflow.reset();
        this.#onDown('NATS is not reached');
      } else if (type === 'staleConnection') {
        this.#startAnew(nats);
        return;
      } else if (type === 'reconnect') this.#onUp();
      else if (type === 'error') this.#log.error({}, 'NATS refuses something: this node may not do all that it has to');
    }
  }

  /**
   * NATS does not answer. The client would end the connection when it has taken all that was said, which may be never: it
   * is closed unsaid, and another one made, at the next server where there are several.
   */
  #startAnew(nats: NatsConnection): void {
    this.#nats = undefined;
    this.#outflow.reset();
    this.#onDown('NATS does not answer');
    nats.close().catch(() => undefined);
    void this.#connect();
  }

  #onDown(why: string): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#log.warn({}, `${why}; what this node has alone goes on`);
    this.#handlers.onDown();
  }

  #onUp(): void {
    if (this.#isClosed || this.#isUp || this.#outflow.isStalled) return;
    this.#isUp = true;
    const again = this.#wasUp;
    this.#wasUp = true;
    if (!again) return;
    this.#log.info({}, 'NATS is reached again');
    this.#handlers.onUpAgain();
  }

  async #answers(): Promise<boolean> {
    if (!this.#isUp || !this.#nats) return false;
    const answer = this.#nats.flush().then(
      () => true,
      () => false,
    );
    return await Promise.race([answer, this.#pass(this.#answerMs).then(() => false)]);
  }

  /** Whoever sends such frames does not get to fill the log. */
  #onTooLarge(): void {
    if (!this.#hasSaidTooLarge) this.#log.error({}, 'NATS takes no messages of this size');
    this.#hasSaidTooLarge = true;
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimer(ms, resolve);
    });
  }
}
