/**
 * The program that {@link isolatedRtcEngine} runs: the native engine, and nothing else. It may hang, or be ended by a
 * fault in native code, without the program that wants to be connected.
 */
import { isProximError } from '@proxim/protocol';

import type { AnsweringConnection, DirectChannel, DirectHandlers, OfferingConnection } from '../common/rtc-engine.js';
import { loadNodeRtcEngine, unloadNodeRtcEngine } from './engine.js';
import { type ConnectionNews, type EngineQuestion, type FromEngine, sizeOf, type ToEngine } from './engine-messages.js';

/** What the other side of a connection may have sent that the program has not read yet. */
const maxUnreadBytes = 16_777_216;
/** How often it is looked whether a channel has sent what it held back. */
const lookAgainMs = 20;

interface Channel {
  readonly channel: DirectChannel;
  taken: number;
  reported: number;
}

interface Held {
  readonly connection: OfferingConnection | AnsweringConnection;
  readonly channels: Map<number, Channel>;
}

// They are meant for all of the program: at Ctrl+C a terminal sends them to each of its processes. The program says
// goodbye through this one, and then ends it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// The program is gone: nobody is left to be connected to, and an engine that would not end must not stay behind.
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
process.on('disconnect', die);
if (!process.connected) die();

const connections = new Map<number, Held>();
const engine = await loadNodeRtcEngine();

const say = (message: FromEngine, onWritten: () => void = () => undefined): void => {
  process.send?.(message, undefined, undefined, onWritten);
};

let isToldSoon = false;

/** Tells how full the channels are: soon after something was sent, and again while something waits. */
const tellTaken = (): void => {
  isToldSoon = false;
  let isAnyWaiting = false;
  for (const [connection, { channels }] of connections) {
    for (const [number, entry] of channels) {
      const buffered = entry.channel.bufferedBytes;
      isAnyWaiting ||= buffered > 0;
      if (entry.taken === 0 && entry.reported === buffered) continue;
      say({ type: 'news', connection, news: { type: 'taken', channel: number, bytes: entry.taken, buffered } });
      entry.taken = 0;
      entry.reported = buffered;
    }
  }
  if (isAnyWaiting) setTimeout(tellTakenSoon, lookAgainMs);
};

const tellTakenSoon = (): void => {
  if (isToldSoon) return;
  isToldSoon = true;
  setImmediate(tellTaken);
};

const handlersOf = (connection: number, channels: Map<number, Channel>): DirectHandlers => {
  let unreadBytes = 0;
  let channelCount = 0;
  const tell = (news: ConnectionNews, onWritten?: () => void): void => {
    if (connections.has(connection)) say({ type: 'news', connection, news }, onWritten);
  };
  return {
    onCandidate: (candidate) => {
      tell({ type: 'candidate', candidate });
    },
    onState: (state) => {
      tell({ type: 'state', state });
    },
    onChannel: (channel) => {
      const number = channelCount;
      channelCount += 1;
      channels.set(number, { channel, taken: 0, reported: 0 });
      tell({ type: 'channel', channel: number, label: channel.label });
      channel.onMessage((data) => {
        const size = sizeOf(data);
        unreadBytes += size;
        if (unreadBytes > maxUnreadBytes) {
          tell({ type: 'state', state: 'failed' });
          close(connection);
          return;
        }
        const copy = typeof data === 'string' ? data : new Uint8Array(data);
        tell({ type: 'message', channel: number, data: copy }, () => {
          unreadBytes -= size;
        });
      });
      channel.onClose(() => {
        channels.delete(number);
        tell({ type: 'channelClosed', channel: number });
      });
    },
  };
};

const close = (connection: number): void => {
  const held = connections.get(connection);
  connections.delete(connection);
  held?.connection.close();
};

const reply = async (connection: OfferingConnection | AnsweringConnection, question: EngineQuestion) => {
  switch (question.ask) {
    case 'path':
      return connection.path();
    case 'createOffer':
      return 'createOffer' in connection ? connection.createOffer() : undefined;
    case 'acceptAnswer':
      if ('acceptAnswer' in connection) await connection.acceptAnswer(question.sdp);
      return undefined;
    case 'acceptOffer':
      return 'acceptOffer' in connection ? connection.acceptOffer(question.sdp) : undefined;
  }
};

const answerQuestion = async (connection: number, request: number, question: EngineQuestion): Promise<void> => {
  const held = connections.get(connection);
  if (!held) return;
  try {
    const value = await reply(held.connection, question);
    say({ type: 'news', connection, news: { type: 'reply', request, value } });
  } catch (error) {
    const code = isProximError(error) ? error.code : '';
    const message = error instanceof Error ? error.message : String(error);
    say({ type: 'news', connection, news: { type: 'fault', request, code, message } });
  }
};

/** Closes what is open and goes. Whoever waits for that does not wait long: an engine that hangs here is killed. */
const end = async (): Promise<void> => {
  for (const connection of [...connections.keys()]) close(connection);
  await unloadNodeRtcEngine();
  process.exit(0);
};

const make = (message: Extract<ToEngine, { type: 'answer' | 'offer' }>): void => {
  const { connection: number, iceServers } = message;
  const channels: Held['channels'] = new Map();
  const handlers = handlersOf(number, channels);
  const connection =
    message.type === 'answer'
      ? engine.answer({ iceServers, handlers })
      : engine.offer({ iceServers, handlers, channels: message.channels });
  connections.set(number, { connection, channels });
};

const onMessage = (message: ToEngine): void => {
  switch (message.type) {
    case 'ping':
      say({ type: 'pong' });
      break;
    case 'end':
      void end();
      break;
    case 'answer':
    case 'offer':
      make(message);
      break;
    case 'question':
      void answerQuestion(message.connection, message.request, message.question);
      break;
    case 'candidate':
      connections.get(message.connection)?.connection.addCandidate(message.candidate);
      break;
    case 'send': {
      const entry = connections.get(message.connection)?.channels.get(message.channel);
      if (!entry) break;
      entry.channel.send(message.data);
      entry.taken += sizeOf(message.data);
      tellTakenSoon();
      break;
    }
    case 'close':
      close(message.connection);
      break;
    default:
      message satisfies never;
  }
};

process.on('message', onMessage);
say({ type: 'ready' });
