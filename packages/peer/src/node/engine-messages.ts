import type { CandidatePayload, IceServer } from '@proxim/protocol';

import type { ChannelSpec, DirectPath, DirectState } from '../common/rtc-engine.js';

type Data = string | Uint8Array<ArrayBuffer>;

/** What a connection in the engine's process is asked; each has one answer. */
export type EngineQuestion =
  | { readonly ask: 'createOffer' }
  | { readonly ask: 'acceptAnswer' | 'acceptOffer'; readonly sdp: string }
  | { readonly ask: 'path' };

/** What a program says to the process that holds its engine. Connections and channels are numbered. */
export type ToEngine =
  | { readonly type: 'ping' }
  /** Close what is open, unload the engine, exit. */
  | { readonly type: 'end' }
  | { readonly type: 'answer'; readonly connection: number; readonly iceServers: readonly IceServer[] }
  | {
      readonly type: 'offer';
      readonly connection: number;
      readonly iceServers: readonly IceServer[];
      readonly channels: readonly ChannelSpec[];
    }
  | {
      readonly type: 'question';
      readonly connection: number;
      readonly request: number;
      readonly question: EngineQuestion;
    }
  | { readonly type: 'candidate'; readonly connection: number; readonly candidate: CandidatePayload }
  | { readonly type: 'send'; readonly connection: number; readonly channel: number; readonly data: Data }
  | { readonly type: 'close'; readonly connection: number };

/** What one connection tells from the engine's process. */
export type ConnectionNews =
  | { readonly type: 'reply'; readonly request: number; readonly value: string | DirectPath | undefined }
  | { readonly type: 'fault'; readonly request: number; readonly code: string; readonly message: string }
  | { readonly type: 'candidate'; readonly candidate: CandidatePayload }
  | { readonly type: 'state'; readonly state: DirectState }
  | { readonly type: 'channel'; readonly channel: number; readonly label: string }
  | { readonly type: 'message'; readonly channel: number; readonly data: Data }
  /** So many bytes have reached the engine since it said so last, and so many are still to be sent by it. */
  | { readonly type: 'taken'; readonly channel: number; readonly bytes: number; readonly buffered: number }
  | { readonly type: 'channelClosed'; readonly channel: number };

/** What the engine's process says to the program. */
export type FromEngine =
  | { readonly type: 'ready' }
  | { readonly type: 'pong' }
  | { readonly type: 'news'; readonly connection: number; readonly news: ConnectionNews };

/** What a message counts as in `bufferedBytes`, on both sides. */
export const sizeOf = (data: string | Uint8Array): number =>
  typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;

/** No description, label or text about a candidate is longer; nor does a phone's message come that is. */
const maxTextLength = 65_536;
const maxMessageBytes = 1_048_576;

const states: readonly DirectState[] = ['connecting', 'connected', 'disconnected', 'failed', 'closed'];

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= maxTextLength;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const readCandidate = (value: unknown): CandidatePayload | undefined => {
  if (!isFields(value)) return undefined;
  const { candidate, sdpMid, sdpMLineIndex } = value;
  if (!isText(candidate) || !(sdpMid === null || isText(sdpMid))) return undefined;
  if (!(sdpMLineIndex === null || isCount(sdpMLineIndex))) return undefined;
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment: null };
};

const readPath = (value: unknown): DirectPath | undefined => {
  if (!isFields(value)) return undefined;
  const { localType, remoteType, roundTripMs } = value;
  if (!isText(localType) || !isText(remoteType)) return undefined;
  if (!(roundTripMs === null || typeof roundTripMs === 'number')) return undefined;
  return { localType, remoteType, roundTripMs };
};

const readData = (value: unknown): Data | undefined => {
  if (typeof value === 'string') return value.length <= maxMessageBytes ? value : undefined;
  if (!(value instanceof Uint8Array) || value.byteLength > maxMessageBytes) return undefined;
  // What comes through Node's channel is a view of all that came with it.
  return new Uint8Array(value);
};

const readChannelNews = (fields: Fields, channel: number): ConnectionNews | undefined => {
  switch (fields['type']) {
    case 'channel':
      return isText(fields['label']) ? { type: 'channel', channel, label: fields['label'] } : undefined;
    case 'message': {
      const data = readData(fields['data']);
      return data === undefined ? undefined : { type: 'message', channel, data };
    }
    case 'taken': {
      const { bytes, buffered } = fields;
      return isCount(bytes) && isCount(buffered) ? { type: 'taken', channel, bytes, buffered } : undefined;
    }
    case 'channelClosed':
      return { type: 'channelClosed', channel };
    default:
      return undefined;
  }
};

const readNews = (fields: Fields): ConnectionNews | undefined => {
  const { request } = fields;
  switch (fields['type']) {
    case 'reply': {
      if (!isCount(request)) return undefined;
      const { value } = fields;
      return { type: 'reply', request, value: isText(value) ? value : readPath(value) };
    }
    case 'fault': {
      const { code, message } = fields;
      return isCount(request) && isText(code) && isText(message)
        ? { type: 'fault', request, code, message }
        : undefined;
    }
    case 'candidate': {
      const candidate = readCandidate(fields['candidate']);
      return candidate && { type: 'candidate', candidate };
    }
    case 'state': {
      const state = states.find((known) => known === fields['state']);
      return state && { type: 'state', state };
    }
    default:
      return isCount(fields['channel']) ? readChannelNews(fields, fields['channel']) : undefined;
  }
};

/**
 * Reads what the engine's process says; undefined for what it does not say when it is well. It is our own program, and it
 * holds the one part of Proxim that strangers could break.
 */
export const readFromEngine = (message: unknown): FromEngine | undefined => {
  if (!isFields(message)) return undefined;
  const { type, connection, news } = message;
  if (type === 'ready' || type === 'pong') return { type };
  if (type !== 'news' || !isCount(connection) || !isFields(news)) return undefined;
  const read = readNews(news);
  return read && { type, connection, news: read };
};
