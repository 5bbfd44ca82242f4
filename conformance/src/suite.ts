import { type ConformanceTarget, makeCast } from './cast.js';
import { describeComingBack } from './suite/coming-back.js';
import { describePairing } from './suite/pairing.js';
import { describeRoles } from './suite/roles.js';
import { describeSeedClients } from './suite/seed.js';
import { describeSessions } from './suite/sessions.js';
import { describeSignals } from './suite/signals.js';
import { describeTransport } from './suite/transport.js';

/**
 * Holds any signaling server to the rules of the wire, from outside. The server must allow more `pair_request`s than
 * the default limits do, and keep the default durations.
 */
export const runConformance = (target: ConformanceTarget): void => {
  const cast = makeCast(target);
  describeSeedClients(cast);
  describeTransport(cast);
  describeSessions(cast);
  describePairing(cast);
  describeSignals(cast);
  describeComingBack(cast);
  describeRoles(cast);
};
