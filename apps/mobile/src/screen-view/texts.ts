/** Why there is no picture. */
const reasons: Readonly<Record<string, string>> = {
  declined: 'Nobody at the computer chose what to show.',
  ended_on_computer: 'The computer stopped showing its screen.',
  not_allowed: 'The computer does not let this phone see its screen. Somebody there can allow it in Proxim’s window.',
  paused: 'This phone is paused on the computer, and sees nothing meanwhile.',
  too_often: 'Asked too often. Wait ten seconds, then ask again.',
  no_window: 'Open Proxim’s window on the computer: it is what shows the screen.',
  window_closed: 'Proxim’s window on the computer was closed, and the picture with it.',
  interrupted: 'The connection began anew, and the picture ended with the old one.',
  unsupported: 'The browser of Proxim’s window cannot show this screen. Open the window in Chromium, Chrome or Edge.',
  no_path: 'The picture found no way to this phone. A firewall on the computer may be in between.',
};

/** What the phone says about the computer's screen; fetched with the picture and not before. */
export const screenTexts = {
  see: 'See the screen',
  stop: 'Stop seeing the screen',
  asked: 'Asked the computer',
  askedText: 'Somebody there chooses what this phone sees.',
  cancel: 'Cancel',
  coming: 'The picture is coming…',
  picture: 'The computer’s screen',
  full: 'Fill the phone with the picture',
  leaveFull: 'Show all controls',
  again: 'Ask again',
  dismiss: 'Dismiss',
  over: (reason: string): string =>
    (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? 'The computer does not show its screen now.',
};
