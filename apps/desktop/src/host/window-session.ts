import type { DesktopSessionView, DirectPath } from '@proxim/peer';

import type { WindowSession } from './window-protocol.js';

const windowPath = ({ localType, remoteType, roundTripMs }: DirectPath): WindowSession['path'] => {
  if (localType === 'relay' || remoteType === 'relay') return { kind: 'relay', roundTripMs };
  // A hidden address is found as "peer reflexive" on the same network too; only a server-reflexive one tells of a NAT.
  const isThroughNat = localType === 'srflx' || remoteType === 'srflx';
  return { kind: isThroughNat ? 'internet' : 'local', roundTripMs };
};

/** A session as the window shows it. */
export const windowSession = (
  session: DesktopSessionView,
  known: {
    readonly link: string;
    readonly connectedSince: number | null;
    readonly lastSeenAt: number | null;
    readonly label: string | null;
    readonly isRemembered: boolean;
    readonly rights: WindowSession['rights'];
    readonly isPaused: boolean;
    readonly screen: WindowSession['screen'];
    readonly path: DirectPath | undefined;
    /** Whether the phone went on purpose. */
    readonly hasLeft: boolean;
    /** How long a question is open in all. */
    readonly promptSeconds: number;
    /** Unix milliseconds of a moment on the peer's clock. */
    readonly unixTime: (at: number) => number;
  },
): WindowSession => {
  const { sessionID, sessionType, expiresAt, prompt, device, isVerified, directState } = session;
  return {
    sessionID,
    sessionType,
    expiresAt: expiresAt === null ? null : known.unixTime(expiresAt),
    link: known.link,
    prompt: prompt
      ? {
          promptID: prompt.promptID,
          deviceInfo: prompt.deviceInfo,
          verified: prompt.verified,
          expiresAt: known.unixTime(prompt.expiresAt),
          totalSeconds: known.promptSeconds,
        }
      : null,
    device: device ?? null,
    verified: isVerified,
    direct: known.hasLeft && directState === 'disconnected' ? 'closed' : directState,
    connectedSince: known.connectedSince,
    lastSeenAt: known.lastSeenAt,
    label: known.label,
    isRemembered: known.isRemembered,
    rights: known.rights,
    isPaused: known.isPaused,
    screen: known.screen,
    path: known.path ? windowPath(known.path) : null,
  };
};
