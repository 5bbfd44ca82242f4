import { closeCodes, errorCodes } from '@proxim/protocol';
import { connectionRoles, pairingResults, type ServerObserver, sessionEnds, sessionStatuses } from '@proxim/signaling';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Whether the bus of a cluster reaches the other nodes; a server that stands alone has none. */
export type BusStatus = () => 'connected' | 'disconnected';

/** The figures of one server, in the text format of Prometheus. */
export interface Metrics {
  readonly observer: ServerObserver;
  readonly contentType: string;
  text(): Promise<string>;
}

/** Other codes are of the other side's choosing, and there are thousands. */
const closeLabels = new Set<number>([...Object.values(closeCodes), 1006]);

/** Seconds: a user takes some to look at the computer, and has forty. */
const pairingBuckets = [0.5, 1, 2, 3, 5, 8, 12, 20, 30, 40];

/** A label's values stand at zero from the start: otherwise the first of each would not count as a growth. */
const startAtZero = <Name extends string>(counter: Counter<Name>, name: Name, values: readonly string[]): void => {
  for (const value of values) counter.inc({ [name]: value } as Record<Name, string>, 0);
};

const createConnectionMetrics = (registers: Registry[]) => {
  const connections = new Gauge({
    name: 'proxim_connections',
    help: 'Connections that are open, by what they turned out to be.',
    labelNames: ['role'],
    registers,
  });
  for (const role of connectionRoles) connections.set({ role }, 0);
  const opened = new Counter({
    name: 'proxim_connections_opened_total',
    help: 'Connections that were opened.',
    registers,
  });
  const closed = new Counter({
    name: 'proxim_connections_closed_total',
    help: 'Connections that have ended, by close code; those that are not of the protocol are `other`.',
    labelNames: ['role', 'code'],
    registers,
  });
  const errors = new Counter({
    name: 'proxim_errors_total',
    help: 'Messages of type `error` that were sent.',
    labelNames: ['code'],
    registers,
  });
  startAtZero(errors, 'code', errorCodes);
  const refused = new Counter({
    name: 'proxim_requests_refused_total',
    help: 'HTTP requests and upgrades that were refused, by status.',
    labelNames: ['status'],
    registers,
  });
  startAtZero(refused, 'status', ['403', '404', '429', '431', '503']);
  return {
    connectionOpened: () => {
      opened.inc();
      connections.inc({ role: 'none' });
    },
    roleTaken: (from, to) => {
      connections.dec({ role: from });
      connections.inc({ role: to });
    },
    connectionClosed: (role, code) => {
      connections.dec({ role });
      closed.inc({ role, code: closeLabels.has(code) ? String(code) : 'other' });
    },
    errorSent: (code) => {
      errors.inc({ code });
    },
    requestRefused: (status) => {
      refused.inc({ status: String(status) });
    },
  } satisfies Partial<ServerObserver>;
};

const createSessionMetrics = (registers: Registry[]) => {
  const sessions = new Gauge({
    name: 'proxim_sessions',
    help: 'Sessions that live on this node: nobody asks, a phone asks, a phone was approved.',
    labelNames: ['state'],
    registers,
  });
  for (const state of sessionStatuses) sessions.set({ state }, 0);
  const opened = new Counter({ name: 'proxim_sessions_opened_total', help: 'Sessions that were made.', registers });
  const closed = new Counter({
    name: 'proxim_sessions_closed_total',
    help: 'Sessions that have ended here, by reason; `superseded` lives on another node.',
    labelNames: ['reason'],
    registers,
  });
  startAtZero(closed, 'reason', sessionEnds);
  return {
    sessionOpened: () => {
      opened.inc();
      sessions.inc({ state: 'open' });
    },
    sessionChanged: (from, to) => {
      sessions.dec({ state: from });
      sessions.inc({ state: to });
    },
    sessionClosed: (from, reason) => {
      sessions.dec({ state: from });
      closed.inc({ reason });
    },
  } satisfies Partial<ServerObserver>;
};

const createPairingMetrics = (registers: Registry[]) => {
  const asked = new Counter({
    name: 'proxim_pairing_requests_total',
    help: 'Requests that a computer was asked about.',
    registers,
  });
  const results = new Counter({
    name: 'proxim_pairings_total',
    help: 'What came of them; `cancelled` when the phone went away, `other` for a reason of the computer’s own.',
    labelNames: ['result'],
    registers,
  });
  startAtZero(results, 'result', pairingResults);
  const seconds = new Histogram({
    name: 'proxim_pairing_seconds',
    help: 'From the request to its approval.',
    buckets: pairingBuckets,
    registers,
  });
  return {
    pairingAsked: () => {
      asked.inc();
    },
    pairingEnded: (result, ms) => {
      results.inc({ result });
      if (result === 'approved') seconds.observe(ms / 1000);
    },
  } satisfies Partial<ServerObserver>;
};

/** The one thing that happens all the time costs two additions; the figures are handed over when somebody asks. */
const createRelayMetrics = (registers: Registry[]) => {
  let messages = 0;
  let bytes = 0;
  new Counter({
    name: 'proxim_relayed_messages_total',
    help: 'Signals that went on from one peer to the other.',
    registers,
    collect() {
      this.reset();
      this.inc(messages);
    },
  });
  new Counter({
    name: 'proxim_relayed_bytes_total',
    help: 'Bytes of these.',
    registers,
    collect() {
      this.reset();
      this.inc(bytes);
    },
  });
  return {
    frameRelayed: (size) => {
      messages += 1;
      bytes += size;
    },
  } satisfies Partial<ServerObserver>;
};

const addBusMetric = (registers: Registry[], busStatus: BusStatus): void => {
  new Gauge({
    name: 'proxim_nats_connected',
    help: '1 while NATS is reached, else 0. Only on a node of a cluster.',
    registers,
    collect() {
      this.set(busStatus() === 'connected' ? 1 : 0);
    },
  });
};

/** Makes the metrics of one server. Every label has a small set of values, and none comes from the wire. */
export const createMetrics = ({ busStatus }: { readonly busStatus?: BusStatus | undefined }): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  const observer: ServerObserver = {
    ...createConnectionMetrics(registers),
    ...createSessionMetrics(registers),
    ...createPairingMetrics(registers),
    ...createRelayMetrics(registers),
  };
  if (busStatus) addBusMetric(registers, busStatus);
  collectDefaultMetrics({ register: registry });
  return { observer, contentType: registry.contentType, text: () => registry.metrics() };
};
