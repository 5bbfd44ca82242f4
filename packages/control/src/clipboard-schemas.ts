/** What travels on the `clipboard` data channel, as TypeBox schemas. Loaded by the build and the documentation alone. */
import { Type, type TProperties } from 'typebox';

const message = <const T extends string, P extends TProperties>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), ...properties });

/** What the phone calls one request of its own; all that belongs to it carries this number. */
const id = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
/** A text travels in parts, each cut between two characters. */
const part = {
  id,
  index: Type.Integer({ minimum: 0, maximum: 511 }),
  of: Type.Integer({ minimum: 1, maximum: 512 }),
  text: Type.String({ pattern: '^[^\\p{Cs}\\u0000]{1,16384}$' }),
};
const arrived = message('clipboard_arrived', {
  id,
  /** Parts in all by now; the other side sends few ahead of it. */
  parts: Type.Integer({ minimum: 1, maximum: 512 }),
});

/** What the phone may send. */
export const clipboardPhoneSchemas = {
  clipboard_get: message('clipboard_get', { id }),
  clipboard_set: message('clipboard_set', part),
  clipboard_arrived: arrived,
};

/** What the desktop sends. */
export const clipboardDesktopSchemas = {
  clipboard_text: message('clipboard_text', part),
  clipboard_arrived: arrived,
  clipboard_written: message('clipboard_written', { id }),
  clipboard_refused: message('clipboard_refused', { id, reason: Type.String({ pattern: '^[a-z_]{1,64}$' }) }),
};
