import type { Static } from 'typebox';

import { desktopChecks, phoneChecks } from './generated/validators.js';
import type { desktopSchemas, phoneSchemas } from './schemas.js';

/** The version of the control protocol that both sides name in their `hello`. */
export const controlVersion = 1;

export type PhoneMessage = {
  [T in keyof typeof phoneSchemas]: Static<(typeof phoneSchemas)[T]>;
}[keyof typeof phoneSchemas];
export type DesktopMessage = {
  [T in keyof typeof desktopSchemas]: Static<(typeof desktopSchemas)[T]>;
}[keyof typeof desktopSchemas];

/** What a computer has besides pointer and keyboard. */
export type ComputerFeatures = NonNullable<Extract<DesktopMessage, { type: 'control_state' }>['has']>;
/** One of the system's own commands. */
export type SystemAction = Extract<PhoneMessage, { type: 'system' }>['action'];
/** What became of a request for one. */
export type SystemResult = Extract<DesktopMessage, { type: 'system_result' }>;
/** Why it was refused. */
export type SystemRefusal = NonNullable<SystemResult['reason']>;
/** The commands after which the computer is gone for a while. */
export type SystemGoing = Extract<DesktopMessage, { type: 'system_going' }>['action'];
/** A pointer's button, named by its use and not by its side. */
export type PointerButton = Extract<PhoneMessage, { type: 'button' }>['button'];
/** One key in the terms of UI Events: `code` is where it is, `key` what it says on the phone's layout. */
export interface KeyStroke {
  readonly code: string;
  readonly key: string;
}

/** Why a message on the control channel was refused. */
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

/** Reads a message by the checks of its channel. Never throws. */
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

/** Reads what a phone sent on the `control` channel. Never throws. */
export const parsePhoneMessage = (text: string): ControlResult<PhoneMessage> => parseWith(phoneChecks, text);

/** Reads what the desktop sent on the `control` channel. Never throws. */
export const parseDesktopMessage = (text: string): ControlResult<DesktopMessage> => parseWith(desktopChecks, text);

/** The data channels of a controlling phone: labels and how each delivers. */
export const controlChannels = {
  /** Buttons, keys, text: everything arrives, in order. */
  control: { label: 'control', ordered: true },
  /** Pointer and wheel: the newest totals matter and a late one does not, so nothing waits for a lost packet. */
  motion: { label: 'motion', ordered: false, maxRetransmits: 0 },
  /** Texts for the clipboard and from it: by themselves, so that no key waits behind a long one. */
  clipboard: { label: 'clipboard', ordered: true },
} as const;
