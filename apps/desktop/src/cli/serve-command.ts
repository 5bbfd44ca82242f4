import { createHash, timingSafeEqual } from 'node:crypto';

import { type Limits, ProximError } from '@proxim/protocol';
import type { NatsBus } from '@proxim/signaling/nats';
import { createSignalingServer, type Log, machineHosts } from '@proxim/signaling';

import type { LogLevel } from '../fleet/log-levels.js';
import { isLoopback } from '../fleet/loopback.js';
import type { BusStatus, Metrics } from '../fleet/metrics.js';
import type { MetricsListener } from '../fleet/metrics-listener.js';
import { observerOf } from '../fleet/observers.js';
import { Readiness } from '../fleet/readiness.js';
import { createServeLog } from '../fleet/serve-log.js';
import { readTokens } from './files.js';
import { limitsOf } from './flags.js';
import { makeQuit, quitOnSignal } from './stop-signal.js';

export interface ServeFlags extends Limits {
  readonly port: number;
  readonly host: string;
  readonly json?: boolean;
  readonly tokenFile?: string;
  readonly open?: boolean;
  readonly allowOrigin: readonly string[];
  readonly trustProxy: readonly string[];
  readonly web?: boolean;
  readonly iceServer: readonly string[];
  readonly nats: readonly string[];
  readonly natsCredentialsFile?: string;
  readonly metricsPort?: number;
  readonly metricsHost: string;
  readonly logLevel: LogLevel;
}

/** How long the connections may take to say goodbye, and how long the whole end may take. */
const drainMs = 8000;
const quitWithinMs = 9500;

/** How long the start waits for NATS. */
const natsWaitMs = 3000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a token is one of those in the file; the time it takes tells nothing of how near a guess was. */
const tokenCheck = (tokens: readonly string[]): ((token: string | undefined) => boolean) => {
  const digests = tokens.map(digest);
  return (token) => {
    const given = digest(token ?? '');
    let isKnown = false;
    for (const known of digests) isKnown = timingSafeEqual(known, given) || isKnown;
    return isKnown && token !== undefined;
  };
};

/** NATS may be started after this: then the node begins with what it can do alone. */
const joinCluster = async ({ nats, natsCredentialsFile: file }: ServeFlags, log: Log): Promise<NatsBus> => {
  const { createNatsBus } = await import('@proxim/signaling/nats');
  const [credentials] = file === undefined ? [] : readTokens('--nats-credentials-file', file);
  const bus = createNatsBus({ servers: nats, log, ...(credentials === undefined ? {} : { credentials }) });
  const isLate = new Promise<'late'>((resolve) => setTimeout(resolve, natsWaitMs, 'late').unref());
  const found = await Promise.race([bus.connected, isLate]);
  if (found === 'late') log.warn({}, 'NATS is not reached yet');
  return bus;
};

const busStatusOf =
  (bus: NatsBus): BusStatus =>
  () =>
    bus.isConnected() ? 'connected' : 'disconnected';

/** Nobody who does without the figures waits until what collects them is loaded. */
const openMetrics = async (
  { metricsPort: port, metricsHost: host }: ServeFlags,
  { busStatus, readiness }: { readonly busStatus: BusStatus | undefined; readonly readiness: Readiness },
): Promise<{ readonly metrics: Metrics; readonly listener: MetricsListener } | undefined> => {
  if (port === undefined) return undefined;
  const [{ createMetrics }, { listenForMetrics }] = await Promise.all([
    import('../fleet/metrics.js'),
    import('../fleet/metrics-listener.js'),
  ]);
  const metrics = createMetrics({ busStatus });
  return { metrics, listener: await listenForMetrics({ port, host }, { metrics, readiness }) };
};

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** `proxim serve`: runs until a signal ends it. @throws ProximError what keeps it from listening */
export const runServe = async (flags: ServeFlags): Promise<void> => {
  const tokens = flags.tokenFile === undefined ? undefined : readTokens('--token-file', flags.tokenFile);
  if (!tokens && !isLoopback(flags.host) && flags.open !== true) {
    throw new ProximError(
      'open_server',
      '--host: beyond loopback anybody could make sessions here. Give --token-file, or --open if that is meant.',
    );
  }
  const page = flags.web === true ? (await import('../host/page-files.js')).servePhonePage() : undefined;
  const log = createServeLog(flags.logLevel, process.stderr);
  const bus = flags.nats.length > 0 ? await joinCluster(flags, log) : undefined;
  const limits = limitsOf(flags);
  const busStatus = bus && busStatusOf(bus);
  const isFull = (): boolean => server.counts().connections >= limits.maxConnections;
  const readiness = new Readiness({ isFull, busStatus });
  const watched = await openMetrics(flags, { busStatus, readiness });
  const observer = observerOf([log.observer, watched?.metrics.observer].filter((one) => one !== undefined));
  const server = createSignalingServer({
    ...(bus ? { bus } : {}),
    ...(observer ? { observer } : {}),
    limits,
    allowOrigins: flags.allowOrigin,
    trustProxies: flags.trustProxy,
    localHosts: () => new Set([...machineHosts(), flags.host.toLowerCase()]),
    log,
    ...(tokens ? { authorizeDesktop: tokenCheck(tokens) } : {}),
    ...(page ? { handleRequest: page } : {}),
    ...(flags.iceServer.length > 0 ? { iceServers: () => flags.iceServer.map((urls) => ({ urls })) } : {}),
  });
  const quit = async (): Promise<void> => {
    readiness.drains();
    log.info(server.counts(), 'going down');
    await server.close({ drainMs });
    await bus?.close();
    await watched?.listener.close();
    log.info({}, 'down');
  };
  quitOnSignal(makeQuit(quit, quitWithinMs));
  const { port } = await server.listen({ port: flags.port, host: flags.host });
  readiness.listens();
  const url = `ws://${urlHost(flags.host)}:${String(port)}`;
  const metricsPort = watched?.listener.port;
  log.info({ port, ...(metricsPort === undefined ? {} : { metricsPort }) }, 'listening');
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ event: 'listening', port, url, metricsPort })}\n`);
    return;
  }
  process.stdout.write(`Proxim signaling server: ${url}\n`);
  if (metricsPort === undefined) return;
  process.stdout.write(`Metrics: http://${urlHost(flags.metricsHost)}:${String(metricsPort)}/metrics\n`);
};
