import type { KeptText } from './storage.js';

/** Characters that a device's name cannot have: controls, those that turn the writing around, and halves of characters. */
const forbidden = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const maxCharacters = 128;

/** Makes a name that may be sent: at most 128 characters, none of them forbidden. Empty when nothing is left. */
export const cleanDeviceName = (name: string): string =>
  Array.from(name.replace(forbidden, '').trim()).slice(0, maxCharacters).join('').trim();

/** What this device is, as far as its browser tells. */
export const defaultDeviceName = (userAgent: string): string => {
  if (userAgent.includes('iPhone')) return 'iPhone';
  if (userAgent.includes('iPad')) return 'iPad';
  const pixel = /\bPixel(?: \w+)*/.exec(userAgent)?.[0];
  if (pixel !== undefined) return pixel;
  if (/\bSM-[A-Z]\d|\bGalaxy\b/.test(userAgent)) return 'Galaxy';
  if (userAgent.includes('Android')) return userAgent.includes('Mobile') ? 'Android phone' : 'Android tablet';
  return 'Phone';
};

/** The name that the user chose before, or else what this device is. */
export const readDeviceName = (kept: KeptText, userAgent: string): string =>
  cleanDeviceName(kept.read() ?? '') || defaultDeviceName(userAgent);
