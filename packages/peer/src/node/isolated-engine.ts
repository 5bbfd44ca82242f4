import type { Clock } from '@proxim/protocol';

import type { DirectHandlers, RtcEngine } from '../common/rtc-engine.js';
import { EngineChild } from './engine-child.js';
import { IsolatedConnection, type NewConnection } from './isolated-connection.js';

/** An engine in a process of its own, which is started when it is first needed. */
export interface IsolatedRtcEngine {
  /**
   * Resolves once the process can connect, a tenth of a second after the first call.
   *
   * @throws Error where it cannot: the engine cannot be loaded
   */
  readonly load: () => Promise<RtcEngine>;
  /** Ends the process, within a second. Close all peers before. */
  readonly unload: () => Promise<void>;
}

/** Processes are not started more often, whatever ends them. */
const startEveryMs = 1000;

/**
 * Makes libdatachannel, the WebRTC engine for Node, run in a process of its own, for a program that must live on whatever
 * a stranger's packets do to native code. When the process dies or hangs its connections fail, and the next one gets a
 * new process.
 *
 * @param options `program`: the path of that process's built program, where it is not beside this file
 * @example
 * const engine = isolatedRtcEngine({ clock: environment.clock });
 * new DesktopPeer({ environment: { ...environment, loadRtcEngine: engine.load }, ... });
 */
export const isolatedRtcEngine = (options: { readonly clock: Clock; readonly program?: URL }): IsolatedRtcEngine => {
  const { clock, program = new URL('./engine-process.js', import.meta.url) } = options;
  let child: EngineChild | undefined;
  let ending: Promise<void> | undefined;
  let lastStart = -Infinity;

  const current = (): EngineChild => {
    if (child) return child;
    const waitMs = Math.max(0, lastStart + startEveryMs - clock.now());
    lastStart = clock.now() + waitMs;
    const started = new EngineChild({
      clock,
      program,
      waitMs,
      onGone: (unheard) => {
        if (child === started) child = undefined;
        for (const connection of unheard) current().take(connection);
      },
    });
    child = started;
    return started;
  };

  const connect = (made: NewConnection, handlers: DirectHandlers): IsolatedConnection => {
    const connection = new IsolatedConnection(made, handlers);
    current().take(connection);
    return connection;
  };

  const engine: RtcEngine = {
    offer: ({ handlers, ...made }) => connect({ type: 'offer', ...made }, handlers),
    answer: ({ handlers, ...made }) => connect({ type: 'answer', ...made }, handlers),
  };

  return {
    load: async () => {
      // There is one process at a time.
      await ending;
      await current().ready;
      return engine;
    },
    unload: async () => {
      ending ??= child?.end().then(() => {
        ending = undefined;
      });
      await ending;
    },
  };
};
