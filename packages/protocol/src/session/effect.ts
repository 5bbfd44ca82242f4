import type { ConnectionID } from '../ids.js';
import type { ServerMessage } from '../message.js';
import type { SessionTimer } from './event.js';
import type { TimerGeneration } from './state.js';

/** What a transition asks the runtime to do, in this order. */
export type SessionEffect =
  | { readonly type: 'send'; readonly to: ConnectionID; readonly message: ServerMessage }
  /** The sender's own frame goes on to the other peer, byte for byte. */
  | { readonly type: 'relay'; readonly to: ConnectionID }
  /** From here on this connection is the session's desktop, or its mobile; `known` when it was that before. */
  | {
      readonly type: 'seat';
      readonly connection: ConnectionID;
      readonly role: 'desktop' | 'mobile';
      readonly known: boolean;
    }
  /** A newer connection of the same peer took the seat: close this one with 4000. */
  | { readonly type: 'replace'; readonly connection: ConnectionID }
  | {
      readonly type: 'start_timer';
      readonly timer: SessionTimer;
      readonly generation: TimerGeneration;
      readonly seconds: number;
    }
  | { readonly type: 'stop_timer'; readonly timer: SessionTimer; readonly generation: TimerGeneration }
  /** The session is closed: nothing of it may stay in memory. */
  | { readonly type: 'forget' };
