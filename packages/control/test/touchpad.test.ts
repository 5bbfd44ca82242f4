import type { TouchpadAction } from '@proxim/control';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Pad } from './pad.js';

/** Longer than anything that a pad waits for. */
const aWhile = 10_000;

describe('a tap', () => {
  for (const [fingers, button] of [
    [1, 'left'],
    [2, 'right'],
    [3, 'middle'],
  ] as const) {
    it(`with ${fingers}: ${button}, released when nothing follows`, () => {
      const pad = new Pad().tap(fingers);
      expect(pad.takeButtons()).toEqual([`${button} down`]);
      pad.wait(249);
      expect(pad.takeButtons()).toEqual([]);
      pad.wait(1);
      expect(pad.takeButtons()).toEqual([`${button} up`]);
      expect(pad.wait(aWhile).take()).toEqual([]);
    });
  }

  it('with four is none', () => {
    expect(new Pad().tap(4).wait(aWhile).takeButtons()).toEqual([]);
  });

  it('may last 250 ms, and not a millisecond more', () => {
    expect(new Pad().tap(1, 250).wait(aWhile).takeButtons()).toEqual(['left down', 'left up']);
    expect(new Pad().tap(1, 251).wait(aWhile).takeButtons()).toEqual([]);
    expect(new Pad().tap(3, 251).wait(aWhile).takeButtons()).toEqual([]);
  });

  it('counts from its first finger to its last', () => {
    const pad = new Pad().down(0).wait(125).down(1, 160).wait(125);
    expect(pad.up(0).up(1).wait(aWhile).takeButtons()).toEqual(['right down', 'right up']);
    const late = new Pad().down(0).wait(125).down(1, 160).wait(126);
    expect(late.up(0).up(1).wait(aWhile).takeButtons()).toEqual([]);
  });

  it('may wander by 10 pixels with one finger, and not further', () => {
    expect(new Pad().down().move(0, 106, 108).up().wait(aWhile).takeButtons()).toEqual(['left down', 'left up']);
    expect(new Pad().down().move(0, 106, 108.1).up().wait(aWhile).takeButtons()).toEqual([]);
  });

  it('that went too far and came back is none', () => {
    expect(new Pad().down().move(0, 111, 100).move(0, 100, 100).up().wait(aWhile).takeButtons()).toEqual([]);
  });

  it('may wander by 15 pixels with two or three fingers, and not further', () => {
    for (const [fingers, button] of [
      [2, 'right'],
      [3, 'middle'],
    ] as const) {
      const touch = (pad: Pad): Pad => {
        for (let finger = 0; finger < fingers; finger += 1) pad.down(finger, 100 + finger * 60);
        return pad;
      };
      const lift = (pad: Pad): Pad => {
        for (let finger = 0; finger < fingers; finger += 1) pad.up(finger);
        return pad.wait(aWhile);
      };
      expect(lift(touch(new Pad()).move(0, 109, 112)).takeButtons()).toEqual([`${button} down`, `${button} up`]);
      expect(lift(touch(new Pad()).move(0, 109, 112.1)).takeButtons()).toEqual([]);
    }
  });
});

describe('a second touch', () => {
  it('that is a tap gives down, up, down, up: a double click', () => {
    const pad = new Pad().tap().wait(100).tap().wait(aWhile);
    expect(pad.takeButtons()).toEqual(['left down', 'left up', 'left down', 'left up']);
  });

  it('and a third give three clicks', () => {
    const pad = new Pad().tap().wait(100).tap().wait(100).tap().wait(aWhile);
    expect(pad.takeButtons()).toEqual(['left down', 'left up', 'left down', 'left up', 'left down', 'left up']);
  });

  it('that moves drags with the button that is still down, until it is lifted', () => {
    const pad = new Pad().tap().wait(200).down().wait(16).move(0, 130, 100);
    expect(pad.takeButtons()).toEqual(['left down']);
    pad.wait(5000).move(0, 200, 100);
    expect(pad.take().map(({ type }) => type)).toEqual(['move']);
    expect(pad.up().takeButtons()).toEqual(['left up']);
    expect(pad.wait(aWhile).take()).toEqual([]);
  });

  it('250 ms after the tap comes too late to drag', () => {
    const pad = new Pad().tap().wait(250).down().wait(16).move(0, 150, 100).up().wait(aWhile);
    expect(pad.takeButtons()).toEqual(['left down', 'left up']);
  });

  it('finds the button released although nobody woke the pad in time', () => {
    const pad = new Pad().tap();
    pad.now += 1000;
    pad.down().wait(16).move(0, 150, 100).up();
    expect(pad.takeButtons()).toEqual(['left down', 'left up']);
  });

  it('that rests and comes to nothing releases, and clicks no second time', () => {
    const pad = new Pad().tap().wait(100).down().wait(2000).up().wait(aWhile);
    expect(pad.takeButtons()).toEqual(['left down', 'left up']);
  });

  it('after a right tap is a left one of its own', () => {
    const pad = new Pad().tap(2).wait(100).tap(1).wait(aWhile);
    expect(pad.takeButtons()).toEqual(['right down', 'right up', 'left down', 'left up']);
  });
});

describe('two fingers soon after a tap', () => {
  it('scroll with no button held', () => {
    const pad = new Pad().tap().wait(100).swipe(100);
    const types = pad.take().map((action) => (action.type === 'button' ? String(action.pressed) : action.type));
    expect(types.indexOf('false')).toBeLessThan(types.indexOf('scroll'));
    expect(types.filter((type) => type !== 'scroll')).toEqual(['true', 'false']);
    expect(pad.up(0).up(1).wait(aWhile).takeButtons()).toEqual([]);
  });

  it('tap as they would', () => {
    const pad = new Pad().tap().wait(100).tap(2).wait(aWhile);
    expect(pad.takeButtons()).toEqual(['left down', 'left up', 'right down', 'right up']);
  });
});

describe('a long press', () => {
  it('presses left and vibrates after 500 ms, drags, and releases', () => {
    const pad = new Pad().down().wait(499);
    expect(pad.takeButtons()).toEqual([]);
    pad.wait(1);
    expect(pad.takeButtons()).toEqual(['left down', 'vibrate']);
    pad.wait(16).move(0, 150, 100);
    expect(pad.take()).toMatchObject([{ type: 'move' }]);
    expect(pad.up().wait(aWhile).takeButtons()).toEqual(['left up']);
  });

  it('is none once the finger has moved, or a second one has come', () => {
    expect(new Pad().down().move(0, 120, 100).wait(aWhile).up().wait(aWhile).takeButtons()).toEqual([]);
    expect(new Pad().down().down(1, 160).wait(aWhile).up(0).up(1).wait(aWhile).takeButtons()).toEqual([]);
  });

  it('is asked for by its time', () => {
    const pad = new Pad();
    pad.now = 1000;
    expect(pad.down().state.wakeAt).toBe(1500);
    expect(pad.move(0, 120, 100).state.wakeAt).toBeNull();
  });
});

describe('one finger that moves', () => {
  it('moves the pointer, accelerated, and leaves no momentum', () => {
    const pad = new Pad({ sensitivity: 2 }).down().wait(400).move(0, 130, 60);
    expect(pad.take()).toEqual([{ type: 'move', x: 60, y: -80 }]);
    expect(pad.up().wait(aWhile).take()).toEqual([]);
  });

  it('does nothing any more once a second has come and gone', () => {
    const pad = new Pad().down(0).down(1, 160).wait(16).up(1);
    pad.take();
    expect(pad.move(0, 150, 150).takeButtons()).toEqual([]);
    expect(pad.move(0, 200, 200).take()).toEqual([]);
  });

  it('that the pad does not know does nothing', () => {
    expect(new Pad().move(7, 1, 1).up(7).wait(aWhile).take()).toEqual([]);
    expect(new Pad().down(0).move(7, 1, 1).up(7).take()).toEqual([]);
  });
});

describe('two fingers', () => {
  const total = (scrolls: readonly { readonly x: number; readonly y: number }[]) =>
    scrolls.reduce((sum, { x, y }) => ({ x: sum.x + x, y: sum.y + y }), { x: 0, y: 0 });

  it('scroll a notch for 20 pixels: naturally, the content follows them', () => {
    const pad = new Pad().swipe(200);
    const scrolled = total(pad.takeScrolls());
    // What they move within their slack is a tap's wandering, and no scrolling.
    expect(scrolled.y).toBeLessThan(-(200 - 20) / 20);
    expect(scrolled.y).toBeGreaterThanOrEqual(-200 / 20);
    expect(scrolled.x).toBeCloseTo(0);
  });

  it('or the other way', () => {
    const natural = total(new Pad().swipe(200).takeScrolls());
    const other = total(new Pad({ naturalScrolling: false }).swipe(200).takeScrolls());
    expect(other.y).toBeCloseTo(-natural.y);
  });

  it('scroll both ways at once, and as far as the user likes', () => {
    const pad = new Pad({ pixelsPerNotch: 10, naturalScrolling: false })
      .down(0)
      .down(1, 160)
      .wait(16)
      .move(0, 100, 140)
      .move(1, 180, 100);
    expect(pad.takeScrolls()).toEqual([
      { x: 0, y: 2 },
      { x: 1, y: 0 },
    ]);
  });

  it('do not move the pointer, click or vibrate', () => {
    const actions = [...new Pad().swipe(200).up(0).up(1).wait(aWhile).take()];
    expect(new Set(actions.map(({ type }) => type))).toEqual(new Set(['scroll']));
  });

  it('leave a momentum that decays and ends', () => {
    const pad = new Pad().swipe(300);
    const before = pad.takeScrolls();
    pad.up(0).up(1);
    const after = pad.wait(aWhile).takeScrolls();
    expect(after.length).toBeGreaterThan(10);
    expect(Math.sign(after[0]!.y)).toBe(Math.sign(before[0]!.y));
    // The first goes on as fast as the fingers went: two of their steps are one of both.
    expect(Math.abs(after[0]!.y)).toBeCloseTo(Math.abs(before.at(-1)!.y * 2), 0);
    for (let index = 1; index < after.length; index += 1) {
      expect(Math.abs(after[index]!.y)).toBeLessThan(Math.abs(after[index - 1]!.y));
    }
    expect(pad.state.wakeAt).toBeNull();
  });

  it('that rest for 60 ms before they are lifted leave none', () => {
    expect(new Pad().swipe(300).wait(61).up(0).up(1).state.momentum).toBeNull();
    expect(new Pad().swipe(300).wait(60).up(0).up(1).state.momentum).not.toBeNull();
  });

  it('lifted one after the other leave the same', () => {
    expect(new Pad().swipe(300).up(0).wait(30).up(1).state.momentum).not.toBeNull();
  });

  it('momentum is stopped by a touch, which is no click', () => {
    const pad = new Pad().swipe(300).up(0).up(1).wait(50);
    pad.take();
    pad.down().wait(80).up().wait(aWhile);
    expect(pad.take()).toEqual([]);
  });

  it('nor is a touch that stops it and rests a long press', () => {
    const pad = new Pad().swipe(300).up(0).up(1).wait(50);
    pad.take();
    expect(pad.down().wait(aWhile).up().wait(aWhile).takeButtons()).toEqual([]);
  });

  it('the tap after that is one again', () => {
    const pad = new Pad().swipe(300).up(0).up(1).wait(50).tap().wait(300);
    pad.take();
    expect(pad.tap().wait(aWhile).takeButtons()).toEqual(['left down', 'left up']);
  });

  it('a third finger stops the scrolling', () => {
    const pad = new Pad().swipe(100).down(2, 220);
    pad.take();
    expect(pad.wait(16).move(0, 100, 400).take()).toEqual([]);
  });
});

describe('a cancel', () => {
  it('releases a button that is dragged with, armed, or touched again', () => {
    expect(new Pad().down().wait(600).cancel().takeButtons()).toEqual(['left down', 'vibrate', 'left up']);
    expect(new Pad().tap().wait(100).down().cancel().takeButtons()).toEqual(['left down', 'left up']);
    expect(new Pad().tap().wait(100).down().wait(16).move(0, 150, 100).cancel().takeButtons()).toEqual([
      'left down',
      'left up',
    ]);
    expect(new Pad().tap().cancel().wait(aWhile).takeButtons()).toEqual(['left down', 'left up']);
  });

  it('clicks nothing, stops momentum, and forgets every finger', () => {
    expect(new Pad().down().cancel().up().wait(aWhile).take()).toEqual([]);
    const pad = new Pad().swipe(300).up(0).up(1).wait(50);
    pad.take();
    expect(pad.cancel().wait(aWhile).take()).toEqual([]);
    const moving = new Pad().down().cancel();
    expect(moving.move(0, 200, 200).take()).toEqual([]);
  });
});

describe('whatever the fingers do', () => {
  type Play =
    | { readonly do: 'down' | 'move'; readonly finger: number; readonly x: number; readonly y: number }
    | { readonly do: 'up'; readonly finger: number }
    | { readonly do: 'cancel' }
    | { readonly do: 'wait'; readonly ms: number };
  const place = fc.oneof(fc.integer({ min: 90, max: 115 }), fc.integer({ min: 0, max: 400 }));
  const play: fc.Arbitrary<Play> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('down' as const, 'move' as const),
        finger: fc.nat(3),
        x: place,
        y: place,
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('up' as const), finger: fc.nat(3) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.oneof(fc.nat(40), fc.nat(700)) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'cancel' as const }) },
  );

  it('no button is pressed twice or released unpressed, and none is held at the end', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(play, { maxLength: 60, size: 'max' }), (plays) => {
        const pad = new Pad();
        for (const each of plays) {
          switch (each.do) {
            case 'down':
            case 'move':
              pad[each.do](each.finger, each.x, each.y);
              break;
            case 'up':
              pad.up(each.finger);
              break;
            case 'cancel':
              pad.cancel();
              break;
            case 'wait':
              pad.wait(each.ms);
              break;
            default:
              each satisfies never;
          }
        }
        for (let finger = 0; finger <= 3; finger += 1) pad.up(finger);
        pad.wait(1_000_000);
        expect(pad.state).toMatchObject({ held: { kind: 'none' }, momentum: null, wakeAt: null, gesture: null });
        expect(pad.state.fingers.size).toBe(0);
        const held = new Set<string>();
        for (const action of pad.take()) {
          seen.add(describeAction(action));
          if (action.type !== 'button') {
            if (action.type !== 'vibrate') expect(Number.isFinite(action.x) && Number.isFinite(action.y)).toBe(true);
            continue;
          }
          expect(held.has(action.button)).toBe(!action.pressed);
          // Two buttons are never down together.
          expect(held.size).toBe(action.pressed ? 0 : 1);
          if (action.pressed) held.add(action.button);
          else held.delete(action.button);
        }
        expect(held.size).toBe(0);
      }),
      { numRuns: 1000 },
    );
    expect([...seen].sort()).toEqual(['left', 'middle', 'move', 'right', 'scroll', 'vibrate']);
  });

  const describeAction = (action: TouchpadAction): string => (action.type === 'button' ? action.button : action.type);
});
