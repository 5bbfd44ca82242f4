import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { ClipboardBackend } from '../src/backends/clipboard/clipboard-backend.js';
import { selectClipboardBackend } from '../src/backends/clipboard/select-clipboard-backend.js';
import { readSelection } from '../src/backends/clipboard/x11/read-selection.js';
import { openSelectionClient, type SelectionClient } from '../src/backends/clipboard/x11/selection-client.js';
import { connectX11Clipboard } from '../src/backends/clipboard/x11/x11-clipboard.js';
import { type Copied, copyElsewhere, pasteAs, pastedText } from './support/x-clipboard.js';
import { startXScreen, type XScreen } from './support/x-screen.js';
import { ownSelection } from './support/x-selection-owner.js';

const maxBytes = 1_048_576;
const unicode = 'héllo ✓ 你好 😀\r\n\tend';

/** A real X server; the other programs are real too. */
describe('the clipboard of an X screen', () => {
  let screen: XScreen;
  let clipboard: ClipboardBackend;
  const copies: Copied[] = [];
  const copy = async (content: string | Buffer, format?: string): Promise<Copied> => {
    const copied = await copyElsewhere(screen.display, content, format);
    copies.push(copied);
    return copied;
  };

  beforeAll(async () => {
    screen = await startXScreen();
    clipboard = await connectX11Clipboard({ display: screen.display, maxBytes, onLost: () => undefined });
  });
  afterEach(async () => {
    for (const copied of copies.splice(0)) await copied.stop();
  });
  afterAll(async () => {
    await clipboard.close();
    await screen.stop();
  });

  it('is empty before anybody copies', async () => {
    expect(await clipboard.read()).toEqual({ kind: 'empty' });
  });

  it('is read as it was copied', async () => {
    await copy(unicode);
    expect(await clipboard.read()).toEqual({ kind: 'text', text: unicode });
  });

  it('is read up to the bound, in pieces where the other program gives pieces', async () => {
    const text = 'é'.repeat(maxBytes / 2);
    await copy(text);
    const content = await clipboard.read();
    expect(content.kind === 'text' && content.text === text).toBe(true);
    await copy(`${text}x`);
    expect(await clipboard.read()).toEqual({ kind: 'too_large' });
    await copy('x'.repeat(20_000_000));
    expect(await clipboard.read()).toEqual({ kind: 'too_large' });
  });

  it('that is lost between two pieces rejects, and leaves nothing behind that nobody listens to', async () => {
    await copy('x'.repeat(maxBytes));
    const whole = await openSelectionClient(screen.display, () => undefined);
    const cut: SelectionClient = {
      ...whole,
      getProperty: (window, property, bytes) => {
        // The announcement of pieces alone is as short.
        if (bytes === 4) whole.client.DestroyWindow(window);
        return whole.getProperty(window, property, bytes);
      },
    };
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    await expect(readSelection(cut, maxBytes)).rejects.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
    whole.end();
  });

  it('that holds no text says so', async () => {
    await copy(Buffer.from([0x89, 0x50]), 'image/png');
    expect(await clipboard.read()).toEqual({ kind: 'not_text' });
  });

  it('is not read when it is a password', async () => {
    const hint = 'x-kde-passwordManagerHint';
    let reads = 0;
    const formats = { UTF8_STRING: () => `hunter${String(++reads)}`, [hint]: () => 'secret' };
    const manager = await ownSelection(screen.display, { selection: 'CLIPBOARD', formats });
    expect(await clipboard.read()).toEqual({ kind: 'secret' });
    expect(reads).toBe(0);
    await manager.stop();
    const open = { selection: 'CLIPBOARD', formats: { ...formats, [hint]: () => 'public' } };
    const other = await ownSelection(screen.display, open);
    expect(await clipboard.read()).toEqual({ kind: 'text', text: 'hunter1' });
    await other.stop();
  });

  it('of a program of old is read as Latin-1', async () => {
    const old = await ownSelection(screen.display, { selection: 'CLIPBOARD', formats: { STRING: () => 'plain' } });
    expect(await clipboard.read()).toEqual({ kind: 'text', text: 'plain' });
    await old.stop();
  });

  it('of a program that hangs is given up, and read again once it goes on', async () => {
    const hanging = await copy('late');
    hanging.signal('SIGSTOP');
    await expect(clipboard.read()).rejects.toThrow('does not answer');
    hanging.signal('SIGCONT');
    expect(await clipboard.read()).toEqual({ kind: 'text', text: 'late' });
  });

  it('is written for whoever pastes, again and again, until another program copies', async () => {
    await copy('before');
    await clipboard.write(unicode);
    expect(await pastedText(screen.display)).toBe(unicode);
    expect(await pastedText(screen.display)).toBe(unicode);
    expect(await clipboard.read()).toEqual({ kind: 'text', text: unicode });
    await copy('after');
    expect(await clipboard.read()).toEqual({ kind: 'text', text: 'after' });
  });

  it('is written in the formats that programs ask for', async () => {
    await clipboard.write('é');
    const targets = (await pasteAs(screen.display, 'TARGETS')).toString().trim().split('\n');
    expect(targets).toEqual(expect.arrayContaining(['TARGETS', 'TIMESTAMP', 'UTF8_STRING', 'STRING', 'TEXT']));
    expect(await pasteAs(screen.display, 'text/plain;charset=utf-8')).toEqual(Buffer.from('é'));
    expect(await pasteAs(screen.display, 'STRING')).toEqual(Buffer.from([0xe9]));
    expect(await pasteAs(screen.display, 'image/png')).toEqual(Buffer.alloc(0));
    await clipboard.write('你');
    expect((await pasteAs(screen.display, 'TARGETS')).toString()).not.toMatch(/^STRING$/m);
  });

  it('is written at full length for several that paste at once', async () => {
    const text = '😀'.repeat(maxBytes / 4);
    await clipboard.write(text);
    const pasted = await Promise.all([1, 2, 3].map(() => pastedText(screen.display)));
    for (const one of pasted) expect(one === text).toBe(true);
  });

  it('is between two connections as between two programs', async () => {
    const other = await connectX11Clipboard({ display: screen.display, maxBytes, onLost: () => undefined });
    const text = 'ö'.repeat(100_000);
    await clipboard.write(text);
    const content = await other.read();
    expect(content.kind === 'text' && content.text === text).toBe(true);
    await other.write('of the other');
    expect(await clipboard.read()).toEqual({ kind: 'text', text: 'of the other' });
    await other.close();
    expect(await clipboard.read()).toEqual({ kind: 'empty' });
  });

  it('is handed to what keeps texts when it is left', async () => {
    let kept = '';
    const keeper = await ownSelection(screen.display, {
      selection: 'CLIPBOARD_MANAGER',
      formats: {
        SAVE_TARGETS: async () => {
          kept = await pastedText(screen.display);
          return '';
        },
      },
    });
    const leaving = await connectX11Clipboard({ display: screen.display, maxBytes, onLost: () => undefined });
    await leaving.write('last words');
    await leaving.close();
    expect(kept).toBe('last words');
    await keeper.stop();
  });
});

describe('a clipboard that is not there', () => {
  it('is none without a screen, and on systems that Proxim does not know', () => {
    expect(selectClipboardBackend({ env: {}, platform: 'linux' })).toBeNull();
    expect(selectClipboardBackend({ env: { DISPLAY: ':0' }, platform: 'darwin' })).toBeNull();
    expect(selectClipboardBackend({ env: { DISPLAY: ':0' }, platform: 'win32' })).toBeNull();
  });

  it('rejects where no server answers', async () => {
    const connect = selectClipboardBackend({ env: { DISPLAY: ':63999' }, platform: 'linux' });
    await expect(connect?.(() => undefined)).rejects.toMatchObject({ code: 'no_screen' });
  });

  it('that goes while it is used says so once, and rejects from then on', async () => {
    const screen = await startXScreen();
    let losses = 0;
    let tellLost: (() => void) | undefined;
    const lost = new Promise<void>((resolve) => (tellLost = resolve));
    const clipboard = await connectX11Clipboard({
      display: screen.display,
      maxBytes,
      onLost: () => {
        losses += 1;
        tellLost?.();
      },
    });
    await clipboard.write('x');
    await screen.stop('SIGKILL');
    await lost;
    await expect(clipboard.read()).rejects.toThrow();
    await expect(clipboard.write('y')).rejects.toThrow();
    await clipboard.close();
    expect(losses).toBe(1);
  });
});
