import type { ScreenEvent, WindowIceServer, WindowScreen } from '../host/screen-protocol.js';
import type {
  WindowAddress,
  WindowEvent,
  WindowNotice,
  WindowPrompt,
  WindowSession,
  WindowState,
  WindowSystemQuestion,
} from '../host/window-protocol.js';

type Check<T> = (value: unknown) => value is T;
type Checks<T> = { readonly [K in keyof T]-?: Check<T[K]> };

const isString: Check<string> = (value) => typeof value === 'string';
const isNumber: Check<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value);
const isBoolean: Check<boolean> = (value) => typeof value === 'boolean';

const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value): value is T | null =>
    value === null || check(value);

const orMissing =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || check(value);

const oneOf =
  <const T extends string>(...allowed: readonly T[]): Check<T> =>
  (value): value is T =>
    allowed.some((one) => one === value);

const listOf =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(check);

const shape =
  <T extends object>(checks: Checks<T>): Check<T> =>
  (value): value is T => {
    if (typeof value !== 'object' || value === null) return false;
    const fields = new Map<string, unknown>(Object.entries(value));
    return Object.entries<Check<unknown>>(checks).every(([key, check]) => check(fields.get(key)));
  };

const isDevice = shape<{ readonly name: string; readonly id: string }>({ name: isString, id: isString });
const isSessionType = oneOf('one_time', 'temporary', 'persistent');

const isPrompt = shape<WindowPrompt>({
  promptID: isString,
  deviceInfo: isDevice,
  verified: isBoolean,
  expiresAt: isNumber,
  totalSeconds: isNumber,
});

/** Left out or so. */
const orAbsent =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || check(value);

const isScreen = shape<WindowScreen>({
  share: isNumber,
  step: oneOf('asked', 'shared'),
  maxWidth: isNumber,
  maxHeight: isNumber,
  iceServers: listOf(
    shape<WindowIceServer>({ urls: isString, username: orAbsent(isString), credential: orAbsent(isString) }),
  ),
});

const isSession = shape<WindowSession>({
  sessionID: isString,
  sessionType: isSessionType,
  expiresAt: orNull(isNumber),
  link: isString,
  prompt: orNull(isPrompt),
  device: orNull(isDevice),
  verified: isBoolean,
  direct: oneOf('connecting', 'connected', 'disconnected', 'closed'),
  connectedSince: orNull(isNumber),
  lastSeenAt: orNull(isNumber),
  label: orNull(isString),
  isRemembered: isBoolean,
  rights: shape<WindowSession['rights']>({
    view: isBoolean,
    point: isBoolean,
    type: isBoolean,
    clipboard: isBoolean,
    system: isBoolean,
  }),
  isPaused: isBoolean,
  screen: orNull(isScreen),
  path: orNull(
    shape<NonNullable<WindowSession['path']>>({
      kind: oneOf('local', 'internet', 'relay'),
      roundTripMs: orNull(isNumber),
    }),
  ),
});

const isAddress = shape<WindowAddress>({
  address: isString,
  interfaceName: isString,
  kind: oneOf('network', 'vpn', 'virtual', 'loopback'),
});

const isNotice = shape<WindowNotice>({
  at: isNumber,
  kind: oneOf(
    'session_created',
    'session_closed',
    'asked',
    'approved',
    'rejected',
    'blocked',
    'panic',
    'prompt_gone',
    'connected',
    'disconnected',
    'turned_away',
    'paused',
    'resumed',
    'rights_changed',
    'system_asked',
    'system_done',
    'system_refused',
    'clipboard_read',
    'clipboard_written',
    'screen_asked',
    'screen_shared',
    'screen_ended',
  ),
  deviceName: orNull(isString),
  reason: orNull(isString),
  action: orMissing(oneOf('lock', 'sleep', 'restart', 'shut_down')),
  times: orMissing(isNumber),
});

const isState = shape<WindowState>({
  computerName: isString,
  isSignalingConnected: isBoolean,
  input: shape<WindowState['input']>({ isReady: isBoolean, problem: orNull(isString), panicKey: orNull(isString) }),
  abilities: listOf(oneOf('view', 'point', 'type', 'clipboard', 'system')),
  addresses: listOf(isAddress),
  address: isString,
  port: isNumber,
  linkProblem: orNull(isString),
  sessions: listOf(isSession),
  systemQuestion: orNull(
    shape<WindowSystemQuestion>({
      promptID: isString,
      sessionID: isString,
      action: oneOf('restart', 'shut_down'),
      expiresAt: isNumber,
      totalSeconds: isNumber,
    }),
  ),
  nextSession: shape<WindowState['nextSession']>({ sessionType: isSessionType, ttlSeconds: isNumber }),
  notices: listOf(isNotice),
  memoryProblem: orNull(isString),
});

const isStateEvent = shape<Extract<WindowEvent, { event: 'state' }>>({ event: oneOf('state'), state: isState });
const isErrorEvent = shape<Extract<WindowEvent, { event: 'error' }>>({
  event: oneOf('error'),
  code: isString,
  message: isString,
});

const isScreenAnswer = shape<Extract<ScreenEvent, { event: 'screen_answer' }>>({
  event: oneOf('screen_answer'),
  share: isNumber,
  sdp: isString,
});
const isScreenCandidate = shape<Extract<ScreenEvent, { event: 'screen_candidate' }>>({
  event: oneOf('screen_candidate'),
  share: isNumber,
  candidate: isString,
  sdpMid: orNull(isString),
  sdpMLineIndex: orNull(isNumber),
});

const isScreenNotTaken = shape<Extract<ScreenEvent, { event: 'screen_not_taken' }>>({
  event: oneOf('screen_not_taken'),
  share: isNumber,
});

/** Reads what the app sent; null for what this page does not understand, which it then leaves alone. */
export const readWindowEvent = (text: string): WindowEvent | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (isStateEvent(value) || isErrorEvent(value)) return value;
  return isScreenAnswer(value) || isScreenCandidate(value) || isScreenNotTaken(value) ? value : null;
};
