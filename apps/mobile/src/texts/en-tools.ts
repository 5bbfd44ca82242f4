/** What the tools say; loaded with them. */
export const toolTexts = {
  title: 'Tools',
  close: 'Done',

  clipboard: {
    title: 'Clipboard',
  },
} as const;
