import type { WindowSession, WindowState } from '../host/window-protocol.js';

/**
 * How it stands with the code: the first hindrance in the way of who wants to scan it.
 *
 * - `none`: there is no code; `over`: its time is up
 * - `no_network`, `unreachable`: a phone would find nobody at its address
 * - `no_input`: a phone can connect and then control nothing
 */
export type CodeStanding = 'ready' | 'none' | 'over' | 'no_network' | 'unreachable' | 'no_input';

/** A user who asked for an address by hand knows why; only where the code holds this computer's own does nobody come. */
const isOnNoNetwork = ({ addresses, address }: WindowState): boolean =>
  addresses.every(({ kind }) => kind === 'loopback') &&
  (address === '127.0.0.1' || addresses.some((known) => known.address === address));

/** @param isOver whether its time is up by this machine's clock; the app says so too, a moment later */
export const codeStanding = (state: WindowState, session: WindowSession | null, isOver: boolean): CodeStanding => {
  if (isOnNoNetwork(state)) return 'no_network';
  if (!state.isSignalingConnected) return 'unreachable';
  if (session === null) return 'none';
  if (isOver) return 'over';
  return state.input.isReady ? 'ready' : 'no_input';
};
