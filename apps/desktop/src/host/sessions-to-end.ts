import type { DesktopSessionView } from '@proxim/peer';
import type { SessionID } from '@proxim/protocol';

/** The sessions that end when the user ends what goes on: a remembered phone that is not here is left in peace. */
export const sessionsToEnd = (sessions: readonly DesktopSessionView[]): readonly SessionID[] =>
  sessions
    .filter(
      ({ device, sessionType, directState }) =>
        device !== undefined &&
        (sessionType !== 'persistent' || directState === 'connected' || directState === 'connecting'),
    )
    .map(({ sessionID }) => sessionID);
