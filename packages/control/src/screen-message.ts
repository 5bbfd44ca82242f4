import type { Static } from 'typebox';

import { screenDesktopChecks, screenPhoneChecks } from './generated/screen-validators.js';
import { type ControlResult, parseWith } from './parse-with.js';
import type { screenDesktopSchemas, screenPhoneSchemas } from './screen-schemas.js';

export type ScreenPhoneMessage = {
  [T in keyof typeof screenPhoneSchemas]: Static<(typeof screenPhoneSchemas)[T]>;
}[keyof typeof screenPhoneSchemas];
export type ScreenDesktopMessage = {
  [T in keyof typeof screenDesktopSchemas]: Static<(typeof screenDesktopSchemas)[T]>;
}[keyof typeof screenDesktopSchemas];

/** An ICE candidate of the picture's own connection; an empty one is their end. */
export type ScreenCandidate = Pick<
  Extract<ScreenPhoneMessage, { type: 'screen_candidate' }>,
  'candidate' | 'sdpMid' | 'sdpMLineIndex'
>;

/** Reads what a phone sent on the `screen` channel. Never throws. */
export const parseScreenPhoneMessage = (text: string): ControlResult<ScreenPhoneMessage> =>
  parseWith(screenPhoneChecks, text);

/** Reads what the desktop sent on the `screen` channel. Never throws. */
export const parseScreenDesktopMessage = (text: string): ControlResult<ScreenDesktopMessage> =>
  parseWith(screenDesktopChecks, text);

/** The smallest and the largest width and height that a phone may name, in pixels. */
export const screenPixels = { min: 160, max: 8192 } as const;
