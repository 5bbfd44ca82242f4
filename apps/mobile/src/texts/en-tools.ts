/** Why the clipboard was not read or written: the computer's words, and `lost` and `no_answer` of this phone. */
const clipboardFaults: Readonly<Record<string, string>> = {
  not_allowed: 'The computer does not let this phone use its clipboard.',
  empty: 'There is nothing on it at the moment.',
  not_text: 'There is no text on it, but a picture or a file.',
  too_large: 'The text is too long: at most 1 MB can be sent.',
  secret: 'There is a password on it. Proxim leaves those on the computer.',
  busy: 'That was too often in a short time. Wait a moment, and try again.',
  lost: 'The connection was lost before it was done. Try again.',
  no_answer: 'The computer does not answer. Try again.',
};

/** What the tools say; loaded with them. */
export const toolTexts = {
  title: 'Tools',
  close: 'Done',

  clipboard: {
    title: 'Clipboard',
    notAllowed: 'The computer does not let this phone use its clipboard. Its window can allow it.',
    paused: 'Paused on the computer. It goes on when somebody there resumes.',
    field: 'Text for the computer',
    put: 'Copy to the computer',
    paste: 'Paste there',
    sending: 'Sending…',
    sendingPart: (percent: number) => `Sending… ${percent} %`,
    written: 'It is on the computer’s clipboard.',
    pasted: 'Pasted on the computer.',
    get: 'Get the computer’s clipboard',
    getting: 'Fetching…',
    gettingPart: (percent: number) => `Fetching… ${percent} %`,
    got: 'From the computer',
    excerpt: (characters: number) =>
      `The beginning of ${Math.round(characters / 1000)} thousand characters. Copying takes all of them.`,
    copy: 'Copy to this phone',
    copied: 'Copied to this phone.',
    copyByHand: 'The browser does not let Proxim copy. Select the text and copy it.',
    fault: (reason: string): string =>
      (Object.hasOwn(clipboardFaults, reason) ? clipboardFaults[reason] : undefined) ??
      'The computer’s clipboard cannot be reached at the moment.',
  },
} as const;
