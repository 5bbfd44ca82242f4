import { randomBytes, X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';

import { WebSocket } from 'ws';

import type { Clock } from '@proxim/protocol';

import type { PeerEnvironment } from '../common/environment.js';
import { loadNodeRtcEngine } from './engine.js';

const processClock: Clock = {
  now: () => performance.now(),
  setTimer: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return {
      cancel: () => {
        clearTimeout(timer);
      },
    };
  },
};

/**
 * Node's clock, randomness, `ws` and libdatachannel.
 *
 * @param options `pinnedCertificate` (PEM): over wss, this very certificate is trusted and no other, whatever name or
 * issuer it has; for a program that connects to a server of its own. A function is asked at each connection, since
 * certificates are renewed. `clock`: another one, such as one that goes on while
 * the machine sleeps
 */
export const nodeEnvironment = (
  options: { readonly pinnedCertificate?: string | (() => string); readonly clock?: Clock } = {},
): PeerEnvironment => ({
  clock: options.clock ?? processClock,
  randomBytes: (length) => new Uint8Array(randomBytes(length)),
  openWebSocket: (url, subprotocols, handlers) => {
    const { pinnedCertificate } = options;
    const socket = new WebSocket(url, [...subprotocols], {
      perMessageDeflate: false,
      maxPayload: 65_536,
      ...(pinnedCertificate === undefined ? {} : { rejectUnauthorized: false }),
    });
    if (pinnedCertificate !== undefined) {
      socket.on('upgrade', ({ socket: stream }) => {
        const shown = stream instanceof TLSSocket ? stream.getPeerX509Certificate()?.raw : undefined;
        const pinned = typeof pinnedCertificate === 'string' ? pinnedCertificate : pinnedCertificate();
        if (!shown?.equals(new X509Certificate(pinned).raw)) socket.terminate();
      });
    }
    socket.on('open', () => {
      handlers.onOpen();
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) handlers.onText(data.toString());
    });
    socket.on('close', (code) => {
      handlers.onClose(code);
    });
    // 'close' follows, and says enough.
    socket.on('error', () => undefined);
    return {
      get isOpen() {
        return socket.readyState === WebSocket.OPEN;
      },
      send: (text) => {
        socket.send(text);
      },
      close: (code) => {
        socket.close(code);
      },
    };
  },
  loadRtcEngine: loadNodeRtcEngine,
});
