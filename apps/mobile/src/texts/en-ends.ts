import type { MobileEnd } from '@proxim/peer';

import type { outlived } from '../way-on.js';

/** A screen's first line says what is, its second what to do. */
export interface Message {
  readonly title: string;
  readonly text: string;
}

/** Why it is over. */
export const ends: Readonly<Record<MobileEnd, Message>> = {
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
    title: 'This phone is blocked for this code',
    text: 'Somebody at the computer wants no more questions from it. A new code there starts afresh.',
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
    title: 'This code is in use already',
    text: 'Each code pairs one phone. If that was this one and its page was closed since, make a new code on the computer.',
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
    text: 'Go on in that tab, or use this one instead. If you have no other tab, end it on the computer: somebody else has the code.',
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
    text: 'The network keeps the two apart, as guest networks do. Join the computer’s own Wi-Fi, then connect again.',
  },
  left: {
    title: 'Disconnected',
    text: 'This phone no longer controls the computer. Connect again whenever you like.',
  },
};

/** Where the session lasts until it is removed: the same connection works again. */
export const lastingEnds: Readonly<Record<(typeof outlived)[number], Message>> = {
  desktop_left: {
    title: 'The computer stopped waiting',
    text: 'Open Proxim on the computer again, then connect again. Nobody there has to approve.',
  },
  desktop_lost: {
    title: 'The computer is gone',
    text: 'It may be asleep or switched off. Wake it, then connect again. Nobody there has to approve.',
  },
  server_shutdown: {
    title: 'Proxim was closed on the computer',
    text: 'Open it again there, then connect again. Nobody there has to approve.',
  },
  session_not_found: {
    title: 'The computer does not know this phone any more',
    text: 'It was removed there, or Proxim was started with other data. Try again, or scan the computer’s code to be approved anew.',
  },
  session_busy: {
    title: 'Another phone is using this connection',
    text: 'Wait until it is done, then connect again.',
  },
  desktop_away: {
    title: 'The computer is not answering',
    text: 'It may be asleep, or between two networks. Wake it, then connect again.',
  },
  rate_limited: {
    title: 'Too many tries at once',
    text: 'Wait half a minute, then connect again.',
  },
  capacity: {
    title: 'The server is full',
    text: 'Connect again in a few minutes.',
  },
  unreachable: {
    title: 'The computer cannot be reached',
    text: 'It may be asleep, or Proxim is not open there. Join the same Wi-Fi as the computer, then connect again.',
  },
};

/** The computer has removed a phone that had kept it. */
export const removedByComputer: Message = {
  title: 'The computer removed this phone',
  text: 'It is no longer among your computers. To connect again, scan the code that it shows.',
};
