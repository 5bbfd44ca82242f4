import type { PeerEnvironment } from '../common/environment.js';
import { browserRtcEngine } from './engine.js';
import { pageClock } from './page-clock.js';

/** The page's clock, randomness, WebSocket and WebRTC: all of them work on plain http too. */
export const browserEnvironment = (): PeerEnvironment => ({
  clock: pageClock,
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  openWebSocket: (url, subprotocols, handlers) => {
    const socket = new WebSocket(url, [...subprotocols]);
    socket.onopen = () => {
      handlers.onOpen();
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') handlers.onText(data);
    };
    socket.onclose = ({ code }) => {
      handlers.onClose(code);
    };
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
  loadRtcEngine: () => Promise.resolve(browserRtcEngine),
});
