import { controlChannels } from '@proxim/control';
import { type MobileMemory, MobilePeer, type MobileState } from '@proxim/peer';
import { nodeEnvironment } from '@proxim/peer/node';
import { parseLink } from '@proxim/protocol';

/** A phone without a page: the peer alone, over real sockets and real WebRTC. */
export interface NodePhone {
  readonly peer: MobilePeer;
  /** Every state so far, oldest first. */
  readonly states: readonly MobileState[];
  /** What the computer said of the session's kind. */
  readonly kinds: readonly string[];
  /** The next state for which `where` holds, this one included; asked again when what is remembered changes. */
  reaches(where: (state: MobileState) => boolean): Promise<MobileState>;
}

/** Starts a phone on a link, with what an earlier one remembered. */
export const startNodePhone = (link: string, memory?: MobileMemory): NodePhone => {
  const parsed = parseLink(link);
  if (!parsed.ok) throw new Error(`the link is ${parsed.error}`);
  const peer = new MobilePeer({
    environment: nodeEnvironment(),
    link: parsed.value,
    deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
    channels: Object.values(controlChannels),
    memory,
  });
  const states: MobileState[] = [];
  const kinds: string[] = [];
  const waiting = new Set<() => void>();
  const lookAgain = (): void => {
    for (const look of [...waiting]) look();
  };
  peer.on('session', ({ sessionType }) => kinds.push(sessionType));
  peer.on('state', (state) => {
    states.push(state);
    lookAgain();
  });
  peer.on('memory', lookAgain);
  peer.ask();
  return {
    peer,
    states,
    kinds,
    reaches: (where) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!where(peer.state)) return;
          waiting.delete(look);
          resolve(peer.state);
        };
        waiting.add(look);
        look();
      }),
  };
};

/** For {@link NodePhone.reaches}. */
export const isStatus =
  (status: MobileState['status']) =>
  (state: MobileState): boolean =>
    state.status === status;
