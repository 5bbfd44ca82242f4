import { type ControlRights, noRights, readRights } from '@proxim/control';
import { type KeptSession } from '@proxim/peer';
import { deviceSecretBytes, isSessionID, isUuid, linkSecretBytes, type PeerToken } from '@proxim/protocol';

/** A phone that may come back after Proxim was closed: its session, and what this computer's user calls it. */
export interface RememberedPhone {
  readonly kept: KeptSession;
  /** The signaling server that the phone looks for the session at; null for the one that is embedded here. */
  readonly signaling: string | null;
  readonly label: string | null;
  /** Unix milliseconds; null when it was never connected. */
  readonly lastSeenAt: number | null;
  readonly rights: ControlRights;
}

/** What the file holds. */
export interface Memory {
  /** The port that the phones know; null when none was ever used. */
  readonly port: number | null;
  readonly phones: readonly RememberedPhone[];
}

export const emptyMemory: Memory = { port: null, phones: [] };

/** What became of reading the file. */
export type MemoryReading =
  | { readonly kind: 'whole'; readonly memory: Memory }
  /** Some of it could not be read: the rest is `memory`. */
  | { readonly kind: 'damaged'; readonly memory: Memory }
  /** Written by a later version, and to be left alone. */
  | { readonly kind: 'newer' };

const version = 1;
/** The wire's bounds of a name; what is longer was not written by Proxim. */
const maxNameLength = 128;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

const bytesOf = (value: unknown, length: number): Uint8Array | undefined => {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]*$/.test(value)) return undefined;
  const bytes = new Uint8Array(Buffer.from(value, 'base64url'));
  return bytes.length === length ? bytes : undefined;
};

const isPeerToken = (value: unknown): value is PeerToken =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{22}$/.test(value);

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && Array.from(value).length <= maxNameLength;

const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** A file that says nothing of rights is of a time when there was but one answer, and nothing but these two to allow. */
const rightsOfOld: ControlRights = { ...noRights, point: true, type: true };

const readPhone = (value: unknown): RememberedPhone | undefined => {
  const fields = fieldsOf(value);
  const device = fieldsOf(fields?.['device']);
  if (!fields || !device) return undefined;
  const { sessionID, uuid, peerToken, signaling, label } = fields;
  const linkSecret = bytesOf(fields['linkSecret'], linkSecretBytes);
  const secret = bytesOf(fields['deviceSecret'], deviceSecretBytes);
  const { name, id } = device;
  if (typeof sessionID !== 'string' || !isSessionID(sessionID)) return undefined;
  if (typeof uuid !== 'string' || !isUuid(uuid) || !isPeerToken(peerToken)) return undefined;
  if (!linkSecret || !secret || !isName(name) || !isName(id)) return undefined;
  return {
    kept: {
      sessionID,
      uuid,
      peerToken,
      linkSecret,
      deviceSecret: { secret, isKept: fields['deviceSecretIsKept'] === true },
      device: { name, id },
    },
    signaling: typeof signaling === 'string' ? signaling : null,
    label: isName(label) ? label : null,
    lastSeenAt: numberOrNull(fields['lastSeenAt']),
    rights: readRights(fields['rights']) ?? rightsOfOld,
  };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads the file's text. One phone that cannot be read costs no other. */
export const readMemory = (text: string): MemoryReading => {
  const fields = fieldsOf(parse(text));
  const written = fields?.['version'];
  if (!fields || typeof written !== 'number') return { kind: 'damaged', memory: emptyMemory };
  if (written > version) return { kind: 'newer' };
  const entries: readonly unknown[] = Array.isArray(fields['phones']) ? fields['phones'] : [];
  const phones = new Map<string, RememberedPhone>();
  for (const entry of entries) {
    const phone = readPhone(entry);
    if (phone) phones.set(phone.kept.sessionID, phone);
  }
  const port = numberOrNull(fields['port']);
  const isPort = port !== null && Number.isInteger(port) && port > 0 && port <= 65_535;
  const isWhole = Array.isArray(fields['phones']) && phones.size === entries.length;
  return {
    kind: isWhole ? 'whole' : 'damaged',
    memory: { port: isPort ? port : null, phones: [...phones.values()] },
  };
};

const writePhone = ({ kept, signaling, label, lastSeenAt, rights }: RememberedPhone): object => ({
  sessionID: kept.sessionID,
  uuid: kept.uuid,
  peerToken: kept.peerToken,
  linkSecret: Buffer.from(kept.linkSecret).toString('base64url'),
  deviceSecret: Buffer.from(kept.deviceSecret.secret).toString('base64url'),
  deviceSecretIsKept: kept.deviceSecret.isKept,
  device: { name: kept.device.name, id: kept.device.id },
  signaling,
  label,
  lastSeenAt,
  rights,
});

/** The text to be written. */
export const writeMemory = ({ port, phones }: Memory): string =>
  `${JSON.stringify({ version, port, phones: phones.map(writePhone) }, null, 2)}\n`;
