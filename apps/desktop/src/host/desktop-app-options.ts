import type { ControlRights, SystemAction, SystemRefusal } from '@proxim/control';
import type { DesktopSessionView, PeerEnvironment, Prompt } from '@proxim/peer';
import type { SessionID, SessionType } from '@proxim/protocol';

import type { ConnectClipboard } from '../backends/clipboard/clipboard-backend.js';
import type { SystemBackend } from '../backends/system/system-backend.js';
import type { ConnectInput } from './controlled-computer.js';
import type { PhoneMemory } from './phone-memory.js';
import type { PageElsewhere } from './relay-page.js';
import type { AskedAction, SystemQuestionEnd } from './system-commands.js';
import type { WindowAddress } from './window-protocol.js';

/** What the app is made of. Everything of the platform is passed in. */
export interface DesktopAppOptions {
  readonly environment: PeerEnvironment;
  /** Unix milliseconds. */
  readonly wallClock: () => number;
  readonly computerName: string;
  readonly signaling: {
    /** Where the app itself connects. */
    readonly url: string;
    readonly token?: string;
    /** What the link says of it, when it is not the page's own origin. */
    readonly announced?: string;
  };
  /** Where the phone's page is served. */
  readonly page: { readonly scheme: 'http' | 'https'; readonly port: number };
  /** Where the phone's page is instead, for as long as the code leads there. */
  readonly pageElsewhere: () => PageElsewhere | null;
  /** Why phones may refuse a link to this host, in one sentence with the cure; null when they do not. */
  readonly linkProblem: (host: string) => string | null;
  readonly addresses: () => readonly WindowAddress[];
  /** The address that the user asked for, which the ranking does not overrule. */
  readonly address: string | undefined;
  /** Phones that may come back after this run. */
  readonly memory: PhoneMemory;
  readonly unverified: 'ask' | 'refuse';
  readonly sessionTtlSeconds: number;
  readonly pairingTimeoutSeconds: number;
  readonly firstSession: { readonly sessionType: SessionType; readonly ttlSeconds: number };
  /** Whether a new code follows when the last session ends. */
  readonly renewsSession: boolean;
  readonly connectInput: ConnectInput;
  /** What locks this computer, puts it to sleep, restarts it and shuts it down. */
  readonly system: SystemBackend;
  /** Called when a phone first uses the clipboard; null when this computer has none. */
  readonly connectClipboard: ConnectClipboard | null;
}

export interface DesktopAppEvents {
  /** Something that the window shows has changed. */
  changed: undefined;
  session: {
    readonly sessionID: SessionID;
    readonly sessionType: SessionType;
    readonly expiresAt: number | null;
    readonly link: string;
    /** A session of an earlier run, whose phone may come back: its code opens nothing for anybody else. */
    readonly remembered?: boolean;
  };
  prompt: Prompt;
  prompt_gone: {
    readonly sessionID: SessionID;
    readonly promptID: string;
    readonly reason: 'timeout' | 'mobile_left' | 'answered' | 'session_over';
  };
  peer: { readonly sessionID: SessionID; readonly state: DesktopSessionView['directState'] };
  turned_away: { readonly deviceName: string | null; readonly why: string };
  /** What a session's phone may do was changed, or it was paused or may go on. */
  rights: { readonly sessionID: SessionID; readonly rights: ControlRights; readonly isPaused: boolean };
  /** A phone wants to restart this computer, or to shut it down: the user is asked. */
  system_prompt: {
    readonly sessionID: SessionID;
    readonly promptID: string;
    readonly action: AskedAction;
    readonly deviceInfo: { readonly name: string; readonly id: string };
  };
  system_prompt_gone: {
    readonly sessionID: SessionID;
    readonly promptID: string;
    readonly reason: SystemQuestionEnd;
  };
  /** A phone's command was carried out, or refused for a `reason`. */
  system: { readonly sessionID: SessionID; readonly action: SystemAction; readonly reason: SystemRefusal | null };
  session_closed: { readonly sessionID: SessionID; readonly reason: string };
  error: { readonly code: string; readonly message: string };
}
