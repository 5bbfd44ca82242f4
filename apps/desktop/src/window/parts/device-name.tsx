const longName = 40;

/**
 * The name that a device gave itself: text alone, kept apart from the direction of the text around it, and cut when it
 * would fill the window.
 */
export const DeviceName = ({ name }: { readonly name: string }) => (
  <bdi class={name.length > longName ? 'name name-long' : 'name'}>{name}</bdi>
);
