/** Sessions a second that a server, or those that are left of a cluster, take up again without being felt. */
const sessionsPerSecond = 200;

const leastSeconds = 5;
/** Half of the minute that a peer waits at most, and for which a phone looks for the way back. */
const mostSeconds = 30;

/** Over how many seconds those come back whose sessions a server ended when it went down. */
export const reconnectSpreadSeconds = (sessions: number): number =>
  Math.min(mostSeconds, Math.max(leastSeconds, sessions / sessionsPerSecond));
