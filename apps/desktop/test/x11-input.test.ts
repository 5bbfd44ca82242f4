import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { InputBackend } from '../src/backends/input/input-backend.js';
import { selectInputBackend } from '../src/backends/input/select-input-backend.js';
import { connectX11Input } from '../src/backends/input/x11/x11-input.js';
import { observeScreen, type XObserver } from './support/x-observer.js';
import { runOnScreen, startXScreen, type XScreen } from './support/x-screen.js';
import { startTerminal, startWindowManager, type XTerminal } from './support/x-terminal.js';

const silent = { info: () => undefined, warn: () => undefined };
const stroke = (code: string, key: string) => ({ code, key });
const control = stroke('ControlLeft', 'Control');
const shift = stroke('ShiftLeft', 'Shift');

const failOnLoss = () => {
  throw new Error('lost');
};

describe('the X11 backend, seen by another program', () => {
  let screen: XScreen;
  let observer: XObserver;
  let input: InputBackend;

  beforeAll(async () => {
    screen = await startXScreen({ size: { width: 800, height: 600 } });
    observer = await observeScreen(screen.display);
    await observer.cover();
    input = await connectX11Input({ display: screen.display, log: silent, onLost: failOnLoss });
  });
  afterEach(async () => {
    input.releaseAll();
    await input.settled();
    await observer.pointer();
    observer.take('KeyPress', 'KeyRelease', 'ButtonPress', 'ButtonRelease', 'MotionNotify');
  });
  afterAll(async () => {
    await input.close();
    await observer.close();
    await screen.stop();
  });

  /** Everything that the observer has seen of these kinds, as `name detail`. */
  const seen = async (...names: readonly string[]) => {
    await input.settled();
    await observer.pointer();
    return observer.take(...names).map(({ name, keycode }) => `${name} ${String(keycode)}`);
  };

  it('moves the pointer by exact pixels, and the edges stop it', async () => {
    input.move(-10_000, -10_000);
    input.move(100, 50);
    input.move(-3, 7);
    input.move(1, 0);
    await input.settled();
    expect(await observer.pointer()).toMatchObject({ x: 98, y: 57 });
    input.move(1e12, Number.NaN);
    await input.settled();
    expect(await observer.pointer()).toMatchObject({ x: 799, y: 57 });
  });

  it('presses and releases each button once', async () => {
    for (const button of ['left', 'middle', 'right', 'back', 'forward'] as const) {
      input.button(button, true);
      input.button(button, true);
      input.button(button, false);
      input.button(button, false);
    }
    expect(await seen('ButtonPress', 'ButtonRelease')).toEqual(
      [1, 2, 3, 8, 9].flatMap((number) => [`ButtonPress ${String(number)}`, `ButtonRelease ${String(number)}`]),
    );
  });

  it('turns the wheel by whole notches, both ways', async () => {
    input.scroll(0, 2);
    input.scroll(0, -1);
    input.scroll(1, 0);
    input.scroll(-2, 0);
    const presses = (await seen('ButtonPress')).map((press) => press.replace('ButtonPress ', ''));
    expect(presses).toEqual(['5', '5', '4', '7', '6', '6']);
  });

  it('bounds a wrong number of notches', async () => {
    input.scroll(0, Number.MAX_SAFE_INTEGER);
    expect(await seen('ButtonPress')).toHaveLength(100);
  });

  it('presses the key that the name means, and holds it once', async () => {
    input.key(control, true);
    input.key(control, true);
    input.key(stroke('KeyW', 'z'), true);
    input.key(stroke('KeyW', 'z'), false);
    input.key(control, false);
    input.key(control, false);
    expect(await seen('KeyPress', 'KeyRelease')).toEqual([
      'KeyPress 37',
      'KeyPress 52',
      'KeyRelease 52',
      'KeyRelease 37',
    ]);
  });

  it('falls back to the place of a key whose name the layout lacks', async () => {
    input.key(control, true);
    input.key(stroke('KeyZ', 'я'), true);
    input.key(stroke('KeyZ', 'я'), false);
    expect(await seen('KeyPress')).toEqual(['KeyPress 37', 'KeyPress 52']);
  });

  it('tells left from right, and knows function, navigation and media keys', async () => {
    const strokes = [
      ['ShiftRight', 'Shift', 62],
      ['AltLeft', 'Alt', 64],
      ['MetaLeft', 'Meta', 133],
      ['F1', 'F1', 67],
      ['F12', 'F12', 96],
      ['ArrowLeft', 'ArrowLeft', 113],
      ['Home', 'Home', 110],
      ['PageDown', 'PageDown', 117],
      ['Delete', 'Delete', 119],
      ['Backspace', 'Backspace', 22],
      ['Escape', 'Escape', 9],
      ['Tab', 'Tab', 23],
      ['Space', ' ', 65],
      ['NumpadEnter', 'Enter', 104],
      ['NumpadAdd', '+', 86],
      ['PrintScreen', 'PrintScreen', 107],
      ['ContextMenu', 'ContextMenu', 135],
      ['', 'AudioVolumeUp', 123],
      ['Unidentified', 'MediaPlayPause', 172],
      ['', 'BrightnessDown', 232],
      ['Slash', '/', 61],
      ['Slash', 'Dead', 61],
    ] as const;
    for (const [code, key] of strokes) {
      input.key(stroke(code, key), true);
      input.key(stroke(code, key), false);
    }
    expect(await seen('KeyPress')).toEqual(strokes.map(([, , keycode]) => `KeyPress ${String(keycode)}`));
  });

  it('presses Shift around a character that needs it, unless the phone holds it', async () => {
    input.key(stroke('', '?'), true);
    input.key(stroke('', '?'), false);
    input.key(shift, true);
    input.key(stroke('Slash', '?'), true);
    expect(await seen('KeyPress', 'KeyRelease')).toEqual([
      ...['KeyPress 50', 'KeyPress 61', 'KeyRelease 50', 'KeyRelease 61'],
      ...['KeyPress 50', 'KeyPress 61'],
    ]);
  });

  it('lends a spare keycode to a key that the keyboard lacks, for as long as it is held', async () => {
    input.key(stroke('Numpad7', '7'), true);
    await input.settled();
    const { keycode = 0 } = await observer.next('KeyPress');
    expect(await observer.keysyms(keycode)).toEqual(expect.arrayContaining([0xffb7]));
    input.text('你好');
    await input.settled();
    expect(await observer.keysDown()).toEqual([keycode]);
    input.key(stroke('Numpad7', '7'), false);
    await input.settled();
    expect(await observer.keysDown()).toEqual([]);
  });

  it('carries calls out in order, also behind a text that needs time', async () => {
    input.move(-10_000, -10_000);
    await input.settled();
    await observer.pointer();
    observer.take('MotionNotify');
    input.text('你');
    input.move(5, 5);
    input.button('left', true);
    input.text('a');
    input.button('left', false);
    input.key(stroke('Enter', 'Enter'), true);
    input.key(stroke('Enter', 'Enter'), false);
    const events = await seen('KeyPress', 'MotionNotify', 'ButtonPress', 'ButtonRelease', 'KeyRelease');
    expect(events.map((event) => event.replace(/ (?!36|38).*/, ''))).toEqual([
      ...['KeyPress', 'KeyRelease', 'MotionNotify', 'ButtonPress', 'KeyPress 38', 'KeyRelease 38', 'ButtonRelease'],
      ...['KeyPress 36', 'KeyRelease 36'],
    ]);
  });

  it('lets programs look before a lent keycode changes again, and not before', async () => {
    const waits: number[] = [];
    let now = 0;
    const clock = {
      now: () => now,
      wait: (milliseconds: number) => {
        waits.push(milliseconds);
        now += milliseconds;
        return Promise.resolve();
      },
    };
    const other = await connectX11Input({ display: screen.display, onLost: failOnLoss, clock });
    other.text('plain');
    await other.settled();
    expect(waits).toEqual([]);
    other.text('αβα');
    other.text('β again');
    await other.settled();
    expect(waits).toEqual([8]);
    waits.length = 0;
    other.text(Array.from({ length: 60 }, (_, index) => String.fromCodePoint(0x5000 + index)).join(''));
    await other.settled();
    expect(waits.filter((each) => each === 8).length).toBeLessThan(8);
    // The first one follows the change of keyboards that another device's first key is.
    expect(
      waits
        .filter((each) => each > 8)
        .slice(1)
        .every((each) => each === 120),
    ).toBe(true);
    await other.close();
  });

  it('keeps a modifier that is held while a text is typed', async () => {
    input.key(shift, true);
    input.text('aB');
    await input.settled();
    expect(await observer.keysDown()).toEqual([50]);
    expect((await observer.pointer()).modifiers).toBe(1);
  });

  it('releases every key and button', async () => {
    input.key(control, true);
    input.key(stroke('KeyA', 'a'), true);
    input.button('left', true);
    await input.settled();
    expect(await observer.keysDown()).toEqual([37, 38]);
    input.releaseAll();
    await input.settled();
    expect(await observer.keysDown()).toEqual([]);
    expect(await seen('ButtonRelease')).toEqual(['ButtonRelease 1']);
  });

  /** A backend that has come to wait for programs, until `goOn`. */
  const waitingInput = async (begin: (input: InputBackend) => void) => {
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let tellWaiting: () => void = () => undefined;
    const isWaiting = new Promise<void>((resolve) => {
      tellWaiting = resolve;
    });
    const clock = {
      now: () => 0,
      wait: () => {
        tellWaiting();
        return gate;
      },
    };
    const other = await connectX11Input({ display: screen.display, log: silent, onLost: failOnLoss, clock });
    onTestFinished(() => {
      goOn();
      return other.close();
    });
    begin(other);
    await isWaiting;
    return { other, goOn };
  };
  const foreign = Array.from({ length: 500 }, (_, index) => String.fromCodePoint(0x5000 + index)).join('');

  it('releases at once what is held and drops what waits, also the text that is being typed', async () => {
    const { other, goOn } = await waitingInput((begun) => {
      begun.button('left', true);
      begun.key(control, true);
      begun.text(foreign);
    });
    other.text('a');
    other.key(shift, true);
    other.button('right', true);
    expect(await observer.next('ButtonPress')).toMatchObject({ keycode: 1 });
    expect(await observer.next('KeyPress')).toMatchObject({ keycode: 37 });
    other.releaseAll();
    expect(await observer.next('ButtonRelease')).toMatchObject({ keycode: 1 });
    expect(await observer.next('KeyRelease')).toMatchObject({ keycode: 37 });
    other.text('b');
    other.button('middle', true);
    other.text('c');
    goOn();
    await other.settled();
    expect(await seen('KeyPress', 'ButtonPress')).toEqual(['KeyPress 56', 'ButtonPress 2', 'KeyPress 54']);
  });

  it('does not press a key that still waits for its keycode when all is released', async () => {
    const { other, goOn } = await waitingInput((begun) => {
      begun.key(stroke('Numpad8', '8'), true);
    });
    other.releaseAll();
    goOn();
    await other.settled();
    expect(await seen('KeyPress')).toEqual([]);
  });

  it('leaves Caps Lock as it was when a text is dropped', async () => {
    const capsLock = stroke('CapsLock', 'CapsLock');
    input.key(capsLock, true);
    input.key(capsLock, false);
    await input.settled();
    const { other, goOn } = await waitingInput((begun) => {
      begun.text(foreign);
    });
    expect((await observer.pointer()).modifiers).toBe(0);
    other.releaseAll();
    goOn();
    await other.settled();
    expect((await observer.pointer()).modifiers).toBe(2);
    input.key(capsLock, true);
    input.key(capsLock, false);
    await input.settled();
  });

  it('drops what waits when it closes, and gives spare keycodes back', async () => {
    await observer.pointer();
    observer.take('MappingNotify');
    const { other, goOn } = await waitingInput((begun) => {
      begun.text(foreign);
    });
    const { firstKeyCode = 0 } = await observer.next('MappingNotify');
    other.text('a');
    const closed = other.close();
    other.releaseAll();
    goOn();
    await closed;
    expect(await seen('KeyPress')).toEqual([]);
    expect(new Set(await observer.keysyms(firstKeyCode))).toEqual(new Set([0]));
  });

  it('leaves text out once too much waits, until that is typed or dropped', async () => {
    const { other, goOn } = await waitingInput((begun) => {
      begun.text(foreign);
    });
    // Controls count like any character, and are not typed.
    const most = '\u0007'.repeat(20_000);
    other.text(most);
    other.text('a');
    other.releaseAll();
    other.text(most);
    other.text('b');
    goOn();
    await other.settled();
    other.text('c');
    await other.settled();
    expect(await seen('KeyPress')).toEqual(['KeyPress 54']);
  });

  it('gives spare keycodes back and releases all when it closes', async () => {
    const other = await connectX11Input({ display: screen.display, onLost: failOnLoss });
    other.text('😀');
    other.key(stroke('KeyB', 'b'), true);
    await other.settled();
    observer.take('MappingNotify');
    await other.close();
    const { firstKeyCode = 0 } = await observer.next('MappingNotify');
    expect(new Set(await observer.keysyms(firstKeyCode))).toEqual(new Set([0]));
    expect(await observer.keysDown()).toEqual([]);
    other.move(1, 1);
    other.text('x');
    await other.settled();
  });
});

describe('text in a real terminal', () => {
  let screen: XScreen;
  let terminal: XTerminal;
  let input: InputBackend;

  beforeAll(async () => {
    screen = await startXScreen();
    terminal = await startTerminal(screen.display);
    input = await connectX11Input({ display: screen.display, log: silent, onLost: failOnLoss });
  }, 20_000);
  afterAll(async () => {
    await input.close();
    await terminal.close();
    await screen.stop();
  });

  /** What arrives, up to the Enter that follows the text. */
  const typed = async (text: string) => {
    input.text(text);
    input.key(stroke('Enter', 'Enter'), true);
    input.key(stroke('Enter', 'Enter'), false);
    return terminal.read(Buffer.byteLength(text) + 1);
  };
  const samples = [
    'héllo ✓ 你好 😀',
    'family 👨‍👩‍👧‍👦, flag 🏴‍☠️, accents é ñ ü',
    'The quick brown fox — «jumps» over 13 lazy dogs: ~!@#$%^&*()_+{}|:"<>?`-=[]\\;\',./ ',
    'Съешь ещё этих мягких французских булок, ÀÉÎ ß ẞ ﬁ €',
    '一二三四五六七八九十百千万亿年月日时分秒春夏秋冬东南西北金木水火土天地人你我他她它好是不了在有这中大来上国',
  ];

  it.each(samples)('arrives exactly: %s', async (text) => {
    expect(await typed(text)).toBe(`${text}\r`);
  });

  it('arrives exactly however long it is', async () => {
    const text = Array.from({ length: 150 }, (_, index) => String.fromCodePoint(0x4e00 + index * 7)).join('');
    expect(await typed(text)).toBe(`${text}\r`);
  }, 30_000);

  it('types newlines as Enter and tabs as Tab, and leaves controls out', async () => {
    input.text('a\r\nb\tc\n\u0007\u001b\ud800d\n');
    expect(await terminal.read(8)).toBe('a\rb\tc\rd\r');
  });

  it('arrives exactly while Caps Lock is on', async () => {
    const capsLock = stroke('CapsLock', 'CapsLock');
    const toggle = () => {
      input.key(capsLock, true);
      input.key(capsLock, false);
    };
    toggle();
    const text = 'abc DEF 123 é É ß я Я 你 € ạ Ạ';
    expect(await typed(text)).toBe(`${text}\r`);
    toggle();
  });

  it('arrives exactly while Shift is held', async () => {
    const text = 'abC 1é你!';
    input.key(shift, true);
    input.text(text);
    input.key(shift, false);
    expect(await terminal.read(Buffer.byteLength(text))).toBe(text);
  });

  it('presses Ctrl+key', async () => {
    input.key(control, true);
    input.key(stroke('KeyC', 'c'), true);
    input.key(stroke('KeyC', 'c'), false);
    input.key(control, false);
    expect(await terminal.read(1)).toBe('\u0003');
  });

  it.each(['fr', 'ru', 'de', 'us,ru', 'ru,us'])(
    'arrives exactly under the layout %s',
    async (layout) => {
      await runOnScreen(screen.display, 'setxkbmap', layout);
      onTestFinished(() => runOnScreen(screen.display, 'setxkbmap', 'us'));
      for (const text of [...samples, 'héllo ✓ 你好 😀 @€{}']) expect(await typed(text)).toBe(`${text}\r`);
    },
    30_000,
  );

  it('presses Ctrl+Z for Ctrl+Z under an AZERTY layout', async () => {
    await runOnScreen(screen.display, 'setxkbmap', 'fr');
    onTestFinished(() => runOnScreen(screen.display, 'setxkbmap', 'us'));
    await input.settled();
    input.key(control, true);
    input.key(stroke('KeyW', 'z'), true);
    input.key(stroke('KeyW', 'z'), false);
    input.key(control, false);
    expect(await terminal.read(1)).toBe('\u001a');
  });
});

describe('on a desktop with a window manager', () => {
  it('text arrives exactly', async () => {
    const screen = await startXScreen();
    onTestFinished(() => screen.stop());
    const windowManager = await startWindowManager(screen.display);
    onTestFinished(() => windowManager.stop());
    const terminal = await startTerminal(screen.display);
    onTestFinished(() => terminal.close());
    const input = await connectX11Input({ display: screen.display, log: silent, onLost: failOnLoss });
    const text = 'héllo ✓ 你好 😀 👨‍👩‍👧‍👦';
    input.text(text);
    expect(await terminal.read(Buffer.byteLength(text))).toBe(text);
    await input.close();
  }, 20_000);
});

describe('the keys that end control from anywhere', () => {
  /** An X screen with a program in the foreground, and a backend. */
  const setUp = async () => {
    const screen = await startXScreen();
    onTestFinished(() => screen.stop());
    const presses: string[] = [];
    let pressed: () => void = () => undefined;
    const options = {
      display: screen.display,
      log: silent,
      onLost: failOnLoss,
      onPanic: () => {
        presses.push('panic');
        pressed();
      },
    };
    const input = await connectX11Input(options);
    onTestFinished(() => input.close());
    return {
      screen,
      options,
      input,
      presses,
      nextPress: () =>
        new Promise<void>((resolve) => {
          pressed = resolve;
        }),
    };
  };

  it('are heard while another program has the focus, with Caps Lock and Num Lock too, and no other key is', async () => {
    const { screen, input, presses, nextPress } = await setUp();
    expect(input.panicKey).toBe('Ctrl+Alt+End');
    const terminal = await startTerminal(screen.display);
    onTestFinished(() => terminal.close());
    await runOnScreen(screen.display, 'xdotool', 'key', 'End', 'ctrl+End', 'alt+End', 'ctrl+alt+Home');
    for (const locks of [[], ['Caps_Lock'], ['Num_Lock'], ['Caps_Lock']]) {
      if (locks.length > 0) await runOnScreen(screen.display, 'xdotool', 'key', ...locks);
      const next = nextPress();
      await runOnScreen(screen.display, 'xdotool', 'key', 'ctrl+alt+End');
      await next;
    }
    expect(presses).toHaveLength(4);
  });

  it('are heard on another keyboard layout', async () => {
    const { screen, nextPress } = await setUp();
    await runOnScreen(screen.display, 'setxkbmap', 'de');
    const next = nextPress();
    await runOnScreen(screen.display, 'xdotool', 'key', 'ctrl+alt+End');
    await next;
  });

  it('are not promised where another program has them', async () => {
    const { options, input, presses } = await setUp();
    const second = await connectX11Input(options);
    expect([input.panicKey, second.panicKey]).toEqual(['Ctrl+Alt+End', null]);
    await second.close();
    expect(presses).toEqual([]);
  });
});

describe('the way to the X server', () => {
  it('says once that the server has gone, and does nothing from then on', async () => {
    const screen = await startXScreen();
    onTestFinished(() => screen.stop());
    const onLost = vi.fn();
    let tellLost: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      tellLost = resolve;
    });
    onLost.mockImplementation(() => {
      tellLost();
    });
    const input = await connectX11Input({ display: screen.display, log: silent, onLost });
    input.text('你好'.repeat(50));
    input.key(control, true);
    await screen.stop('SIGKILL');
    input.move(1, 1);
    await lost;
    input.move(1, 1);
    input.text('x');
    input.releaseAll();
    await input.settled();
    await input.close();
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it('releases what an earlier run held when it was killed', async () => {
    const screen = await startXScreen();
    const observer = await observeScreen(screen.display);
    await observer.cover();
    // It presses through XTEST as well, and releases nothing when it ends.
    await runOnScreen(screen.display, 'xdotool', 'keydown', 'a', 'mousedown', '1');
    expect(await observer.keysDown()).not.toEqual([]);
    const input = await connectX11Input({ display: screen.display, log: silent, onLost: failOnLoss });
    await observer.next('ButtonRelease');
    expect(await observer.keysDown()).toEqual([]);
    await input.close();
    await observer.close();
    await screen.stop();
  });

  it('does not call a closed connection lost', async () => {
    const screen = await startXScreen();
    const onLost = vi.fn();
    const input = await connectX11Input({ display: screen.display, onLost });
    await input.close();
    await screen.stop();
    expect(onLost).not.toHaveBeenCalled();
  });

  it.each([':64999', 'nonsense', 'localhost:64000'])('rejects without a server at %s', async (display) => {
    await expect(connectX11Input({ display, onLost: failOnLoss })).rejects.toMatchObject({
      name: 'ProximError',
      code: 'no_screen',
    });
  });

  it('rejects without XTEST', async () => {
    const screen = await startXScreen({ args: ['-extension', 'XTEST'] });
    onTestFinished(() => screen.stop());
    await expect(connectX11Input({ display: screen.display, onLost: failOnLoss })).rejects.toMatchObject({
      code: 'unsupported_platform',
    });
  });

  it('rejects when the server refuses us, and connects with its cookie', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'proxim-authority-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const counted = (bytes: Buffer) => Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
    // One entry for any address and any display (Xau: family 65535).
    const entry = [Buffer.of(), Buffer.of(), Buffer.from('MIT-MAGIC-COOKIE-1'), Buffer.alloc(16, 7)].map(counted);
    const file = join(directory, 'authority');
    await writeFile(file, Buffer.concat([Buffer.of(0xff, 0xff), ...entry]), { mode: 0o600 });
    const screen = await startXScreen({ args: ['-auth', file] });
    onTestFinished(() => screen.stop());
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });

    vi.stubEnv('XAUTHORITY', join(directory, 'missing'));
    await expect(connectX11Input({ display: screen.display, onLost: failOnLoss })).rejects.toMatchObject({
      code: 'no_permission',
    });
    vi.stubEnv('XAUTHORITY', directory);
    await expect(connectX11Input({ display: screen.display, onLost: failOnLoss })).rejects.toMatchObject({
      code: 'no_permission',
    });
    vi.stubEnv('XAUTHORITY', file);
    const input = await connectX11Input({ display: screen.display, onLost: failOnLoss });
    await input.close();
  });
});

describe('selectInputBackend', () => {
  const select = (platform: string, env: Record<string, string>, log = silent) =>
    selectInputBackend({ env, platform, onLost: failOnLoss, log });

  it('takes X11 where there is a DISPLAY, and says on Wayland what it does not reach', async () => {
    const screen = await startXScreen();
    onTestFinished(() => screen.stop());
    const info = vi.fn();
    const input = await select('linux', { DISPLAY: screen.display, XDG_SESSION_TYPE: 'wayland' }, { ...silent, info });
    expect(input.name).toBe('x11');
    expect(info).toHaveBeenCalledWith(expect.stringContaining('only X programs'));
    await input.close();
  });

  it.each([
    ['linux', {}, 'no_screen'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'no_screen'],
    ['darwin', { DISPLAY: ':0' }, 'unsupported_platform'],
    ['win32', {}, 'unsupported_platform'],
  ] as const)('rejects on %s with %o: %s', async (platform, env, code) => {
    await expect(select(platform, env)).rejects.toMatchObject({ name: 'ProximError', code });
  });
});
