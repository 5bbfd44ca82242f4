import type {
  ConnectionID,
  DeviceInfo,
  OpenSession,
  PairedSession,
  PeerToken,
  PromptID,
  PromptingSession,
  ServerMessage,
  SessionEffect,
  SessionEvent,
  SessionFacts,
  SessionID,
  SessionRules,
} from '@proxim/protocol';

/** The people and things that the tests of a session's life share. All times in milliseconds. */
export const rules: SessionRules = {
  pairingTimeoutSeconds: 40,
  sessionTtlSeconds: 900,
  desktopGraceSeconds: 60,
  maxAttempts: 5,
};

const sessionID = 'abc123' as SessionID;
export const uuid = '123e4567-e89b-42d3-a456-426614174000';
const desktopToken = 'D'.repeat(22) as PeerToken;
export const phoneToken = 'P'.repeat(22) as PeerToken;
export const strangerToken = 'S'.repeat(22) as PeerToken;

/** Connections: of the desktop and of the phone, the newer ones that they come back with, and somebody else's. */
export const desktop = 'desktop' as ConnectionID;
export const desktopAgain = 'desktop-again' as ConnectionID;
export const phone = 'phone' as ConnectionID;
export const phoneAgain = 'phone-again' as ConnectionID;
export const stranger = 'stranger' as ConnectionID;

export const galaxy: DeviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };
export const promptID = 'prompt-1' as PromptID;
export const nextPromptID = 'prompt-2' as PromptID;

export const facts: SessionFacts = { sessionID, uuid, sessionType: 'temporary', desktopToken };
/** Of a desktop that knows the five messages alone: it can never come back. */
export const plainFacts: SessionFacts = { ...facts, desktopToken: null };

/** When the events of the tests happen: ten seconds into the prompt, a hundred into the session. */
export const now = 100_000;
export const expiry = { at: 900_000, timer: 0 };

/** Where the phone of a session sits. */
export type MobileSeat = PairedSession['mobile'];

export const present = (connection: ConnectionID, token: PeerToken | null = phoneToken): MobileSeat => ({
  presence: 'present',
  connection,
  token,
});

export const open = (changes: Partial<OpenSession> = {}): OpenSession => ({
  status: 'open',
  facts,
  desktop: { presence: 'present', connection: desktop },
  expiry,
  nextTimer: 2,
  attempts: 0,
  ...changes,
});

export const prompting = (changes: Partial<PromptingSession> = {}): PromptingSession => ({
  status: 'prompting',
  facts,
  desktop: { presence: 'present', connection: desktop },
  expiry,
  nextTimer: 2,
  attempts: 0,
  prompt: { promptID, deviceInfo: galaxy, auth: undefined, expiresAt: 130_000, timer: 1 },
  mobile: present(phone),
  ...changes,
});

export const paired = (changes: Partial<PairedSession> = {}): PairedSession => ({
  status: 'paired',
  facts,
  desktop: { presence: 'present', connection: desktop },
  expiry,
  nextTimer: 2,
  mobile: present(phone),
  ...changes,
});

/** A desktop that was lost, with its 60 seconds running as timer 7. */
export const away = { presence: 'away', timer: 7 } as const;

type Of<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

export const requested = (changes: Partial<Of<'pair_requested'>> = {}): SessionEvent => ({
  type: 'pair_requested',
  now,
  connection: phone,
  token: phoneToken,
  deviceInfo: galaxy,
  auth: undefined,
  limited: false,
  promptID: nextPromptID,
  ...changes,
});

export const responded = (approved: boolean, changes: Partial<Of<'pair_responded'>> = {}): SessionEvent => ({
  type: 'pair_responded',
  now,
  connection: desktop,
  approved,
  promptID: undefined,
  reason: undefined,
  ...changes,
});

export const returned = (changes: Partial<Of<'desktop_returned'>> = {}): SessionEvent => ({
  type: 'desktop_returned',
  now,
  connection: desktopAgain,
  token: desktopToken,
  ...changes,
});

export const ended = (connection: ConnectionID, end: 'left' | 'lost'): SessionEvent => ({
  type: 'connection_ended',
  now,
  connection,
  end,
});

export const signalled = (connection: ConnectionID, asked = true): SessionEvent => ({
  type: 'signal_sent',
  connection,
  asked,
});

export const closing = (connection: ConnectionID = desktop): SessionEvent => ({ type: 'close_requested', connection });

export const fired = (timer: 'prompt' | 'grace' | 'expiry', generation: number): SessionEvent => ({
  type: 'timer_fired',
  timer,
  generation,
});

export const stopping: SessionEvent = { type: 'server_stopping', reconnectAfterSeconds: 3 };

/** A message of this session; its `sessionID` goes without saying. */
type Said = ServerMessage extends infer M ? (M extends { sessionID?: unknown } ? Omit<M, 'sessionID'> : never) : never;

export const send = (to: ConnectionID, message: Said): SessionEffect => ({
  type: 'send',
  to,
  message: { ...message, sessionID } as ServerMessage,
});

export const seat = (connection: ConnectionID, role: 'desktop' | 'mobile', known: boolean): SessionEffect => ({
  type: 'seat',
  connection,
  role,
  known,
});

export const start = (timer: 'prompt' | 'grace' | 'expiry', generation: number, seconds: number): SessionEffect => ({
  type: 'start_timer',
  timer,
  generation,
  seconds,
});

export const stop = (timer: 'prompt' | 'grace' | 'expiry', generation: number): SessionEffect => ({
  type: 'stop_timer',
  timer,
  generation,
});

export const replace = (connection: ConnectionID): SessionEffect => ({ type: 'replace', connection });
export const relay = (to: ConnectionID): SessionEffect => ({ type: 'relay', to });
export const forget: SessionEffect = { type: 'forget' };
