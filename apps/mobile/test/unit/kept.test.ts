import type { PeerToken } from '@proxim/protocol';
import { parseLink } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { cleanDeviceName, defaultDeviceName, readDeviceName } from '../../src/device-name.js';
import { createPreferences } from '../../src/preferences.js';
import { readRecord, writeRecord } from '../../src/session-record.js';
import { keptText, type TextStorage } from '../../src/storage.js';

const makeKept = (text?: string) => {
  const texts = new Map<string, string>(text === undefined ? [] : [['key', text]]);
  const storage: TextStorage = {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, value) => texts.set(key, value),
    removeItem: (key) => texts.delete(key),
  };
  return keptText(() => storage, 'key');
};

const read = parseLink(
  'http://[fd00::2]:47800/#v=1&s=sessionsession&u=7f3f1b0e-6a58-4a43-9d1a-0d2f5f0a7c11&k=AAECAwQFBgcICQoLDA0ODw&n=Desk&a=wss%3A%2F%2Frelay.example%2Fsignal',
);
if (!read.ok) throw new Error('The test’s link is none.');
const link = read.value;

describe('what this tab keeps of a session', () => {
  it('comes back as it was', () => {
    const kept = makeKept();
    const memory = {
      peerToken: 'abcdefghijklmnopqrstuv' as PeerToken,
      deviceSecret: Uint8Array.from({ length: 32 }, (_, index) => index * 8),
      wasApproved: true,
    };
    writeRecord(kept, { link, deviceID: '00ff', memory });
    expect(readRecord(kept)).toEqual({ link, deviceID: '00ff', memory });
  });

  it('may be no more than a link', () => {
    const kept = makeKept();
    writeRecord(kept, { link, deviceID: '00ff', memory: undefined });
    expect(readRecord(kept)).toEqual({ link, deviceID: '00ff', memory: undefined });
  });

  it.each(['', 'null', '[]', '{}', '{"link":"http://x/#v=1","deviceID":"00"}', '{"link":1,"deviceID":2}'])(
    'is nothing when it is damaged: %s',
    (text) => {
      expect(readRecord(makeKept(text))).toBeUndefined();
    },
  );

  it('loses no more than the memory when that is damaged', () => {
    const kept = makeKept();
    writeRecord(kept, { link, deviceID: '00ff', memory: undefined });
    const damaged = { ...JSON.parse(kept.read() ?? '{}'), peerToken: 'short', wasApproved: true } as object;
    expect(readRecord(makeKept(JSON.stringify(damaged)))).toEqual({ link, deviceID: '00ff', memory: undefined });
  });

  it('does without a storage that the browser forbids', () => {
    const kept = keptText(() => {
      throw new Error('Access is denied.');
    }, 'key');
    kept.write('x');
    kept.clear();
    expect(kept.read()).toBeUndefined();
  });
});

describe('the phone’s name', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)', 'iPhone'],
    ['Mozilla/5.0 (Linux; Android 13; SM-S911B) Chrome/130 Mobile Safari/537.36', 'Galaxy'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8 Pro) Chrome/130 Mobile Safari/537.36', 'Pixel 8 Pro'],
    ['Mozilla/5.0 (Linux; Android 10; K) Chrome/130 Mobile Safari/537.36', 'Android phone'],
    ['Mozilla/5.0 (Linux; Android 10; K) Chrome/130 Safari/537.36', 'Android tablet'],
    ['Mozilla/5.0 (X11; Linux x86_64) Chrome/130', 'Phone'],
  ])('is found in %s', (userAgent, name) => {
    expect(defaultDeviceName(userAgent)).toBe(name);
  });

  it('holds no character that could disguise it, and no more than 128', () => {
    expect(cleanDeviceName('  Ann\u202Ea’s\u0007 phone\uD83D ')).toBe('Anna’s phone');
    expect(Array.from(cleanDeviceName('📱'.repeat(300)))).toHaveLength(128);
    expect(cleanDeviceName(' \u2066 ')).toBe('');
  });

  it('is the one that the user chose, if one is left', () => {
    expect(readDeviceName(makeKept('Kitchen'), 'iPhone')).toBe('Kitchen');
    expect(readDeviceName(makeKept(' \u0000'), 'iPhone')).toBe('iPhone');
  });
});

describe('how the pad feels', () => {
  it('is as it comes at first, and as it was left afterwards', () => {
    const kept = makeKept();
    const preferences = createPreferences(kept);
    expect(preferences.touchpad.value).toEqual({ sensitivity: 1, pixelsPerNotch: 20, naturalScrolling: true });
    preferences.change({ pointerSpeed: 2, scrollSpeed: 0.5, naturalScrolling: false });
    expect(createPreferences(kept).touchpad.value).toEqual({
      sensitivity: 2,
      pixelsPerNotch: 40,
      naturalScrolling: false,
    });
  });

  it('does not believe what is out of range', () => {
    const kept = makeKept('{"pointerSpeed":1e9,"scrollSpeed":"fast","naturalScrolling":"yes"}');
    expect(createPreferences(kept).current.value).toEqual({ pointerSpeed: 1, scrollSpeed: 1, naturalScrolling: true });
  });
});
