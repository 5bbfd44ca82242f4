import { ManualClock } from '@proxim/protocol/testing';
import { beforeEach, describe, expect, it } from 'vitest';

import type { InputBackend } from '../../src/backends/input/input-backend.js';
import { WatchedInput } from '../../src/host/watched-input.js';

const nothing = (): void => undefined;

describe('whether a phone is pressing something', () => {
  let clock: ManualClock;
  let reachesScreen: () => void;
  let input: WatchedInput;

  beforeEach(() => {
    clock = new ManualClock();
    const backend: InputBackend = {
      name: 'stage',
      panicKey: null,
      move: nothing,
      button: nothing,
      scroll: nothing,
      text: nothing,
      key: nothing,
      releaseAll: nothing,
      settled: () =>
        new Promise((resolve) => {
          reachesScreen = resolve;
        }),
      close: () => Promise.resolve(),
    };
    input = new WatchedInput(backend, clock);
  });

  const settle = async (): Promise<void> => {
    reachesScreen();
    await Promise.resolve();
    await Promise.resolve();
  };

  it('it is not before anything was, nor while it only points', () => {
    input.move(5, 5);
    input.scroll(0, 1);
    input.releaseAll();
    expect(input.isPressing).toBe(false);
  });

  it('it is until a second after the release has reached the screen', async () => {
    input.button('left', true);
    await settle();
    input.button('left', false);
    clock.advance(60_000);
    expect(input.isPressing).toBe(true);
    await settle();
    clock.advance(999);
    expect(input.isPressing).toBe(true);
    clock.advance(1);
    expect(input.isPressing).toBe(false);
  });

  it('it is as long as a key is held, which repeats by itself; under whatever name it is released', async () => {
    input.key({ code: 'KeyA', key: 'a' }, true);
    await settle();
    clock.advance(60_000);
    expect(input.isPressing).toBe(true);
    input.key({ code: 'KeyA', key: 'A' }, false);
    await settle();
    clock.advance(1000);
    expect(input.isPressing).toBe(false);
  });

  it('it is as long as a text is being typed', async () => {
    input.text('a long text');
    clock.advance(60_000);
    expect(input.isPressing).toBe(true);
    await settle();
    clock.advance(1000);
    expect(input.isPressing).toBe(false);
  });

  it('it is no more once everything was released', async () => {
    input.key({ code: 'Enter', key: 'Enter' }, true);
    await settle();
    input.releaseAll();
    await settle();
    clock.advance(1000);
    expect(input.isPressing).toBe(false);
  });
});
