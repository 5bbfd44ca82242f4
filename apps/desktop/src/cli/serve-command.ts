import { createHash, timingSafeEqual } from 'node:crypto';

import { type Limits, ProximError } from '@proxim/protocol';
import type { NatsBus } from '@proxim/signaling/nats';
import { createSignalingServer, type Log, machineHosts } from '@proxim/signaling';

import { readTokens } from './files.js';
import { limitsOf } from './flags.js';
import { iceServersOf } from './ice-servers.js';
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
  readonly turnSecretFile?: string;
  readonly iceServer: readonly string[];
  readonly nats: readonly string[];
  readonly natsCredentialsFile?: string;
}

/** How long the connections may take to say goodbye, and how long the whole end may take. */
const drainMs = 8000;
const quitWithinMs = 9500;

/** How long the start waits for NATS. */
const natsWaitMs = 3000;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

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

/** Log lines as JSON on standard error, one an event. */
const log: Log = (() => {
  const write = (level: string) => (details: object, message: string) => {
    process.stderr.write(`${JSON.stringify({ level, message, ...details })}\n`);
  };
  return { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };
})();

/** NATS may be started after this: then the node begins with what it can do alone. */
const joinCluster = async ({ nats, natsCredentialsFile: file }: ServeFlags): Promise<NatsBus> => {
  const { createNatsBus } = await import('@proxim/signaling/nats');
  const [credentials] = file === undefined ? [] : readTokens('--nats-credentials-file', file);
  const bus = createNatsBus({ servers: nats, log, ...(credentials === undefined ? {} : { credentials }) });
  const isLate = new Promise<'late'>((resolve) => setTimeout(resolve, natsWaitMs, 'late').unref());
  const found = await Promise.race([bus.connected, isLate]);
  if (found === 'late') log.warn({}, 'NATS is not reached yet');
  return bus;
};

/** `proxim serve`: runs until a signal ends it. @throws ProximError what keeps it from listening */
export const runServe = async (flags: ServeFlags): Promise<void> => {
  const tokens = flags.tokenFile === undefined ? undefined : readTokens('--token-file', flags.tokenFile);
  if (!tokens && !isLoopback(flags.host) && flags.open !== true) {
    throw new ProximError(
      'open_server',
      '--host: beyond loopback anybody could make sessions here. Give --token-file, or --open if that is meant.',
    );
  }
  const ice = iceServersOf(flags, log);
  const page = flags.web === true ? (await import('../host/page-files.js')).servePhonePage() : undefined;
  const bus = flags.nats.length > 0 ? await joinCluster(flags) : undefined;
  const server = createSignalingServer({
    ...(bus ? { bus } : {}),
    limits: limitsOf(flags),
    allowOrigins: flags.allowOrigin,
    trustProxies: flags.trustProxy,
    localHosts: () => new Set([...machineHosts(), flags.host.toLowerCase()]),
    log,
    ...(tokens ? { authorizeDesktop: tokenCheck(tokens) } : {}),
    ...(page ? { handleRequest: page } : {}),
    ...ice,
  });
  const quit = async (): Promise<void> => {
    await server.close({ drainMs });
    await bus?.close();
  };
  quitOnSignal(makeQuit(quit, quitWithinMs));
  const { port } = await server.listen({ port: flags.port, host: flags.host });
  const host = flags.host.includes(':') ? `[${flags.host}]` : flags.host;
  const url = `ws://${host}:${String(port)}`;
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ event: 'listening', port, url })}\n`
      : `Proxim signaling server: ${url}\n`,
  );
};
