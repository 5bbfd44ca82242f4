import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

import { answerClientError, answerRaw, guardHeaders, reading } from './plain-answer.js';

/** PEM texts. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** RFC 8996 ended what came before. Node's own default says the same, but a flag or a variable could lower it. */
const oldestVersion = 'TLSv1.2';

/** The content type of a TLS record that carries a handshake (RFC 8446, section 5.1): nothing of HTTP begins with it. */
const handshakeByte = 22;

const sentence = 'This port speaks https and wss alone.';

/** Calls `use` with the first byte, which is still to be read. */
const onFirstByte = (socket: Socket, use: (byte: number) => void): void => {
  // Until then this socket is nobody's. Whoever takes it over listens for errors too.
  socket.on('error', () => undefined);
  const look = (): void => {
    const bytes: unknown = socket.read();
    if (!Buffer.isBuffer(bytes)) return;
    socket.off('readable', look);
    socket.unshift(bytes);
    use(bytes[0] ?? 0);
  };
  socket.on('readable', look);
};

/** An https server, and those who called it by http. */
export interface TlsListener {
  readonly server: TlsServer;
  /** Gives those who connect from now on another certificate. */
  renew(pair: TlsPair): void;
  /** Ends every connection, those without a handshake too, of which the server itself knows nothing. */
  endAll(): void;
}

/**
 * Makes an https server that does not leave those without an answer who call it by http, as browsers do when an address
 * is typed without a scheme.
 *
 * A page is sent on to https for this once (307): another time the same host may well speak plain http, and for the same
 * reason no `Strict-Transport-Security` is sent. Everything else is told in a sentence.
 *
 * How long somebody may take is not kept here, but where sockets are let in.
 *
 * @param options `isOwnHost`: whether a plain request names this server, so that nobody is sent elsewhere
 */
export const createTlsListener = (
  pair: TlsPair,
  options: {
    readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
    readonly isOwnHost: (request: IncomingMessage) => boolean;
  },
): TlsListener => {
  const server = createTlsServer({ ...pair, ...reading, minVersion: oldestVersion }, options.onRequest);
  const plain = createPlainServer(reading, (request, response) => {
    const headers = {
      ...guardHeaders,
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      Connection: 'close',
    };
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    if (!options.isOwnHost(request)) response.writeHead(403, headers).end('This address is not answered here.\n');
    else if (isPage && request.url?.startsWith('/') === true) {
      response.writeHead(307, { ...headers, Location: `https://${request.headers.host ?? ''}${request.url}` });
      response.end(`${sentence}\n`);
    } else response.writeHead(400, headers).end(`${sentence}\n`);
  });
  plain.on('upgrade', (_request, stream) => {
    answerRaw(stream, 400, sentence);
  });
  plain.on('clientError', answerClientError);

  const sockets = new Set<Socket>();
  const handshakes = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
    });
    onFirstByte(socket, (byte) => {
      if (byte !== handshakeByte) {
        plain.emit('connection', socket);
        return;
      }
      for (const handshake of handshakes) handshake.call(server, socket);
    });
  });
  return {
    server,
    renew: (next) => {
      server.setSecureContext({ ...next, minVersion: oldestVersion });
    },
    endAll: () => {
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
    },
  };
};
