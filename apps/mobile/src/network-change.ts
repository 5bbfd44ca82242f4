/** The browser's word on the network, where it has one (https://wicg.github.io/netinfo/). */
interface NetworkInformation extends EventTarget {
  /** `wifi`, `cellular`; not every browser tells. */
  readonly type?: unknown;
}

const networkInformation = (): NetworkInformation | undefined => {
  const connection: unknown = 'connection' in navigator ? navigator.connection : undefined;
  return connection instanceof EventTarget ? connection : undefined;
};

/**
 * Calls `onChange` when the phone is in another network, and `onHint` when something about the one it is in has
 * changed: browsers tell by one and the same event that the phone has left its Wi-Fi and that their estimate of its
 * speed is another one.
 */
export const onNetworkChange = (onChange: () => void, onHint: () => void): void => {
  addEventListener('online', onChange);
  const information = networkInformation();
  let type = information?.type;
  information?.addEventListener('change', () => {
    const before = type;
    type = information.type;
    // A browser that does not tell the kind of network may mean either.
    if (type === undefined || type !== before) onChange();
    else onHint();
  });
};
