import { defaultTouchpadSettings, type TouchpadSettings } from '@proxim/control';
import { computed, signal } from '@preact/signals';

import { type KeptText, parseKept } from './storage.js';

/** How the pad feels. Both speeds are factors: 1 is as it comes. */
export interface Preferences {
  readonly pointerSpeed: number;
  readonly scrollSpeed: number;
  readonly naturalScrolling: boolean;
}

/** The ends of both sliders. */
export const slowest = 0.25;
export const fastest = 4;

const defaults: Preferences = {
  pointerSpeed: 1,
  scrollSpeed: 1,
  naturalScrolling: defaultTouchpadSettings.naturalScrolling,
};

const readSpeed = (value: unknown): number =>
  typeof value === 'number' && value >= slowest && value <= fastest ? value : 1;

const read = (kept: KeptText): Preferences => {
  const value = parseKept(kept.read());
  if (!value) return defaults;
  const { pointerSpeed, scrollSpeed, naturalScrolling } = value;
  return {
    pointerSpeed: readSpeed(pointerSpeed),
    scrollSpeed: readSpeed(scrollSpeed),
    naturalScrolling: typeof naturalScrolling === 'boolean' ? naturalScrolling : defaults.naturalScrolling,
  };
};

/** The user's preferences, kept on this phone. */
export const createPreferences = (kept: KeptText) => {
  const current = signal(read(kept));
  const touchpad = computed((): TouchpadSettings => ({
    sensitivity: defaultTouchpadSettings.sensitivity * current.value.pointerSpeed,
    pixelsPerNotch: defaultTouchpadSettings.pixelsPerNotch / current.value.scrollSpeed,
    naturalScrolling: current.value.naturalScrolling,
  }));
  return {
    current,
    touchpad,
    change: (change: Partial<Preferences>): void => {
      current.value = { ...current.value, ...change };
      kept.write(JSON.stringify(current.value));
    },
  };
};

export type PreferencesStore = ReturnType<typeof createPreferences>;
