import { type BucketRules, type Clock, type Limits, TokenBucket } from '@proxim/protocol';

import type { Pace } from './pace.js';
import type { Turns } from './turns.js';
import type { Socket } from './websocket.js';

/** Something to do for a frame, told when it is done; a promise where an answer has to come from another node first. */
export type Work = (now: number) => Promise<void> | undefined;

/** What the queues of all connections have in common. */
export interface FrameQueueContext {
  readonly turns: Pick<Turns, 'add'>;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Of the tokens for whoever sends little: he need not wait his turn. */
  readonly courtesyRules: BucketRules;
}

export interface FrameQueueHandlers {
  /** More waits than any client within its limits ever sends. */
  onFlood(): void;
  /** What was waited for failed. */
  onFailure(): void;
}

/**
 * One frame of a connection after the other, also where an answer has to come from another node first. Whoever sends
 * much waits his turn, and whose address sends much waits longer; neither is read from meanwhile.
 */
export class FrameQueue {
  readonly #context: FrameQueueContext;
  readonly #socket: Pick<Socket, 'pause' | 'resume'>;
  readonly #pace: Pace;
  readonly #handlers: FrameQueueHandlers;
  readonly #courtesy: TokenBucket;
  #waiting: Work[] = [];
  #isBusy = false;
  #isInTurn = false;
  #isReadLater = false;
  /** A read that waited is not counted once more. */
  #isReadPaid = false;
  #isClosed = false;

  constructor(
    context: FrameQueueContext,
    socket: Pick<Socket, 'pause' | 'resume'>,
    pace: Pace,
    handlers: FrameQueueHandlers,
  ) {
    this.#context = context;
    this.#socket = socket;
    this.#pace = pace;
    this.#handlers = handlers;
    this.#courtesy = new TokenBucket(context.courtesyRules, context.clock.now());
  }

  /** Whether an answer of another node is awaited. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Whether something waits that will be done soon, and for which an end may wait as well. */
  get isNearlyDone(): boolean {
    return !this.#isBusy && this.#waiting.length > 0 && !this.#pace.isBehind;
  }

  /**
   * Some bytes have come: a whole frame or many, or a splinter of one, which costs the server as much.
   *
   * @returns whether they come of one who sends little
   */
  onRead(): boolean {
    const now = this.#context.clock.now();
    const pace = this.#pace;
    if (this.#isClosed || this.#isReadLater) return false;
    if (this.#isReadPaid || pace.take(now)) {
      this.#isReadPaid = false;
      return this.#courtesy.has(now);
    }
    this.#pause(() => (this.#isReadLater = true));
    pace.wait(() => {
      this.#isReadPaid = true;
      this.#resume(() => (this.#isReadLater = false));
    });
    return false;
  }

  add(work: Work): void {
    const { clock, limits } = this.#context;
    const now = clock.now();
    if (!this.#isBusy && this.#waiting.length === 0 && this.#courtesy.take(now) && this.#pace.takeLightly(now)) {
      this.#do(work, now);
      return;
    }
    // Read before the socket was paused: no client within its limits gets this far.
    if (this.#waiting.length >= limits.signalBurst * 4) {
      this.#handlers.onFlood();
      return;
    }
    this.#pause(() => this.#waiting.push(work));
    this.#waitForTurn();
  }

  /** To be done after all that waits, though the socket has ended. */
  addLast(work: Work): void {
    this.#waiting.push(work);
  }

  /** What waits is not done any more. */
  clear(): void {
    this.#resume(() => {
      this.#isClosed = true;
      this.#isReadLater = false;
      this.#waiting = [];
    });
  }

  #isPaused(): boolean {
    return this.#isReadLater || this.#waiting.length > 0;
  }

  #pause(change: () => void): void {
    const wasPaused = this.#isPaused();
    change();
    if (!wasPaused) this.#socket.pause();
  }

  #resume(change: () => void): void {
    const wasPaused = this.#isPaused();
    change();
    if (wasPaused && !this.#isPaused()) this.#socket.resume();
  }

  #do(work: Work, now: number): void {
    const pending = work(now);
    if (!pending) return;
    this.#isBusy = true;
    pending.then(
      () => {
        this.#isBusy = false;
        this.#waitForTurn();
      },
      () => {
        this.#handlers.onFailure();
      },
    );
  }

  #waitForTurn(): void {
    if (this.#isBusy || this.#isInTurn || this.#waiting.length === 0) return;
    this.#isInTurn = true;
    const { clock, turns } = this.#context;
    const pace = this.#pace;
    const takeTurn = (): void => {
      turns.add(() => {
        this.#isInTurn = false;
        this.#doNext();
      });
    };
    if (pace.take(clock.now())) takeTurn();
    else pace.wait(takeTurn);
  }

  #doNext(): void {
    const [work] = this.#waiting;
    if (!work) return;
    this.#resume(() => {
      this.#waiting.shift();
      // A list keeps the room that it once had.
      if (this.#waiting.length === 0) this.#waiting = [];
    });
    this.#do(work, this.#context.clock.now());
    this.#waitForTurn();
  }
}
