import type { MobileSearch } from '@proxim/peer';
import type { LinkFault, SessionType } from '@proxim/protocol';

import { ends, lastingEnds, type Message, removedByComputer } from './en-ends.js';

export type { Message };

/** The largest unit that is not zero; nobody needs the minutes of last week. */
const ago = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60);
  const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'} ago`;
  if (days > 0) return days === 1 ? 'yesterday' : count(days, 'day');
  if (hours > 0) return count(hours, 'hour');
  return minutes > 0 ? count(minutes, 'minute') : 'just now';
};

const linkFaults: Readonly<Record<LinkFault, string>> = {
  not_a_link: 'That is not a Proxim link. It starts with http and is shown under the code on the computer.',
  other_version: 'That link was made by another version of Proxim. Update Proxim on the computer.',
  incomplete: 'A part of that link is missing. Copy all of it, or scan the code.',
};

/** What the computer says when it carries nothing out. */
const problems: Readonly<Record<string, string>> = {
  no_screen: 'This computer has no screen to control.',
  not_allowed: 'The computer lets this phone neither point nor type.',
  paused: 'Paused on the computer. It goes on when somebody there resumes.',
  no_permission: 'This computer does not let Proxim control it yet. Its window says how to allow it.',
  unsupported_platform: 'Proxim cannot control this kind of computer yet.',
};

export const texts = {
  productName: 'Proxim',
  computerWithoutName: 'Your computer',

  start: {
    title: 'Not connected yet',
    text: 'Open Proxim on your computer and scan the code that it shows.',
    textOnPlainHttp: 'Open Proxim on your computer and point your camera app at the code that it shows.',
    scan: 'Scan the code',
    photo: 'Take a photo of the code',
    linkLabel: 'Or enter the address under the code',
    linkPlaceholder: '192.168.1.7:47800',
    open: 'Open',
    here: 'This is the page of that computer already. Scan its code, or paste the whole link.',
    noCodeInPhoto: 'There is no code in that photo. Hold the phone closer, so that the code fills most of it.',
    otherCode: 'That code is not from Proxim. Scan the one that the computer shows.',
    photoFailed: 'That photo could not be read. Take another one.',
  },

  myComputers: {
    title: 'My computers',
    text: 'Tap one to connect. Nobody there has to approve.',
    lastUsed: (seconds: number) => `Last used ${ago(seconds)}`,
    remove: (computer: string) => `Remove ${computer}`,
    removed: (computer: string) => `Removed: ${computer}`,
    undo: 'Undo',
    linkLabel: 'Another computer: scan its code, or enter the address under it',
  },

  otherTab: {
    title: 'This computer is open in another tab of this phone',
    text: 'Go on in that tab, or use this one instead.',
  },

  scanner: {
    title: 'Scan the code',
    text: 'Point the camera at the code on the computer.',
    cancel: 'Cancel',
    denied:
      'The camera is not allowed here. Allow it in the browser’s settings for this page, or take a photo of the code.',
    noCamera: 'No camera was found. Use a photo of the code, or type the address under it.',
    failed: 'The camera did not start. Close other apps that use it, or take a photo of the code.',
  },

  ready: {
    text: 'Ask to control this computer. Somebody there has to approve.',
    textWhenKnown: 'This computer knows this phone. Connect: nobody there has to approve.',
    deviceNameLabel: 'This phone’s name',
    ask: 'Ask to connect',
    connect: 'Connect',
    other: 'Scan another code',
  },

  waiting: {
    reaching: (computer: string): Message => ({
      title: `Reaching ${computer}`,
      text: 'Stay on the same network as the computer.',
    }),
    asked: (computer: string, phone: string): Message => ({
      title: 'Approve on the computer',
      text: `${computer} is asking whether “${phone}” may control it.`,
    }),
    approved: (computer: string): Message => ({
      title: 'Approved',
      text: `Connecting to ${computer}. Keep this page open.`,
    }),
    secondsLeft: (seconds: number) => `${seconds} ${seconds === 1 ? 'second' : 'seconds'} left to approve`,
    cancel: 'Cancel',
  },

  connected: {
    touchpad: 'Touchpad',
    connected: 'Connected',
    notConnected: 'Not connected',
    timeLeft: (clock: string) => `Time left: ${clock}`,
    settings: 'Settings',
    tools: 'Tools',
    hints: ['Tap to click, two fingers for a right click', 'Two fingers scroll', 'Tap, then touch again to drag'],
    pointOnly: 'The computer lets this phone point, and not type.',
    typeOnly: 'The computer lets this phone type, and not point.',
    problem: (reason: string): string =>
      (Object.hasOwn(problems, reason) ? problems[reason] : undefined) ??
      'This computer cannot be controlled at the moment. Its window says why.',
  },

  keep: {
    question: 'Keep this computer on this phone?',
    text: 'You then connect without asking, until you remove it.',
    keep: 'Keep',
    notNow: 'Not now',
  },

  buttons: {
    keyboard: 'Keyboard',
    left: 'Left button',
    leftShort: 'Left',
    middle: 'Middle button',
    right: 'Right button',
    rightShort: 'Right',
  },

  keyboard: {
    field: 'Type on the computer',
    fieldHint: 'Type here',
    keys: 'Keys',
    arrows: 'Arrow keys',
    escape: 'Esc',
    tab: 'Tab',
    ctrl: 'Ctrl',
    alt: 'Alt',
    super: 'Super',
    shift: 'Shift',
    left: 'Left arrow',
    up: 'Up arrow',
    down: 'Down arrow',
    right: 'Right arrow',
    locked: 'Locked',
  },

  settings: {
    title: 'Settings',
    pointerSpeed: 'Pointer speed',
    scrollSpeed: 'Scroll speed',
    naturalScrolling: 'Natural scrolling',
    naturalScrollingText: 'The page follows your fingers.',
    session: (sessionType: SessionType, timeLeft: string | null): string => {
      switch (sessionType) {
        case 'one_time':
          return 'This session ends when you disconnect.';
        case 'temporary':
          return timeLeft === null ? 'This session ends when its time is up.' : `This session ends in ${timeLeft}.`;
        case 'persistent':
          return 'This session lasts until it is removed on the computer.';
        default:
          return sessionType satisfies never;
      }
    },
    keep: 'Keep this computer',
    keepText: 'You then connect from here without asking.',
    disconnect: 'Disconnect',
    close: 'Done',
    speed: (factor: number) => `${factor.toFixed(1)} ×`,
    speedSaid: (factor: number) => `${factor.toFixed(1)} times`,
  },

  reconnecting: {
    title: 'Coming back…',
    text: (why: MobileSearch, computer: string): string => {
      switch (why) {
        case 'lost':
          return `Looking for ${computer}. You need no new approval, and no key stays pressed there.`;
        case 'closed':
          return `Proxim was closed on ${computer}. Open it again there: this phone comes back without a new approval.`;
        case 'asleep':
          return `${computer} went to sleep. Wake it: this phone comes back without a new approval.`;
        default:
          return why satisfies never;
      }
    },
    trying: (seconds: number) => `Trying for ${seconds} seconds`,
    disconnect: 'Disconnect',
  },

  ended: {
    askAgain: 'Ask again',
    connectAgain: 'Connect again',
    useThisTab: 'Use this tab',
    scanNew: 'Scan the new code',
    scanOther: 'Scan another code',
    tryAgain: 'Try again',
    remove: 'Remove this computer',
    scanCode: 'Scan its code',
    myComputers: 'My computers',
  },

  ends,
  lastingEnds,
  removedByComputer,
  linkFaults,
} as const;
