import type { NodeConnectionOptions } from '@nats-io/transport-node';

/** Where the NATS servers of a cluster are, and who a node is there. */
export interface NatsPlace {
  /** `nats://host:port` or, where TLS is a must, `tls://host:port`; one or several of one NATS cluster. */
  readonly servers: readonly string[];
  /** `user:password`, or a token. */
  readonly credentials?: string;
  /** How often NATS is asked whether it is there, in seconds; after two answers that do not come it is not. */
  readonly pingSeconds?: number;
}

const identityOf = (credentials: string): { user: string; pass: string } | { token: string } => {
  const colon = credentials.indexOf(':');
  return colon < 0 ? { token: credentials } : { user: credentials.slice(0, colon), pass: credentials.slice(colon + 1) };
};

/** How a node connects: for as long as it runs, whatever becomes of NATS. */
export const connectionOptions = (
  node: string,
  { servers, credentials, pingSeconds = 5 }: NatsPlace,
): NodeConnectionOptions => ({
  servers: [...servers],
  ...(servers.some((url) => url.startsWith('tls:')) ? { tls: {} } : {}),
  ...(credentials === undefined ? {} : identityOf(credentials)),
  name: `proxim ${node}`,
  // A request about one's own session would otherwise be answered by oneself.
  noEcho: true,
  waitOnFirstConnect: true,
  maxReconnectAttempts: -1,
  ignoreAuthErrorAbort: true,
  reconnectTimeWait: 250,
  reconnectJitter: 250,
  pingInterval: pingSeconds * 1000,
  maxPingOut: 2,
});
