/** Sessions a second that a server, or those that are left of a cluster, take up again without being felt. */
const sessionsPerSecond = 200;

const leastSeconds = 5;
/** Half of the minute that a desktop waits at most: a phone looks for its desktop for two. */
const mostSeconds = 30;

/** Over how many seconds those come back whose sessions a server ended when it went down. */
export const reconnectSpreadSeconds = (sessions: number): number =>
  Math.min(mostSeconds, Math.max(leastSeconds, sessions / sessionsPerSecond));
