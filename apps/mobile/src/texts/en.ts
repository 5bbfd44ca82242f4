import type { MobileEnd } from '@proxim/peer';
import type { LinkFault } from '@proxim/protocol';

/** A screen's first line says what is, its second what to do. */
export interface Message {
  readonly title: string;
  readonly text: string;
}

const ends: Readonly<Record<MobileEnd, Message>> = {
  rejected_by_user: {
    title: 'The request was turned down',
    text: 'Somebody at the computer chose Reject. Ask again if that was a mistake.',
  },
  timeout: {
    title: 'Nobody answered',
    text: 'Go to the computer, then ask again: it waits 40 seconds for Approve.',
  },
  desktop_left: {
    title: 'The computer stopped waiting',
    text: 'Open Proxim on the computer again, then scan its new code.',
  },
  expired: {
    title: 'The time is up',
    text: 'To go on, scan the new code that the computer shows.',
  },
  closed_by_desktop: {
    title: 'The computer ended the session',
    text: 'To connect again, scan the new code that it shows.',
  },
  desktop_lost: {
    title: 'The computer is gone',
    text: 'It may be asleep or switched off. Wake it, then scan its new code.',
  },
  server_shutdown: {
    title: 'Proxim was closed on the computer',
    text: 'Open it again there, then scan its new code.',
  },
  too_many_attempts: {
    title: 'This code was tried too often',
    text: 'It no longer works. Scan the new code that the computer shows.',
  },
  unverified: {
    title: 'The computer could not check this phone',
    text: 'Scan the code on its screen: a copied link may not be enough.',
  },
  blocked: {
    title: 'This phone is blocked',
    text: 'Unblock it in Proxim on the computer, then scan its new code.',
  },
  rejected: {
    title: 'The computer refused',
    text: 'Scan the code again that the computer shows now.',
  },
  session_not_found: {
    title: 'This code is no longer valid',
    text: 'Scan the code that the computer shows now.',
  },
  session_busy: {
    title: 'Another phone is using this code',
    text: 'Wait until it is done, or make a new code on the computer.',
  },
  desktop_away: {
    title: 'The computer is not answering',
    text: 'It may be asleep, or between two networks. Wake it, then ask again.',
  },
  rate_limited: {
    title: 'Too many tries at once',
    text: 'Wait half a minute, then ask again.',
  },
  capacity: {
    title: 'The server is full',
    text: 'Try again in a few minutes.',
  },
  unreachable: {
    title: 'The computer cannot be reached',
    text: 'Join the same Wi-Fi as the computer, leave guest networks and VPNs, then ask again.',
  },
  replaced: {
    title: 'Another tab took over',
    text: 'Go on in that tab, or use this one instead.',
  },
  forged: {
    title: 'Somebody else answered',
    text: 'The answer did not come from the computer whose code you scanned, so nothing was sent. Scan the code again, on a network that you trust.',
  },
  refused: {
    title: 'The computer refused this connection',
    text: 'It could not make sure that it was this phone. Scan its new code.',
  },
  no_direct_path: {
    title: 'No direct way to the computer',
    text: 'The network keeps the two apart, as guest networks do. Join the computer’s own Wi-Fi, then ask again.',
  },
  left: {
    title: 'Disconnected',
    text: 'This phone no longer controls the computer. Connect again whenever you like.',
  },
};

const linkFaults: Readonly<Record<LinkFault, string>> = {
  not_a_link: 'That is not a Proxim link. It starts with http and is shown under the code on the computer.',
  other_version: 'That link was made by another version of Proxim. Update Proxim on the computer.',
  incomplete: 'A part of that link is missing. Copy all of it, or scan the code.',
};

/** What the computer says when it carries nothing out. */
const problems: Readonly<Record<string, string>> = {
  no_screen: 'This computer has no screen to control.',
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
    deviceNameLabel: 'This phone’s name',
    ask: 'Ask to connect',
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
    hints: ['Tap to click, two fingers for a right click', 'Two fingers scroll', 'Tap, then touch again to drag'],
    problem: (reason: string): string =>
      (Object.hasOwn(problems, reason) ? problems[reason] : undefined) ??
      'This computer cannot be controlled at the moment. Its window says why.',
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
    disconnect: 'Disconnect',
    close: 'Done',
    speed: (factor: number) => `${factor.toFixed(1)} ×`,
    speedSaid: (factor: number) => `${factor.toFixed(1)} times`,
  },

  reconnecting: {
    title: 'Coming back…',
    text: (computer: string) => `Looking for ${computer}. You need no new approval, and no key stays pressed there.`,
    disconnect: 'Disconnect',
  },

  ended: {
    askAgain: 'Ask again',
    connectAgain: 'Connect again',
    useThisTab: 'Use this tab',
    scanNew: 'Scan the new code',
    scanOther: 'Scan another code',
  },

  ends,
  linkFaults,
} as const;
