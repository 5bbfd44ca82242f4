/** The browser's word on the network, where it has one (https://wicg.github.io/netinfo/). */
interface NetworkInformation extends EventTarget {
  /** `wifi`, `cellular`; not every browser tells. */
  readonly type?: unknown;
}

export interface NetworkChangeOptions {
  /** Where `online` is heard: the page's window. */
  readonly window: EventTarget;
  /** Its `connection` is looked at. */
  readonly navigator: object;
  /** The phone is in another network. */
  readonly onChange: () => void;
  /** Something about the network has changed: perhaps no more than how fast it seems. */
  readonly onHint: () => void;
}

const networkInformation = (navigator: object): NetworkInformation | undefined => {
  const connection: unknown = 'connection' in navigator ? navigator.connection : undefined;
  return connection instanceof EventTarget ? connection : undefined;
};

/**
 * Listens for another network. Browsers tell by one and the same event that the phone has left its Wi-Fi and that their
 * estimate of its speed is another one; those that tell the kind of network show which of the two it was.
 */
export const listenForNetworkChange = ({ window, navigator, onChange, onHint }: NetworkChangeOptions): void => {
  window.addEventListener('online', onChange);
  const information = networkInformation(navigator);
  let type = information?.type;
  information?.addEventListener('change', () => {
    const before = type;
    type = information.type;
    if (type === undefined || type !== before) onChange();
    else onHint();
  });
};
