// One WebSocket of a client, that takes what comes in order.
import { once } from 'node:events';

import { WebSocket } from 'ws';

/** Opens a WebSocket from this address of the loopback network. @throws when it is refused */
export const openSocket = async (url, from) => {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    ...(from === undefined ? {} : { localAddress: from }),
  });
  const heard = [];
  let wake;
  const hear = (message) => {
    heard.push(message);
    wake?.();
  };
  const onMessage = (data) => hear(JSON.parse(data.toString()));
  const onClose = (code) => hear({ type: `the end (${code})` });
  socket.on('message', onMessage);
  socket.on('close', onClose);
  await once(socket, 'open');
  return {
    socket,
    send: (message) => socket.send(JSON.stringify(message)),
    /** The next message. @throws when it is of another type */
    next: async (type) => {
      while (heard.length === 0) await new Promise((resolve) => (wake = resolve));
      const message = heard.shift();
      if (message.type !== type) throw new Error(`waited for ${type}, got ${JSON.stringify(message)}`);
      return message;
    },
    /** The socket alone from here on: whoever asks for it listens himself. */
    release: () => {
      socket.off('message', onMessage);
      socket.off('close', onClose);
      return socket;
    },
    leave: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.close(1000);
      await closed;
    },
  };
};
