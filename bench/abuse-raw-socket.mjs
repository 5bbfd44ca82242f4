// WebSocket frames and HTTP requests as bytes, made once and written often: an attacker spends as little as he can.
import { connect } from 'node:net';

const key = Buffer.from('0123456789abcdef').toString('base64');

export const upgradeRequest = Buffer.from(
  `GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
);

export const pageRequest = Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');

/** A client's frame, whole unless it says otherwise; its mask is four zeros, which change nothing. */
export const frame = (payload, { opcode = 1, isLast = true } = {}) => {
  const body = Buffer.from(
    typeof payload === 'object' && !Buffer.isBuffer(payload) ? JSON.stringify(payload) : payload,
  );
  const first = (isLast ? 0x80 : 0) | opcode;
  const head =
    body.length < 126
      ? Buffer.from([first, 0x80 | body.length])
      : body.length < 65_536
        ? Buffer.from([first, 0xfe, body.length >> 8, body.length & 255])
        : Buffer.from([
            first,
            0xff,
            0,
            0,
            0,
            0,
            body.length >> 24,
            (body.length >> 16) & 255,
            (body.length >> 8) & 255,
            body.length & 255,
          ]);
  return Buffer.concat([head, Buffer.alloc(4), body]);
};

/** A socket that comes from this address of the loopback net. Its errors are what it asked for. */
export const openSocket = ({ port, from }) => {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  return socket;
};

/** Resolves once the socket has received a text; fails when it ends before that. */
export const heard = (socket, text) =>
  new Promise((resolve, reject) => {
    let received = '';
    const onData = (chunk) => {
      received = (received + chunk.toString('latin1')).slice(-4096);
      if (!received.includes(text)) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve();
    };
    const onClose = () => reject(new Error(`The socket ended before ${text}.`));
    socket.on('data', onData);
    socket.once('close', onClose);
  });
