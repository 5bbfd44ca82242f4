import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Clock, Timer } from '@proxim/protocol';

import { readFromEngine, type ToEngine } from './engine-messages.js';
import type { IsolatedConnection } from './isolated-connection.js';

/** How often the process is asked whether it is well. */
const askEveryMs = 1000;
/** So many questions in a row without a word, and it hangs. A machine that has just begun to run again asks anew. */
const maxUnanswered = 5;
/** While it starts, it loads native code from a disk that may be slow. */
const maxUnansweredAtStart = 20;
/** How long it may take to close its connections and go. */
const endWithinMs = 1000;

/** Of this program's environment: what Node itself may need to start. The engine has no use for the rest. */
const childEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    ['SystemRoot', 'LD_LIBRARY_PATH'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** One process with an engine in it, from before its start to its end. It is not started again. */
export class EngineChild {
  /** Resolves when it can connect, rejects when it is gone before. */
  readonly ready: Promise<void>;
  readonly #clock: Clock;
  readonly #onGone: (unheard: readonly IsolatedConnection[]) => void;
  readonly #gone: Promise<void>;
  #resolveGone: () => void = () => undefined;
  #settleReady: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  readonly #connections = new Map<number, IsolatedConnection>();
  #connectionCount = 0;
  #process: ChildProcess | undefined;
  /** What is said before it can hear. */
  #early: ToEngine[] | undefined = [];
  #timer: Timer | undefined;
  #unanswered = 0;
  #isEnding = false;
  #isGone = false;

  /**
   * @param options `waitMs`: how long not to start it yet. `onGone` is given the connections that may begin anew elsewhere;
   * the others have failed
   */
  constructor(options: {
    readonly clock: Clock;
    readonly program: URL;
    readonly waitMs: number;
    readonly onGone: (unheard: readonly IsolatedConnection[]) => void;
  }) {
    this.#clock = options.clock;
    this.#onGone = options.onGone;
    this.#gone = new Promise((resolve) => (this.#resolveGone = resolve));
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    // Whoever waits is told; nobody needs to.
    this.ready.catch(() => undefined);
    if (options.waitMs <= 0) this.#start(options.program);
    else {
      this.#timer = this.#clock.setTimer(options.waitMs, () => {
        this.#start(options.program);
      });
    }
  }

  take(connection: IsolatedConnection): void {
    const number = this.#connectionCount;
    this.#connectionCount += 1;
    this.#connections.set(number, connection);
    connection.moveTo({
      say: (message) => {
        this.#say({ ...message, connection: number });
      },
      leave: () => {
        this.#connections.delete(number);
      },
    });
  }

  /** Has it close its connections and go; resolves when it has gone. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#timer?.cancel();
    if (!this.#process) this.#lost();
    else if (this.#early) this.#kill();
    else {
      this.#say({ type: 'end' });
      this.#timer = this.#clock.setTimer(endWithinMs, this.#kill);
    }
    await this.#gone;
  }

  #start(program: URL): void {
    let started: ChildProcess;
    try {
      started = fork(fileURLToPath(program), [], {
        serialization: 'advanced',
        // What native code writes when it dies is for nobody's terminal.
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
        env: childEnvironment(),
      });
    } catch {
      // The machine has no room for it now.
      setImmediate(() => {
        this.#lost();
      });
      return;
    }
    this.#process = started;
    started.on('message', (message) => {
      this.#receive(message);
    });
    started.on('exit', () => {
      this.#lost();
    });
    // It could not be started; or killed, and then its end is still to come.
    started.on('error', () => {
      if (started.pid === undefined) this.#lost();
    });
    started.on('disconnect', this.#kill);
    // One that hangs would outlive this program.
    process.on('exit', this.#kill);
    this.#watch();
  }

  readonly #kill = (): void => {
    this.#process?.kill('SIGKILL');
  };

  /**
   * Asks again and again, and kills what does not answer. Questions count and not time: a machine that was suspended, or
   * a program that was stopped, finds the one answer that it waits for before it asks the next time.
   */
  #watch(): void {
    this.#timer = this.#clock.setTimer(askEveryMs, () => {
      if (this.#unanswered >= (this.#early ? maxUnansweredAtStart : maxUnanswered)) {
        this.#kill();
        return;
      }
      this.#unanswered += 1;
      this.#send({ type: 'ping' });
      this.#watch();
    });
  }

  #say(message: ToEngine): void {
    if (this.#isGone) return;
    if (this.#early) this.#early.push(message);
    else this.#send(message);
  }

  #send(message: ToEngine): void {
    // What does not reach it any more is lost with it.
    this.#process?.send(message, () => undefined);
  }

  #receive(message: unknown): void {
    if (this.#isGone) return;
    this.#unanswered = 0;
    const read = readFromEngine(message);
    if (!read) return;
    switch (read.type) {
      case 'ready': {
        const early = this.#early ?? [];
        this.#early = undefined;
        for (const each of early) this.#send(each);
        this.#settleReady?.resolve();
        break;
      }
      case 'pong':
        break;
      case 'news':
        this.#connections.get(read.connection)?.receive(read.news);
        break;
      default:
        read satisfies never;
    }
  }

  #lost(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#timer?.cancel();
    process.off('exit', this.#kill);
    this.#settleReady?.reject(new Error('The WebRTC engine has ended.'));
    this.#resolveGone();
    const connections = [...this.#connections.values()];
    const unheard = this.#isEnding ? [] : connections.filter(({ mayMove }) => mayMove);
    this.#onGone(unheard);
    for (const connection of connections) if (!unheard.includes(connection)) connection.lost();
  }
}
