import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Clock, isProximError, ProximError, type SessionID, type Timer } from '@proxim/protocol';
import {
  answerClientError,
  answerNoHandshake,
  answerRaw,
  faultOfRequest,
  guardHeaders,
  maxHeaderBytes,
} from '@proxim/signaling';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

import type { DesktopApp } from './desktop-app.js';
import { serveWindowPage } from './page-files.js';
import type { ScreenWindow } from './screen-sharing.js';
import { allowsMore, checkUsersOwnHand } from './users-own-hand.js';
import { parseWindowCommand } from './window-command.js';
import type { WindowCommand, WindowEvent } from './window-protocol.js';

/** How long a socket may take to show its token. */
const helloWithinMs = 5000;
/** How long no window may be there before they count as closed: a page that is reloaded asks for its files sooner. */
const goneWithinMs = 1000;
/** How long a page that is being loaded may take to show its token. */
const loadWithinMs = 10_000;
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

const isSameToken = (left: string, right: string): boolean => {
  const [first, second] = [Buffer.from(left), Buffer.from(right)];
  return first.length === second.length && timingSafeEqual(first, second);
};

const textOf = (data: RawData): string => {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
};

export interface WindowServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the window's page on 127.0.0.1 alone, and lets in who shows the token of this run.
 *
 * @param options `port` 0 for any free one
 * @throws ProximError `port_in_use`, `not_built`
 */
export const startWindowServer = async (options: {
  readonly app: DesktopApp;
  readonly token: string;
  readonly port: number;
  readonly clock: Clock;
  /** A window has shown its token. */
  readonly onWindow: () => void;
  /** The last of them was closed, and not just reloaded. */
  readonly onWindowsClosed: () => void;
}): Promise<WindowServer> => {
  const { app, token, clock } = options;
  const page = serveWindowPage();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536, perMessageDeflate: false });
  const windows = new Set<WebSocket>();
  let isClosing = false;
  const rules = { localHosts: () => loopback, allowOrigins: [], behindProxy: false };

  let goneTimer: Timer | undefined;
  let isLoading = false;
  const expectWindowWithin = (ms: number): void => {
    goneTimer?.cancel();
    goneTimer = clock.setTimer(ms, options.onWindowsClosed);
  };

  const http = createServer({ maxHeaderSize: maxHeaderBytes }, (request, response) => {
    for (const [name, value] of Object.entries(guardHeaders)) response.setHeader(name, value);
    if (faultOfRequest(request, false, rules)) {
      response
        .writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' })
        .end('This address is not answered here.\n');
      return;
    }
    // Somebody loads the page anew; only the first request counts, or asking could go on for ever. A foreign page may ask
    // for pictures here, and gets none, but loads no page.
    const isPage = (request.headers['sec-fetch-dest'] ?? 'document') === 'document';
    if (goneTimer && !isLoading && isPage) {
      isLoading = true;
      expectWindowWithin(loadWithinMs);
    }
    page(request, response);
  });

  const send = (socket: WebSocket, event: WindowEvent): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(event));
  };

  // Many things change together; the window is told once, when they all have.
  let isScheduled = false;
  const unsubscribe = app.on('changed', () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      if (windows.size === 0) return;
      const state = app.state();
      for (const socket of windows) send(socket, { event: 'state', state });
    });
  });

  const onSocket = (socket: WebSocket): void => {
    const screenWindow: ScreenWindow = {
      send: (event) => {
        send(socket, event);
      },
    };
    const timer = clock.setTimer(helloWithinMs, () => {
      socket.terminate();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      timer.cancel();
      app.screens.removeWindow(screenWindow);
      if (windows.delete(socket) && windows.size === 0 && !isClosing) expectWindowWithin(goneWithinMs);
    });
    socket.on('message', (data) => {
      const command = parseWindowCommand(textOf(data));
      if (!windows.has(socket)) {
        if (command?.command !== 'hello' || !isSameToken(command.token, token)) {
          socket.close(1008, 'not the token of this run');
          return;
        }
        timer.cancel();
        windows.add(socket);
        goneTimer?.cancel();
        goneTimer = undefined;
        isLoading = false;
        if (command.canShareScreen) app.screens.addWindow(screenWindow);
        options.onWindow();
        send(socket, { event: 'state', state: app.state() });
        return;
      }
      if (!command) {
        send(socket, { event: 'error', code: 'bad_command', message: 'That is no command.' });
        return;
      }
      try {
        carryOut(app, screenWindow, command);
      } catch (error) {
        if (!isProximError(error)) throw error;
        send(socket, errorEvent(error));
      }
    });
  };

  http.on('clientError', answerClientError);
  sockets.on('wsClientError', answerNoHandshake);
  http.on('upgrade', (request, stream, head) => {
    const isRefused = faultOfRequest(request, false, rules) ?? request.headers.origin === undefined;
    if (isRefused !== false || request.url !== '/window') {
      answerRaw(stream, 403, 'This address is not answered here.');
      return;
    }
    sockets.handleUpgrade(request, stream, head, onSocket);
  });

  const port = await new Promise<number>((resolve, reject) => {
    http.on('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      const message = `--ui-port: port ${String(options.port)} ${isTaken ? 'is taken' : 'cannot be used'}.`;
      reject(new ProximError(isTaken ? 'port_in_use' : 'cannot_listen', message, { cause }));
    });
    http.listen(options.port, '127.0.0.1', () => {
      resolve((http.address() as AddressInfo).port);
    });
  });

  return {
    port,
    close: () =>
      new Promise((resolve) => {
        unsubscribe();
        isClosing = true;
        goneTimer?.cancel();
        for (const socket of windows) socket.close(1001);
        windows.clear();
        http.close(() => {
          resolve();
        });
        http.closeAllConnections();
        for (const socket of sockets.clients) socket.terminate();
      }),
  };
};

const errorEvent = ({ code, message }: ProximError): WindowEvent => ({ event: 'error', code, message });

/** @throws ProximError what the app says of a command that cannot be done */
const carryOut = (app: DesktopApp, window: ScreenWindow, command: WindowCommand): void => {
  switch (command.command) {
    case 'hello':
      break;
    case 'create':
      app.renewSession(command);
      break;
    case 'approve':
      checkUsersOwnHand(app);
      app.approve(command.sessionID as SessionID, command);
      break;
    case 'reject':
      app.reject(command.sessionID as SessionID, command);
      break;
    case 'block':
      app.block(command.sessionID as SessionID, command);
      break;
    case 'allow':
    case 'deny':
      if (command.command === 'allow') checkUsersOwnHand(app);
      app.answerSystem(command.sessionID, command.promptID, command.command === 'allow');
      break;
    case 'close':
      app.closeSession(command.sessionID as SessionID);
      break;
    case 'set_rights':
      if (allowsMore(app.rights(command.sessionID as SessionID), command.rights)) checkUsersOwnHand(app);
      app.setRights(command.sessionID as SessionID, command.rights);
      break;
    case 'pause':
      if (!command.isPaused) checkUsersOwnHand(app);
      app.pause(command.sessionID as SessionID, command.isPaused);
      break;
    case 'rename':
      app.renamePhone(command.sessionID as SessionID, command.name);
      break;
    case 'select_address':
      if (!app.selectAddress(command.address)) {
        throw new ProximError('address_gone', 'This machine does not have that address any more.');
      }
      break;
    case 'screen_choose':
    case 'screen_offer':
      // What a phone sees is chosen by the user, and not by a phone's own pointer.
      if (app.isPhonePressing) app.screens.turnDown(window, command.share);
      checkUsersOwnHand(app);
      app.screens.carryOut(window, command);
      break;
    case 'screen_candidate':
    case 'screen_stop':
      app.screens.carryOut(window, command);
      break;
    default:
      command satisfies never;
  }
};
