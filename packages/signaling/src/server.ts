import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
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
  TokenBucket,
  withDefaultLimits,
} from '@proxim/protocol';

import { type AccessRules, askedSometimes, clientAddress, faultOfRequest, machineHosts } from './access.js';
import { addressKey, type AddressRecord, AddressTable, canonicalAddress } from './address.js';
import type { Bus } from './bus/bus.js';
import { createMemoryBus } from './bus/memory-bus.js';
import { Connection, type ConnectionContext, rulesOfConnections } from './connection.js';
import { answerPlainly, type Refusal, refuseRequest, type RequestHandler } from './http-answers.js';
import { type Ids, randomIds } from './ids.js';
import { type Log, silentLog } from './log.js';
import { type ServerObserver, silentObserver } from './observer.js';
import { answerClientError, answerRaw, guardHeaders, reading } from './plain-answer.js';
import { reconnectSpreadSeconds } from './reconnect-spread.js';
import { SessionRuntime } from './session-runtime.js';
import { systemClock } from './system-clock.js';
import { createTlsListener, type TlsPair } from './tls-listener.js';
import { Turns } from './turns.js';
import { Visitors } from './visitors.js';
import { createUpgrader, type Socket } from './websocket.js';

export interface SignalingServerOptions {
  /** Any limit or duration of the wire; the others keep their defaults. */
  readonly limits?: Partial<Limits>;
  /** Whether a desktop that presents this token may make sessions. Every desktop may, unless this says otherwise. */
  readonly authorizeDesktop?: (token: string | undefined) => boolean;
  /** Origins besides the server's own whose pages may connect; their hosts become accepted hosts. */
  readonly allowOrigins?: readonly string[];
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxies?: readonly string[];
  /**
   * STUN and TURN servers for a session's peers, asked whenever one of them is told. `expiresInSeconds` is null where no
   * end of the session is known. See {@link turnIceServers}.
   */
  readonly iceServers?: (sessionID: SessionID, expiresInSeconds: number | null) => readonly IceServer[];
  /** Serves pages on the same port. Without it `GET /` is one plain line. */
  readonly handleRequest?: RequestHandler;
  /** PEM texts; with them the server speaks https and wss. */
  readonly tls?: TlsPair;
  readonly bus?: Bus;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: Log;
  /** Hears what happens, in numbers. */
  readonly observer?: ServerObserver;
  /**
   * Over how many seconds the desktops are to come back after `close`, by the number of sessions that it ends. A desktop
   * waits for a minute at most, whatever it is told.
   */
  readonly reconnectSpread?: (sessions: number) => number;
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

/** No browser sends as many; what a proxy adds is a few more. */
const maxHeaderLines = 100;

const ignore = (): void => undefined;

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').replace(/[?#].*$/, '');

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
  const observer = options.observer ?? silentObserver;
  const bus = options.bus ?? createMemoryBus();
  const trustProxies = new Set(options.trustProxies?.map(canonicalAddress));
  const rules: AccessRules = {
    localHosts: askedSometimes(options.localHosts ?? machineHosts, clock),
    allowOrigins: options.allowOrigins ?? [],
    behindProxy: trustProxies.size > 0,
  };
  const secure = options.tls !== undefined;
  const runtime = new SessionRuntime({ clock, bus, limits, iceServers: options.iceServers ?? (() => []), observer });
  const addresses = new AddressTable(limits, clock);
  const visitors = new Visitors({ clock, limits, addresses, trustedProxies: trustProxies });
  const turns = new Turns(clock);
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
    ...rulesOfConnections(limits),
    turns,
    authorizeDesktop: options.authorizeDesktop ?? (() => true),
    isStopping: () => stopping,
    observer,
    onGone: (connection) => {
      if (!connections.delete(connection)) return;
      observer.connectionClosed(connection.role, connection.closeCode);
      connection.address.connections -= 1;
      if (connections.size === 0) whenEmpty?.();
    },
  };

  const accept = (socket: Socket, record: AddressRecord): Connection => {
    const isFull = record.connections >= limits.maxConnectionsPerAddress || connections.size >= limits.maxConnections;
    const id = bus.node === '' ? ids.random() : `${bus.node}.${ids.random()}`;
    const connection = new Connection(id as ConnectionID, socket, record, context);
    record.connections += 1;
    connections.add(connection);
    observer.connectionOpened();
    if (isFull) {
      connection.send({ type: 'error', code: 'capacity', message: 'Too many connections.' });
      connection.close(closeCodes.tryAgainLater, 'too many connections');
    }
    return connection;
  };

  const addressOf = (request: IncomingMessage): AddressRecord => {
    const forwarded = request.headers['x-forwarded-for'];
    const address = clientAddress(
      request.socket.remoteAddress ?? '',
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      trustProxies,
    );
    return addresses.record(addressKey(address));
  };

  /** What keeps a request, or an upgrade, from being answered; the cheapest to find out comes first. */
  const refusalOf = (request: IncomingMessage, record: AddressRecord): Refusal | undefined => {
    // Names and values take turns.
    if (request.rawHeaders.length > 2 * maxHeaderLines) return { status: 431, text: 'Too many header lines.' };
    const fault = faultOfRequest(request, secure, rules);
    if (fault) {
      // Whoever is refused does not get to fill the log.
      if (refusalsToLog.take(clock.now())) log.warn({ fault }, 'request refused');
      return { status: 403, text: 'This address is not answered here.' };
    }
    // A page of another origin was refused before this: it does not use up what its visitor's browser may ask.
    if (!record.requestBucket.take(clock.now())) {
      record.refusals.take(clock.now());
      return { status: 429, text: 'Too many requests.' };
    }
    return undefined;
  };

  /** At once for whoever asks little; who asks much waits his turn. */
  const doFor = (record: AddressRecord, work: () => void): void => {
    if (record.courtesy.take(clock.now())) work();
    else turns.add(work);
  };

  const onRequest: RequestHandler = (request, response) => {
    const { socket } = request;
    if (!visitors.beginAnswer(socket)) return;
    for (const [name, value] of Object.entries(guardHeaders)) response.setHeader(name, value);
    response.once('close', () => {
      visitors.endAnswer(socket);
    });
    const record = addressOf(request);
    doFor(record, () => {
      const refusal = refusalOf(request, record);
      if (refusal) {
        observer.requestRefused(refusal.status);
        refuseRequest(response, refusal);
      } else (options.handleRequest ?? answerPlainly)(request, response);
    });
  };

  const refusalOfUpgrade = (request: IncomingMessage, record: AddressRecord): Refusal | undefined => {
    const path = pathOf(request);
    if (path !== '/' && path !== '/signal') return { status: 404, text: 'Nothing is here.' };
    if (stopping) return { status: 503, text: 'The server is going down.' };
    const { maxConnections, maxConnectionsPerAddress } = limits;
    // Those that hear `capacity` over a WebSocket take a while to go: they do not pile up either.
    const isCrowded =
      record.connections >= 2 * maxConnectionsPerAddress ||
      connections.size >= maxConnections + maxConnectionsPerAddress;
    return isCrowded ? { status: 503, text: 'Too many connections.' } : undefined;
  };

  /** Made here, since a function that is kept with a WebSocket keeps all that was in sight where it was made. */
  const acceptOf =
    (ends: TcpSocket, record: AddressRecord) =>
    (socket: Socket): Connection => {
      visitors.leave(ends);
      return accept(socket, record);
    };

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    if (!visitors.beginAnswer(request.socket)) {
      stream.destroy();
      return;
    }
    // Until it is a WebSocket nobody else listens to how it fails.
    stream.on('error', ignore);
    const record = addressOf(request);
    doFor(record, () => {
      const refusal = refusalOf(request, record) ?? refusalOfUpgrade(request, record);
      if (refusal) {
        observer.requestRefused(refusal.status);
        answerRaw(stream, refusal.status, refusal.text);
        return;
      }
      upgrader.upgrade(request, stream, head, acceptOf(request.socket, record));
    });
  };

  const tls = options.tls
    ? createTlsListener(options.tls, {
        onRequest,
        isOwnHost: (request) => faultOfRequest(request, false, rules) === undefined,
      })
    : undefined;
  const http: Server = tls?.server ?? createServer(reading, onRequest);
  // Time is kept by the visitors' own timers, to the moment and from the first byte of TLS on.
  http.headersTimeout = 0;
  http.requestTimeout = 0;
  // Who may not stay costs no parser of requests, and no handshake.
  const readers = http.listeners('connection');
  http.removeAllListeners('connection');
  http.on('connection', (socket: TcpSocket) => {
    const read = (): void => {
      if (!socket.destroyed) for (const reader of readers) reader.call(http, socket);
    };
    const entered = visitors.enter(socket);
    if (entered === 'at once') read();
    else if (entered === 'in turn') turns.add(read);
  });
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
      const spreadMs = Math.round((options.reconnectSpread ?? reconnectSpreadSeconds)(runtime.size) * 1000);
      runtime.stop(() => randomInt(0, Math.max(1, spreadMs)) / 1000);
      for (const connection of connections) connection.close(closeCodes.goingAway, 'the server is going down');
      // Who asks meanwhile hears 503: that is more than a port at which nobody answers.
      await drain(drainMs);
      const stopped = http.listening
        ? new Promise<void>((resolve) => {
            http.close(() => {
              resolve();
            });
          })
        : undefined;
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
