// The kinds of abuse: what a connection does at first, and what it then does `rate` times a second.
import { randomBytes, randomUUID } from 'node:crypto';

import { frame, heard, pageRequest, upgradeRequest } from './abuse-raw-socket.mjs';

const randomName = () => randomBytes(16).toString('base64url');

const upgraded = async ({ socket }) => {
  socket.write(upgradeRequest);
  await heard(socket, '\r\n\r\n');
};

const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };
const createFrame = (sessionID) =>
  frame({ type: 'session_create', sessionID, uuid: randomUUID(), sessionType: 'persistent' });
const requestFrame = (sessionID) => frame({ type: 'pair_request', sessionID, deviceInfo });

/** Makes the even ones desktops and the odd ones their phones, and lets them pair where that is wanted. */
const seated =
  ({ isPaired }) =>
  async (connection) => {
    const { socket, partner } = connection;
    await upgraded(connection);
    if (connection.isDesktop) {
      connection.sessionID = randomName();
      const created = heard(socket, 'session_created');
      socket.write(createFrame(connection.sessionID));
      await created;
      partner.meets?.(connection);
      partner.waiting = connection;
      return;
    }
    const desktop = connection.waiting ?? (await new Promise((resolve) => (connection.meets = resolve)));
    connection.sessionID = desktop.sessionID;
    if (!isPaired) return;
    const approve = () =>
      desktop.socket.write(frame({ type: 'pair_response', sessionID: connection.sessionID, approved: true }));
    const both = [heard(desktop.socket, 'pair_prompt').then(approve), heard(socket, 'pair_result')];
    socket.write(requestFrame(connection.sessionID));
    await Promise.all(both);
  };

const signalFrame = (connection, size) =>
  (connection.signal ??= frame({
    type: 'signal',
    sessionID: connection.sessionID,
    payload: { candidate: 'x'.repeat(size) },
  }));

const ping = frame('{"type":"ping"}');
const nonsense = frame('{"type":"pair_request","sessionID":"no');
const oversize = frame('x'.repeat(70_000));
const controlPing = frame('are you there', { opcode: 9 });
const fragment = frame('', { opcode: 0, isLast: false });
const firstFragment = frame('', { isLast: false });
const slowBytes = 'GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nX: '.padEnd(10_000, 'x');

const write = (bytes) => (connection) => void connection.socket.write(bytes);

/** `again`: whether one that was ended comes back at once. */
export const kinds = {
  'slow handshakes': {
    rate: 10,
    begin: () => undefined,
    act: (connection) => {
      connection.at = (connection.at ?? -1) + 1;
      connection.socket.write(slowBytes[connection.at % slowBytes.length]);
    },
  },
  'silent connections': { rate: 0, begin: upgraded, act: () => undefined },
  'readers that do not read': {
    rate: 50,
    begin: async (connection) => {
      await seated({ isPaired: true })(connection);
      if (!connection.isDesktop) connection.socket.pause();
    },
    act: (connection) => {
      if (connection.isDesktop) connection.socket.write(signalFrame(connection, 8_000));
    },
  },
  'signals, all that are allowed': {
    rate: 50,
    begin: seated({ isPaired: true }),
    act: (connection) => void connection.socket.write(signalFrame(connection, 300)),
  },
  'messages, many times what is allowed': { rate: 500, begin: upgraded, act: write(ping) },
  'frames that are no messages': { rate: 500, begin: upgraded, act: write(nonsense) },
  'frames that are too large': { rate: 20, begin: upgraded, act: write(oversize) },
  'fragments without end': {
    rate: 500,
    begin: async (connection) => {
      await upgraded(connection);
      connection.socket.write(firstFragment);
    },
    act: write(fragment),
  },
  'WebSocket pings': { rate: 500, begin: upgraded, act: write(controlPing) },
  'sessions without end': {
    rate: 50,
    begin: upgraded,
    act: (connection) => void connection.socket.write(createFrame(randomName())),
  },
  'guessing of sessionIDs': {
    rate: 50,
    begin: upgraded,
    act: (connection) => void connection.socket.write(requestFrame(randomName())),
  },
  'prompts without end': {
    rate: 5,
    begin: seated({ isPaired: false }),
    act: (connection) => {
      if (connection.isDesktop) return;
      connection.socket.write(requestFrame(connection.sessionID));
      // It leaves, which takes the prompt back, and comes again.
      connection.socket.end(frame(Buffer.from([3, 232]), { opcode: 8 }));
    },
  },
  'page requests': { rate: 25, begin: () => undefined, act: write(pageRequest) },
  'connecting again and again': {
    rate: 5,
    begin: upgraded,
    act: (connection) => void connection.socket.destroy(),
  },
};
