import type { Static } from 'typebox';

import type { clipboardDesktopSchemas, clipboardPhoneSchemas } from './clipboard-schemas.js';
import { clipboardDesktopChecks, clipboardPhoneChecks } from './generated/validators.js';
import { type ControlResult, parseWith } from './parse-with.js';

export type ClipboardPhoneMessage = {
  [T in keyof typeof clipboardPhoneSchemas]: Static<(typeof clipboardPhoneSchemas)[T]>;
}[keyof typeof clipboardPhoneSchemas];
export type ClipboardDesktopMessage = {
  [T in keyof typeof clipboardDesktopSchemas]: Static<(typeof clipboardDesktopSchemas)[T]>;
}[keyof typeof clipboardDesktopSchemas];

/**
 * Why the desktop does not do what the phone asked. `secret`: the program that put it there marked it as a password.
 * `busy`: too much was asked in too short a time.
 */
export type ClipboardRefusal = 'not_allowed' | 'empty' | 'not_text' | 'too_large' | 'secret' | 'busy' | 'unavailable';

/** Reads what a phone sent on the `clipboard` channel. Never throws. */
export const parseClipboardPhoneMessage = (text: string): ControlResult<ClipboardPhoneMessage> =>
  parseWith(clipboardPhoneChecks, text);

/** Reads what the desktop sent on the `clipboard` channel. Never throws. */
export const parseClipboardDesktopMessage = (text: string): ControlResult<ClipboardDesktopMessage> =>
  parseWith(clipboardDesktopChecks, text);
