import type { ConnectionID, PeerToken, PromptID } from '../ids.js';
import type { DeviceInfo } from '../message.js';
import type { TimerGeneration } from './state.js';

/** The server's settings that a session's life depends on. Durations in seconds. */
export interface SessionRules {
  readonly pairingTimeoutSeconds: number;
  readonly sessionTtlSeconds: number;
  readonly desktopGraceSeconds: number;
  readonly maxAttempts: number;
}

/** What ends a seat: a socket that was closed on purpose, or one that was lost in whatever way. */
export type ConnectionEnd = 'left' | 'lost';

export type SessionTimer = 'prompt' | 'grace' | 'expiry';

/** All that can happen to a session. `now` is in milliseconds of the injected clock. */
export type SessionEvent =
  | {
      readonly type: 'desktop_returned';
      readonly now: number;
      readonly connection: ConnectionID;
      readonly token: PeerToken | undefined;
    }
  | {
      readonly type: 'pair_requested';
      readonly now: number;
      readonly connection: ConnectionID;
      readonly token: PeerToken | undefined;
      readonly deviceInfo: DeviceInfo;
      readonly auth: string | undefined;
      /** Whether the sender's address has asked too often: then only a mobile that is known may pass. */
      readonly limited: boolean;
      /** A fresh one, for the prompt that this request may lead to. */
      readonly promptID: PromptID;
    }
  | {
      readonly type: 'pair_responded';
      readonly now: number;
      readonly connection: ConnectionID;
      readonly approved: boolean;
      readonly promptID: PromptID | undefined;
      readonly reason: string | undefined;
    }
  | {
      readonly type: 'signal_sent';
      readonly connection: ConnectionID;
      /** Whether this connection has asked for this session before. */
      readonly asked: boolean;
    }
  | { readonly type: 'close_requested'; readonly connection: ConnectionID }
  | {
      readonly type: 'connection_ended';
      readonly now: number;
      readonly connection: ConnectionID;
      readonly end: ConnectionEnd;
    }
  | { readonly type: 'timer_fired'; readonly timer: SessionTimer; readonly generation: TimerGeneration }
  | { readonly type: 'server_stopping'; readonly reconnectAfterSeconds: number };
