import type { KeyStroke } from '@proxim/control';
import { describe, expect, it } from 'vitest';

import { strokeOfCharacter } from '../../src/control/key-strokes.js';
import { Modifiers, tapped } from '../../src/control/modifiers.js';

const makeModifiers = () => {
  const sent: string[] = [];
  const modifiers = new Modifiers({
    key: ({ code }: KeyStroke, pressed: boolean) => sent.push(`${code} ${pressed ? 'down' : 'up'}`),
  });
  return { modifiers, sent };
};

describe('a modifier', () => {
  it('is on for the next key at a tap, locked at a second, off at a third', () => {
    expect(tapped('off', Number.POSITIVE_INFINITY)).toBe('once');
    expect(tapped('once', 200)).toBe('locked');
    expect(tapped('once', 2000)).toBe('off');
    expect(tapped('locked', 100)).toBe('off');
  });

  it('is held on the computer until a key or a click has used it', () => {
    const { modifiers, sent } = makeModifiers();
    modifiers.tap('ctrl', 0);
    expect(modifiers.isAnyOn.value).toBe(true);
    modifiers.used();
    expect(sent).toEqual(['ControlLeft down', 'ControlLeft up']);
    expect(modifiers.isAnyOn.value).toBe(false);
  });

  it('stays held while it is locked', () => {
    const { modifiers, sent } = makeModifiers();
    modifiers.tap('alt', 0);
    modifiers.tap('alt', 200);
    modifiers.used();
    modifiers.used();
    expect(sent).toEqual(['AltLeft down']);
    modifiers.tap('alt', 5000);
    expect(sent).toEqual(['AltLeft down', 'AltLeft up']);
  });

  it('takes taps on two modifiers for no double tap', () => {
    const { modifiers } = makeModifiers();
    modifiers.tap('ctrl', 0);
    modifiers.tap('shift', 100);
    expect(modifiers.states.value).toEqual({ ctrl: 'once', alt: 'off', super: 'off', shift: 'once' });
  });

  it('is forgotten without a word when the computer has let go by itself', () => {
    const { modifiers, sent } = makeModifiers();
    modifiers.tap('super', 0);
    modifiers.forget();
    expect(sent).toEqual(['MetaLeft down']);
    expect(modifiers.isAnyOn.value).toBe(false);
  });
});

describe('the key of a character', () => {
  it.each([
    ['c', 'KeyC'],
    ['C', 'KeyC'],
    ['7', 'Digit7'],
    ['&', 'Digit7'],
    [' ', 'Space'],
    ['?', 'Slash'],
    ['ä', 'Unidentified'],
  ])('%s is at %s, and says itself', (key, code) => {
    expect(strokeOfCharacter(key)).toEqual({ code, key });
  });
});
