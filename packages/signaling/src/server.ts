import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { randomInt } from 'node:crypto';

import {
  type Clock,
  closeCodes,
  type ConnectionID,
  faultOfLimit,
  type IceServer,
  limitNames,
  type Limits,
  ProximError,
  type SessionID,
  withDefaultLimits,
} from '@proxim/protocol';

import { type AccessRules, clientAddress, faultOfRequest, machineHosts } from './access.js';
import { addressKey, AddressTable } from './address.js';
import type { Bus } from './bus/bus.js';
import { createMemoryBus } from './bus/memory-bus.js';
import { Connection, type ConnectionContext } from './connection.js';
import { type Ids, randomIds } from './ids.js';
import { type Log, silentLog } from './log.js';
import { answerClientError, answerRaw, guardHeaders, maxHeaderBytes } from './plain-answer.js';
import { SessionRuntime } from './session-runtime.js';
import { systemClock } from './system-clock.js';
import { createTlsListener, type TlsPair } from './tls-listener.js';
import { TokenBucket } from './token-bucket.js';
import { createUpgrader, type Socket } from './websocket.js';

/** Answers an HTTP request that is no upgrade, once `Host` and `Origin` have passed. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface SignalingServerOptions {
  /** Any limit or duration of the wire; the others keep their defaults. */
  readonly limits?: Partial<Limits>;
  /** Whether a desktop that presents this token may make sessions. Every desktop may, unless this says otherwise. */
  readonly authorizeDesktop?: (token: string | undefined) => boolean;
  /** Origins besides the server's own whose pages may connect; their hosts become accepted hosts. */
  readonly allowOrigins?: readonly string[];
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxies?: readonly string[];
  /** STUN and TURN servers for a session's peers. */
  readonly iceServers?: (sessionID: SessionID) => readonly IceServer[];
  /** Serves pages on the same port. Without it `GET /` is one plain line. */
  readonly handleRequest?: RequestHandler;
  /** PEM texts; with them the server speaks https and wss. */
  readonly tls?: TlsPair;
  readonly bus?: Bus;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: Log;
  /** Names and addresses of this machine, lower case; asked at each request. */
  readonly localHosts?: () => ReadonlySet<string>;
}

export interface SignalingServer {
  /**
   * Begins to listen.
   *
   * @param at `port` 0 for any free one; `host` omitted for all addresses.
   * @throws ProximError `port_in_use`, `port_forbidden` or `cannot_listen`
   */
  listen(at: { readonly port: number; readonly host?: string }): Promise<{ readonly port: number }>;
  /**
   * Gives those who connect from now on another certificate; the connections that stand stay.
   *
   * @throws ProximError `no_tls` when the server was made without one
   */
  renewTls(pair: TlsPair): void;
  /** Connections and sessions at this moment. */
  counts(): { readonly connections: number; readonly sessions: number };
  /**
   * Ends every session with `server_shutdown` and every connection with 1001, and stops listening.
   *
   * @param options `drainMs` is how long the sockets may take to say goodbye (1000 unless given).
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

const answer = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
};

const answerPlainly: RequestHandler = (request, response) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'Only GET is answered here.');
  else if (request.url === '/') answer(response, 200, 'Proxim signaling server.');
  else answer(response, 404, 'Nothing is here.');
};

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').replace(/[?#].*$/, '');

/** Desktops that are told to come back do not all come back at once. */
const spreadSeconds = (): number => randomInt(0, 5000) / 1000;

/**
 * Makes the signaling server: it introduces the two peers of a session to each other and forgets them. It holds all it
 * knows in memory, dials out to nobody and writes nothing to disk.
 *
 * @example
 * const server = createSignalingServer({ limits: { pairingTimeoutSeconds: 20 } });
 * const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
 *
 * @throws ProximError `bad_limit` when a limit makes no sense
 */
export const createSignalingServer = (options: SignalingServerOptions = {}): SignalingServer => {
  const limits = withDefaultLimits(options.limits);
  for (const name of limitNames) {
    const fault = faultOfLimit(name, limits[name]);
    if (fault !== undefined) throw new ProximError('bad_limit', `${name} ${fault}`);
  }
  const clock = options.clock ?? systemClock;
  const ids = options.ids ?? randomIds;
  const log = options.log ?? silentLog;
  const bus = options.bus ?? createMemoryBus();
  const trustProxies = new Set(options.trustProxies);
  const rules: AccessRules = {
    localHosts: options.localHosts ?? machineHosts,
    allowOrigins: options.allowOrigins ?? [],
    behindProxy: trustProxies.size > 0,
  };
  const secure = options.tls !== undefined;
  const runtime = new SessionRuntime({ clock, bus, limits, iceServers: options.iceServers ?? (() => []) });
  const addresses = new AddressTable({ burst: limits.pairBurst, rate: limits.pairRate });
  const connections = new Set<Connection>();
  const upgrader = createUpgrader({ maxMessageBytes: limits.maxMessageBytes });
  const refusalsToLog = new TokenBucket({ burst: 10, rate: 0.1 }, clock.now());
  let stopping = false;
  let whenEmpty: (() => void) | undefined;

  const context: ConnectionContext = {
    clock,
    ids,
    bus,
    runtime,
    limits,
    authorizeDesktop: options.authorizeDesktop ?? (() => true),
    isStopping: () => stopping,
    onGone: (connection) => {
      if (!connections.delete(connection)) return;
      connection.address.connections -= 1;
      if (connections.size === 0) whenEmpty?.();
    },
  };

  const accept = (socket: Socket, address: string): Connection => {
    const record = addresses.record(addressKey(address), clock.now());
    const isFull = record.connections >= limits.maxConnectionsPerAddress || connections.size >= limits.maxConnections;
    const connection = new Connection(ids.random() as ConnectionID, socket, record, context);
    record.connections += 1;
    connections.add(connection);
    if (isFull) {
      connection.send({ type: 'error', code: 'capacity', message: 'Too many connections.' });
      connection.close(closeCodes.tryAgainLater, 'too many connections');
    }
    return connection;
  };

  const onRequest: RequestHandler = (request, response) => {
    for (const [name, value] of Object.entries(guardHeaders)) response.setHeader(name, value);
    const fault = faultOfRequest(request, secure, rules);
    if (fault) answer(response, 403, 'This address is not answered here.');
    else (options.handleRequest ?? answerPlainly)(request, response);
  };

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const fault = faultOfRequest(request, secure, rules);
    const path = pathOf(request);
    if (fault) {
      // Whoever is refused does not get to fill the log.
      if (refusalsToLog.take(clock.now())) log.warn({ fault }, 'upgrade refused');
      answerRaw(stream, 403, 'This address is not answered here.');
    } else if (path !== '/' && path !== '/signal') answerRaw(stream, 404, 'Nothing is here.');
    else if (stopping) answerRaw(stream, 503, 'The server is going down.');
    else {
      const forwarded = request.headers['x-forwarded-for'];
      const address = clientAddress(
        request.socket.remoteAddress ?? '',
        Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
        trustProxies,
      );
      upgrader.upgrade(request, stream, head, (socket) => accept(socket, address));
    }
  };

  const tls = options.tls
    ? createTlsListener(options.tls, {
        clock,
        onRequest,
        isOwnHost: (request) => faultOfRequest(request, false, rules) === undefined,
      })
    : undefined;
  const http: Server = tls?.server ?? createServer({ maxHeaderSize: maxHeaderBytes }, onRequest);
  // A handshake that takes this long is not meant to end.
  http.headersTimeout = 10_000;
  http.requestTimeout = 20_000;
  http.on('upgrade', onUpgrade);
  http.on('clientError', answerClientError);

  const drain = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (connections.size === 0) {
        resolve();
        return;
      }
      const timer = clock.setTimer(ms, () => {
        for (const connection of connections) connection.terminate();
      });
      whenEmpty = () => {
        timer.cancel();
        resolve();
      };
    });

  return {
    listen: ({ port, host }) =>
      new Promise((resolve, reject) => {
        const onError = (error: NodeJS.ErrnoException): void => {
          reject(listenError(error, port));
        };
        http.once('error', onError);
        http.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
          http.off('error', onError);
          http.on('error', (error) => {
            log.error({ error: error.message }, 'listener');
          });
          resolve({ port: (http.address() as AddressInfo).port });
        });
      }),
    renewTls: (pair) => {
      if (!tls) throw new ProximError('no_tls', 'The server was made without a certificate.');
      tls.renew(pair);
    },
    counts: () => ({ connections: connections.size, sessions: runtime.size }),
    close: async ({ drainMs = 1000 } = {}) => {
      if (stopping) return;
      stopping = true;
      const stopped = http.listening
        ? new Promise<void>((resolve) => {
            http.close(() => {
              resolve();
            });
          })
        : undefined;
      runtime.stop(spreadSeconds);
      for (const connection of connections) connection.close(closeCodes.goingAway, 'the server is going down');
      await drain(drainMs);
      if (tls) tls.endAll();
      else http.closeAllConnections();
      await stopped;
    },
  };
};

const listenError = (error: NodeJS.ErrnoException, port: number): ProximError => {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ProximError('port_in_use', `Port ${String(port)} is taken.`, { cause: error });
    case 'EACCES':
      return new ProximError('port_forbidden', `This user may not listen on port ${String(port)}.`, { cause: error });
    default:
      return new ProximError('cannot_listen', `Cannot listen: ${error.message}.`, { cause: error });
  }
};
