import type { SystemQuestionEnd } from '../host/system-commands.js';
import type {
  WindowAbility,
  WindowSession,
  WindowSessionType,
  WindowSystemAction,
  WindowSystemQuestion,
} from '../host/window-protocol.js';

/** The terminal's sentences. English first; one file a language. */

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** `15 minutes`, `1 hour 30 minutes`: the two largest units that are not zero. */
const durationText = (seconds: number): string => {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${String(count)} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ') || '0 seconds';
};

/** How long a code is good, and what it opens. @param seconds until its end; null when nothing ends it but the user */
export const codeText = (sessionType: WindowSessionType, seconds: number | null): string => {
  const time = durationText(seconds ?? 0);
  switch (sessionType) {
    case 'one_time':
      return `It can be scanned for ${time}, once. The session ends when the phone disconnects.`;
    case 'temporary':
      return `It works for ${time}: until then the phone may come and go.`;
    case 'persistent':
      return 'It works until you make a new one. The phone may then come back without asking until you remove it.';
    default:
      sessionType satisfies never;
      return '';
  }
};

/** What approving means beyond this moment. @param seconds until the session's end; null when it has none */
export const staysText = (sessionType: WindowSessionType, seconds: number | null): string => {
  switch (sessionType) {
    case 'one_time':
      return 'The session ends when it disconnects.';
    case 'temporary':
      return `It may come back without asking for ${durationText(seconds ?? 0)}.`;
    case 'persistent':
      return 'It may come back at any time without asking, until you remove it.';
    default:
      sessionType satisfies never;
      return '';
  }
};

/** What a phone can be allowed, in as few words as a line of the terminal has room for. */
export const abilityTexts: Readonly<Record<WindowAbility, string>> = {
  view: 'see the screen',
  point: 'point',
  type: 'type',
  clipboard: 'clipboard',
  system: 'lock, sleep, shut down',
};

const systemDone: Readonly<Record<WindowSystemAction, string>> = {
  lock: 'locked this computer',
  sleep: 'put this computer to sleep',
  restart: 'restarts this computer',
  shut_down: 'shuts this computer down',
};

export const texts = {
  scan: "Scan this with your phone's camera.",
  newAddress: "This computer's address has changed: the code from before leads nowhere, this is the new one.",
  noNetwork: 'This computer is in no network: no phone can follow that link yet.',
  keys: '[n] new code  [t] other kind  [p] phones  [m] what they may do  [s] pause  [x] remove  [e] end  [q] quit',
  remembered: (name: string) => `${name} may come back without asking.  [p] phones`,
  asksToo: (name: string) => `${name} asks too, and waits for its turn.`,
  connected: (name: string) => `Connected. ${name} controls this computer.  [e] end session`,
  back: (name: string) => `${name} is back and controls this computer.  [e] end session`,
  lost: (name: string) => `${name} lost its connection. Nothing stays pressed.`,
  mayComeBack: 'It may come back by itself.',
  turnedAway: (name: string | null, why: string) => `${name ?? 'A device'} was turned away: ${turnedAwayText(why)}`,
  wants: (name: string) => `${name} wants to control this computer.`,
  verified: 'It proved that it read this code.',
  unverified: 'It did NOT prove that it read this code. If you scanned it with our page, reject.',
  fullControl: 'Approving gives it full control: pointer, keys, everything you can do.',
  mayDo: (rights: string) => `It may: ${rights}   (a number changes it)`,
  answers: '[a] approve   [r] reject   [b] reject and do not ask again',
  answersUnverified: '[A] approve anyway   [r] reject   [b] reject and do not ask again',
  blocked: 'Rejected. It is not asked about again in this session.',
  paused: 'Paused: phones stay connected and do nothing.  [s] go on',
  resumed: 'Phones may go on.',
  nobodyToPause: 'Nobody is connected.',
  changing: (name: string, rights: string) => `${name} may: ${rights}   (a number changes it)`,
  deliberately: 'This device did not prove that it read the code: Shift+A approves it all the same.',
  approved: 'Approved. The phone connects …',
  timeout: 'Nobody answered in time. The phone was told.',
  wantsSystem: (name: string, action: WindowSystemQuestion['action']) =>
    `${name} wants to ${action === 'restart' ? 'restart this computer' : 'shut this computer down'}.`,
  unsaved: 'What is open here is lost unless it was saved. No phone can answer this.',
  systemAnswers: (action: WindowSystemQuestion['action']) =>
    `[A] ${action === 'restart' ? 'restart' : 'shut down'}   [r] don't`,
  systemDeliberately: 'Shift+A does it.',
  systemOver: {
    allowed: 'Allowed.',
    rejected_by_user: 'Refused. The phone was told.',
    timeout: 'Nobody answered in time. The phone was told.',
    withdrawn: 'The phone wants it no more.',
    not_allowed: 'The phone may not do that any more.',
  } satisfies Record<SystemQuestionEnd, string>,
  systemDone: (name: string, action: WindowSystemAction) => `${name} ${systemDone[action]}.`,
  left: 'The phone has left.',
  phones: 'Phones:',
  noPhones: 'No phone has been let in.',
  whichPhone: (last: number) =>
    last < 10
      ? 'Which one shall be removed? Press its number; any other key keeps them all.'
      : 'Which one shall be removed? Type its number, and Enter; any other key keeps them all.',
  whichMay: (last: number) => (last < 10 ? 'Which one? Press its number.' : 'Which one? Type its number, and Enter.'),
  nothingRemoved: 'They all stay.',
  nothingChanged: 'Nothing was changed.',
  nobodyToEnd: 'Nobody is connected.',
};

/** How it stands with a phone of the list. */
export interface PhoneStanding {
  readonly direct: WindowSession['direct'];
  /** Null when it was never connected. */
  readonly seenSecondsAgo: number | null;
  readonly sessionType: WindowSessionType;
  /** Until its session ends; null when nothing ends it but the user. */
  readonly secondsLeft: number | null;
  readonly isRemembered: boolean;
}

const presenceText = ({ direct, seenSecondsAgo }: PhoneStanding): string => {
  if (direct === 'connected' || direct === 'connecting') return direct;
  return seenSecondsAgo === null ? 'away' : `away, last seen ${durationText(seenSecondsAgo)} ago`;
};

const stayText = ({ sessionType, secondsLeft, isRemembered }: PhoneStanding): string => {
  switch (sessionType) {
    case 'one_time':
      return 'ends when it disconnects';
    case 'temporary':
      return `for another ${durationText(secondsLeft ?? 0)}`;
    case 'persistent':
      return isRemembered ? 'remembered until you remove it' : 'until you remove it or Proxim ends';
    default:
      sessionType satisfies never;
      return '';
  }
};

/** `connected; for another 14 minutes` */
export const phoneStateText = (standing: PhoneStanding): string => `${presenceText(standing)}; ${stayText(standing)}`;

/** One line of the list of phones. */
export const phoneLine = (number: number, name: string, state: string): string =>
  `  ${String(number).padStart(2)}  ${name}: ${state}`;

const ends: Readonly<Record<string, string>> = {
  expired: 'The session is over: its time is up.',
  closed_by_desktop: 'The session was ended.',
  desktop_lost: 'The signaling server has given the session away. Here is a new code.',
  too_many_attempts: 'Too many requests were refused: this code is no longer good.',
  server_shutdown: 'The signaling server went down.',
};

/** @param phone whose session it was, if any phone's; @param sessionType where it is known */
export const endText = (reason: string, phone: string | null, sessionType: WindowSessionType | undefined): string => {
  if (reason === 'closed_by_desktop' && phone !== null) {
    if (sessionType === 'persistent') return `${phone} was removed: it has to be approved again.`;
    return `The session of ${phone} is over.`;
  }
  return ends[reason] ?? 'The session is over.';
};

const turnedAway: Readonly<Record<string, string>> = {
  auth_wrong: 'its proof of having read the code is wrong. Somebody may be in between.',
  auth_missing: 'it did not prove that it read the code.',
  unverified: 'it did not prove that it read the code.',
  bad_description: 'its connection offer is malformed.',
};

const turnedAwayText = (why: string): string => turnedAway[why] ?? 'its request was refused.';
