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

  system: {
    title: 'System',
    computerWithoutName: 'Your computer',
    names: { lock: 'Lock', sleep: 'Sleep', restart: 'Restart', shut_down: 'Shut down' },
    confirm: {
      lock: {
        title: (computer: string) => `Lock ${computer}?`,
        text: 'It then wants its password from whoever sits there.',
        confirm: 'Lock',
      },
      sleep: {
        title: (computer: string) => `Put ${computer} to sleep?`,
        text: 'This phone cannot wake it. It comes back by itself when somebody does.',
        confirm: 'Sleep',
      },
      restart: {
        title: (computer: string) => `Restart ${computer}?`,
        text: 'What is open there is lost unless it was saved. Somebody there has to allow it.',
        confirm: 'Restart',
      },
      shut_down: {
        title: (computer: string) => `Shut ${computer} down?`,
        text: 'What is open there is lost unless it was saved. Somebody there has to allow it.',
        confirm: 'Shut down',
      },
    },
    cancel: 'Cancel',
    sent: (computer: string) => `Asking ${computer}…`,
    asked: {
      title: (computer: string) => `Allow it on ${computer}`,
      text: 'It is asking there, on its screen. This phone cannot answer.',
      secondsLeft: (seconds: number) => `${seconds} ${seconds === 1 ? 'second' : 'seconds'} left to allow it`,
    },
    done: {
      lock: (computer: string) => `${computer} is locked.`,
      sleep: (computer: string) => `${computer} goes to sleep.`,
      restart: (computer: string) => `${computer} restarts.`,
      shut_down: (computer: string) => `${computer} shuts down.`,
    },
    lockFailed: (computer: string) => `${computer} did not say that it is locked. Its screen may still be open.`,
    refused: {
      not_allowed: (computer: string) => `${computer} does not let this phone do that.`,
      rejected_by_user: () => 'Somebody at the computer refused.',
      timeout: () => 'Nobody at the computer answered.',
      unavailable: (computer: string) => `${computer} cannot do that at the moment.`,
      failed: (computer: string) => `${computer} did not do it. Something that runs there may be in the way.`,
      busy: (computer: string) => `${computer} is busy with another question. Try again in a moment.`,
      lost: () => 'The connection was replaced before there was an answer. Try again.',
    },
    notAllowed: (computer: string) => `${computer} does not let this phone do any of this.`,
  },

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
