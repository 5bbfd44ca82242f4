import type { Static } from 'typebox';

import { desktopChecks, phoneChecks } from './generated/validators.js';
import { type ControlResult, parseWith } from './parse-with.js';
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
  /** How the picture of the screen is agreed upon. The picture itself has a connection of its own. */
  screen: { label: 'screen', ordered: true },
} as const;
