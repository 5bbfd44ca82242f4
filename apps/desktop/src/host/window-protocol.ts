/**
 * What the desktop app and its own window say to each other, as JSON over a WebSocket on 127.0.0.1. Types alone: the
 * window's page imports this file too. Times are Unix milliseconds: both run on one machine.
 */
import type { ScreenCommand, ScreenEvent, WindowScreen } from './screen-protocol.js';

export type WindowSessionType = 'one_time' | 'temporary' | 'persistent';

/** What a phone can be allowed to do. */
export type WindowAbility = 'view' | 'point' | 'type' | 'clipboard' | 'system';

/** What a phone can have done to the computer itself. */
export type WindowSystemAction = 'lock' | 'sleep' | 'restart' | 'shut_down';

/** What a phone may do. */
export type WindowRights = Readonly<Record<WindowAbility, boolean>>;

/** A question for the user. */
export interface WindowPrompt {
  readonly promptID: string;
  readonly deviceInfo: { readonly name: string; readonly id: string };
  /** Whether the device proved that it read this QR code. */
  readonly verified: boolean;
  readonly expiresAt: number;
  /** How long it was open in all, for the ring. */
  readonly totalSeconds: number;
}

export interface WindowSession {
  readonly sessionID: string;
  readonly sessionType: WindowSessionType;
  readonly expiresAt: number | null;
  /** What the QR code says. */
  readonly link: string;
  readonly prompt: WindowPrompt | null;
  /** The approved phone; null until one is. */
  readonly device: { readonly name: string; readonly id: string } | null;
  readonly verified: boolean;
  readonly direct: 'connecting' | 'connected' | 'disconnected' | 'closed';
  readonly connectedSince: number | null;
  /** When its phone was last connected; null when it never was, as far as this computer remembers. */
  readonly lastSeenAt: number | null;
  /** The name that the user gave its phone, in the place of the one that the phone gives itself. */
  readonly label: string | null;
  /** What its phone may do while it is not paused. */
  readonly rights: WindowRights;
  /** Whether its phone may do nothing at the moment. */
  readonly isPaused: boolean;
  /** Whether its phone sees the screen, or asks to. */
  readonly screen: WindowScreen | null;
  /** Whether it is kept on this computer and outlives Proxim. */
  readonly isRemembered: boolean;
  /** `local`: the same network; `internet`: through a NAT; `relay`: through a TURN server; null while unknown. */
  readonly path: { readonly kind: 'local' | 'internet' | 'relay'; readonly roundTripMs: number | null } | null;
}

/** A phone wants to restart this computer, or to shut it down. */
export interface WindowSystemQuestion {
  readonly promptID: string;
  readonly sessionID: string;
  readonly action: 'restart' | 'shut_down';
  readonly expiresAt: number;
  readonly totalSeconds: number;
}

/** An address of this machine that a phone might reach. */
export interface WindowAddress {
  readonly address: string;
  readonly interfaceName: string;
  readonly kind: 'network' | 'vpn' | 'virtual' | 'loopback';
}

/** One line of the run's log: what happened, to whom, when; never what was typed. */
export interface WindowNotice {
  readonly at: number;
  readonly kind:
    | 'session_created'
    | 'session_closed'
    | 'asked'
    | 'approved'
    | 'rejected'
    | 'blocked'
    | 'panic'
    | 'prompt_gone'
    | 'connected'
    | 'disconnected'
    | 'turned_away'
    | 'paused'
    | 'resumed'
    | 'rights_changed'
    | 'system_asked'
    | 'system_done'
    | 'system_refused'
    | 'clipboard_read'
    | 'clipboard_written'
    | 'screen_asked'
    | 'screen_shared'
    | 'screen_ended';
  readonly deviceName: string | null;
  /** The contract's reason, where there is one: `expired`, `timeout`, `auth_wrong`. */
  readonly reason: string | null;
  /** Of the `system_` kinds: what the phone wanted. */
  readonly action?: WindowSystemAction | undefined;
  /** How often in a row, up to `at`; once when left out. */
  readonly times?: number;
}

/** All that the window shows. Sent whole at each change. */
export interface WindowState {
  readonly computerName: string;
  readonly isSignalingConnected: boolean;
  /** Whether this computer can be controlled; else why not, in one sentence with the cure. */
  readonly input: {
    readonly isReady: boolean;
    readonly problem: string | null;
    /** The keys that end control from anywhere: `Ctrl+Alt+End`; null where there are none. */
    readonly panicKey: string | null;
  };
  /** What can be allowed on this computer at all. */
  readonly abilities: readonly WindowAbility[];
  readonly addresses: readonly WindowAddress[];
  /** The address in the QR code. */
  readonly address: string;
  readonly port: number;
  /** Why phones may refuse the link in the QR code, in one sentence with the cure; null when they do not. */
  readonly linkProblem: string | null;
  /** Live sessions, oldest first; empty for the moment between an end and the next code. */
  readonly sessions: readonly WindowSession[];
  /** What a phone wants and the user has to allow; null when there is no such question. */
  readonly systemQuestion: WindowSystemQuestion | null;
  /** What the next code will be. */
  readonly nextSession: { readonly sessionType: WindowSessionType; readonly ttlSeconds: number };
  /** Newest last. */
  readonly notices: readonly WindowNotice[];
  /** Why phones are not remembered beyond this run, in one sentence with the cure; null when they are. */
  readonly memoryProblem: string | null;
}

/** From the window. */
export type WindowCommand =
  /** The first message, and the only one that is heard before it. */
  | { readonly command: 'hello'; readonly token: string; readonly canShareScreen: boolean }
  /** Ends the sessions that nobody uses and makes one of this kind. */
  | { readonly command: 'create'; readonly sessionType: WindowSessionType; readonly ttlSeconds?: number }
  | {
      readonly command: 'approve';
      readonly sessionID: string;
      readonly promptID: string;
      readonly unverified?: boolean;
      /** What it may do; everything when left out. */
      readonly rights?: WindowRights;
    }
  | { readonly command: 'reject'; readonly sessionID: string; readonly promptID: string }
  /** Turns a device away, and all that it asks later in this session. */
  | { readonly command: 'block'; readonly sessionID: string; readonly promptID: string }
  /** Lets a phone restart this computer or shut it down, or does not. */
  | { readonly command: 'allow' | 'deny'; readonly sessionID: string; readonly promptID: string }
  /** Ends a session; one that is remembered is forgotten. */
  | { readonly command: 'close'; readonly sessionID: string }
  /** Allows a phone more, or less, at once. */
  | { readonly command: 'set_rights'; readonly sessionID: string; readonly rights: WindowRights }
  /** Lets a phone do nothing for a while, or go on. */
  | { readonly command: 'pause'; readonly sessionID: string; readonly isPaused: boolean }
  /** Gives a phone a name of the user's; an empty one gives it back its own. */
  | { readonly command: 'rename'; readonly sessionID: string; readonly name: string }
  | { readonly command: 'select_address'; readonly address: string }
  | ScreenCommand;

/** To the window. */
export type WindowEvent =
  | { readonly event: 'state'; readonly state: WindowState }
  | { readonly event: 'error'; readonly code: string; readonly message: string }
  | ScreenEvent;
