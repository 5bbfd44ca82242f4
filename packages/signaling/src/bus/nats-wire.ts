import type { ConnectionID, SessionEvent, SessionID } from '@proxim/protocol';

import type { ConnectionCommand, Delivery } from './bus.js';

/** What one node says to the nodes that own sessions, on the subject of the session. */
export type ToSession =
  | { readonly kind: 'deliver'; readonly delivery: Delivery }
  /** May I own it? Answered by its owner, and by a node that asks the same with a higher `bid`. */
  | { readonly kind: 'claim'; readonly bid: string }
  /** I own it since then; said again to whoever could not hear it. `since` in Unix milliseconds. */
  | { readonly kind: 'owned'; readonly node: string; readonly since: number };

/** What one node says to another, on the subject of the node. */
export type ToNode =
  | { readonly kind: 'command'; readonly from: string; readonly to: ConnectionID; readonly command: ConnectionCommand }
  /** I have heard nothing of you for so long that nothing that went between us counts any more. */
  | { readonly kind: 'parted'; readonly node: string }
  /** You say that you own it, and so do I, since later than you. */
  | { readonly kind: 'superseded'; readonly sessionID: SessionID };

/** The first byte: a frame that goes on as it is, or JSON. */
const rawTag = 1;
const jsonTag = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** `tag, flags, length of the head, head, frame`: frames are copied, never written anew. */
const packRaw = (flags: number, head: string, frame: Uint8Array): Uint8Array => {
  const name = encoder.encode(head);
  const bytes = new Uint8Array(3 + name.length + frame.length);
  bytes[0] = rawTag;
  bytes[1] = flags;
  bytes[2] = name.length;
  bytes.set(name, 3);
  bytes.set(frame, 3 + name.length);
  return bytes;
};

const unpackRaw = (bytes: Uint8Array): { flags: number; head: string; frame: Uint8Array } => {
  const [, flags = 0, length = 0] = bytes;
  return { flags, head: decoder.decode(bytes.subarray(3, 3 + length)), frame: bytes.subarray(3 + length) };
};

const packJson = (value: object): Uint8Array => {
  const text = encoder.encode(JSON.stringify(value));
  const bytes = new Uint8Array(1 + text.length);
  bytes[0] = jsonTag;
  bytes.set(text, 1);
  return bytes;
};

const unpackJson = (bytes: Uint8Array): unknown => JSON.parse(decoder.decode(bytes.subarray(1)));

const askedFlag = 1;

export const encodeToSession = (message: ToSession): Uint8Array => {
  if (message.kind === 'deliver') {
    const { event, frame } = message.delivery;
    if (event.type === 'signal_sent' && frame) {
      return packRaw(event.asked ? askedFlag : 0, event.connection, frame);
    }
    return packJson({ kind: 'deliver', event });
  }
  return packJson(message);
};

/** @throws whatever is no such message: the nodes of a cluster trust each other, and run one version or its neighbour */
export const decodeToSession = (bytes: Uint8Array): ToSession => {
  if (bytes[0] === rawTag) {
    const { flags, head, frame } = unpackRaw(bytes);
    const event = { type: 'signal_sent', connection: head as ConnectionID, asked: (flags & askedFlag) !== 0 } as const;
    return { kind: 'deliver', delivery: { event, frame } };
  }
  const message = unpackJson(bytes) as
    Exclude<ToSession, { kind: 'deliver' }> | { kind: 'deliver'; event: SessionEvent };
  return message.kind === 'deliver' ? { kind: 'deliver', delivery: { event: message.event } } : message;
};

/** Between the two names in the head of a frame: no name holds it. */
const separator = ' ';

export const encodeToNode = (message: ToNode): Uint8Array => {
  if (message.kind === 'command' && message.command.type === 'send') {
    const { frame } = message.command;
    const bytes = typeof frame === 'string' ? encoder.encode(frame) : frame;
    return packRaw(0, `${message.from}${separator}${message.to}`, bytes);
  }
  return packJson(message);
};

/** @throws whatever is no such message */
export const decodeToNode = (bytes: Uint8Array): ToNode => {
  if (bytes[0] === rawTag) {
    const { head, frame } = unpackRaw(bytes);
    const [from = '', to = ''] = head.split(separator);
    return { kind: 'command', from, to: to as ConnectionID, command: { type: 'send', frame } };
  }
  return unpackJson(bytes) as ToNode;
};
