/** Why a message on a control channel was refused. */
export type ControlFault = 'not_json' | 'unknown_type' | 'bad_fields';

export type ControlResult<Message> =
  { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly fault: ControlFault };

/** Largest control message that is read, in UTF-16 units of its JSON text. */
export const maxControlMessageLength = 32_768;

const read = (text: string): { type: string } | undefined => {
  if (text.length > maxControlMessageLength) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isTyped = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
    return isTyped ? (value as { type: string }) : undefined;
  } catch {
    return undefined;
  }
};

/** Reads a message by the checks of its channel, one for each type. Never throws. */
export const parseWith = <Message>(
  checks: Readonly<Record<string, (value: unknown) => boolean>>,
  text: string,
): ControlResult<Message> => {
  const value = read(text);
  if (!value) return { ok: false, fault: 'not_json' };
  const check = Object.hasOwn(checks, value.type) ? checks[value.type] : undefined;
  if (!check) return { ok: false, fault: 'unknown_type' };
  return check(value) ? { ok: true, message: value as Message } : { ok: false, fault: 'bad_fields' };
};
