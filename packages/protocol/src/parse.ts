import type { ErrorCode } from './errors.js';
import { clientChecks, clientFieldChecks, serverChecks } from './generated/validators.js';
import { isSessionID, type SessionID } from './ids.js';
import type { ClientMessage, ServerMessage } from './message.js';
import { failure, type Result, success } from './result.js';
import { repeatedTopLevelKey } from './repeated-key.js';

/** Why a frame could not be read, in the terms of the `error` that answers it. */
export interface ParseFailure {
  readonly code: Extract<ErrorCode, 'bad_message' | 'unknown_type'>;
  readonly message: string;
  readonly replyTo?: string;
  readonly sessionID?: SessionID;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (text: string): Result<unknown, undefined> => {
  try {
    return success(JSON.parse(text));
  } catch {
    return failure(undefined);
  }
};

/** What an `error` may repeat of the sender's own words: a short plain type, so that no echo can be made to grow. */
const replyContext = (fields: Fields): Pick<ParseFailure, 'replyTo' | 'sessionID'> => {
  const { type, sessionID } = fields;
  return {
    ...(typeof type === 'string' && /^[\w-]{1,64}$/.test(type) ? { replyTo: type } : {}),
    ...(typeof sessionID === 'string' && isSessionID(sessionID) ? { sessionID } : {}),
  };
};

const has = <Table extends object>(table: Table, key: string): key is Extract<keyof Table, string> =>
  Object.hasOwn(table, key);

const readType = (text: string): Result<{ fields: Fields; type: string }, ParseFailure> => {
  const json = parseJson(text);
  if (!json.ok) return failure({ code: 'bad_message', message: 'The frame is not JSON.' });
  if (!isObject(json.value)) return failure({ code: 'bad_message', message: 'The frame is not a JSON object.' });
  const fields = json.value;
  if (typeof fields['type'] !== 'string') {
    return failure({ code: 'bad_message', message: '`type` is missing or not a string.', ...replyContext(fields) });
  }
  return success({ fields, type: fields['type'] });
};

/**
 * Reads a frame that a client sent.
 *
 * @returns the message, or the `error` to answer with: `bad_message` (which names the field at fault) or `unknown_type`.
 */
export const parseClientMessage = (text: string): Result<ClientMessage, ParseFailure> => {
  const read = readType(text);
  if (!read.ok) return read;
  const { fields, type } = read.value;
  if (!has(clientChecks, type)) {
    return failure({ code: 'unknown_type', message: 'No message has this `type`.', ...replyContext(fields) });
  }
  if (!clientChecks[type](fields)) {
    return failure({ code: 'bad_message', message: describeFault(type, fields), ...replyContext(fields) });
  }
  if (type === 'signal') {
    // The frame is relayed as it came: two readers that choose differently among repeated keys would see two messages.
    const repeated = repeatedTopLevelKey(text);
    if (repeated !== undefined) {
      return failure({ code: 'bad_message', message: 'A key stands twice in the frame.', ...replyContext(fields) });
    }
  }
  return success(fields as ClientMessage);
};

const describeFault = (type: keyof typeof clientFieldChecks, fields: Fields): string => {
  const checks: Readonly<Record<string, (value: unknown) => boolean>> = clientFieldChecks[type];
  for (const [name, check] of Object.entries(checks)) {
    if (!check(fields[name])) {
      return fields[name] === undefined ? `\`${name}\` is missing.` : `\`${name}\` is not what the protocol allows.`;
    }
  }
  return 'The message is not what the protocol allows.';
};

/**
 * Reads a frame that the server sent. A peer ignores what it cannot read: a newer server may say more.
 *
 * @returns the message, or `unknown_type` or `bad_message`.
 */
export const parseServerMessage = (text: string): Result<ServerMessage, ParseFailure> => {
  const read = readType(text);
  if (!read.ok) return read;
  const { fields, type } = read.value;
  if (!has(serverChecks, type)) {
    return failure({ code: 'unknown_type', message: 'No message has this `type`.', ...replyContext(fields) });
  }
  if (!serverChecks[type](fields)) {
    return failure({
      code: 'bad_message',
      message: 'The message is not what the protocol allows.',
      ...replyContext(fields),
    });
  }
  return success(fields as ServerMessage);
};
