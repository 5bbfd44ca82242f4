import { once } from 'node:events';

import { WebSocket } from 'ws';

/** A client written from the original specification alone: a WebSocket and its messages, nothing else. */
export const openSeedClient = async (url: string) => {
  const socket = new WebSocket(url);
  const inbox: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => {
    inbox.push(JSON.parse(data.toString()) as Record<string, unknown>);
    socket.emit('mail');
  });
  await once(socket, 'open');

  const send = (message: object): void => socket.send(JSON.stringify(message));

  /** The next message of this type; it knows no other types, and passes over them. */
  const receive = async (type: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const message = inbox.shift();
      if (message?.['type'] === type) return message;
      if (!message) await once(socket, 'mail', { signal: AbortSignal.timeout(5000) });
    }
  };

  return {
    createSession: (sessionID: string, uuid: string, token?: string) =>
      send({ type: 'session_create', sessionID, uuid, token }),
    requestPairing: (sessionID: string) =>
      send({ type: 'pair_request', sessionID, deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' } }),
    respond: (sessionID: string, approved: boolean) => send({ type: 'pair_response', sessionID, approved }),
    signal: (sessionID: string, payload: object) => send({ type: 'signal', sessionID, payload }),
    receive,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};
