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
  },
} as const;
