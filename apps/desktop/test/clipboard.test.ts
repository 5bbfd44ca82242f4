import { once } from 'node:events';

import {
  allRights,
  type ClipboardDesktopMessage,
  type ClipboardPhoneMessage,
  type ControlRights,
  parseClipboardDesktopMessage,
  parseDesktopMessage,
  splitClipboardText,
} from '@proxim/control';
import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { type Command, event, runProxim } from './support/command.js';
import { isStatus, type NodePhone, startNodePhone } from './support/node-phone.js';
import { type Copied, copyElsewhere, pastedText } from './support/x-clipboard.js';
import { startXScreen, type XScreen } from './support/x-screen.js';

/** A queue of what a channel has brought, with somebody who waits. */
class Heard<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  add(item: T): void {
    this.all.push(item);
    for (const look of [...this.#waiting]) look();
  }

  next(where: (item: T) => boolean): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.all.find(where);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A phone that sends what it likes, whatever it may: the computer alone decides. */
describe('a phone that takes no no for an answer', () => {
  let screen: XScreen;
  let app: Command;
  let phone: NodePhone | undefined;
  let copied: Copied | undefined;
  let window: WebSocket;
  let sessionID: string;
  let heard: Heard<ClipboardDesktopMessage>;
  let rights: Heard<ControlRights>;
  let say: (message: ClipboardPhoneMessage) => void;

  beforeEach(async () => {
    screen = await startXScreen();
    app = runProxim(['--json', '--no-open', '--address', '127.0.0.1', '--port', '0'], {
      env: { DISPLAY: screen.display },
    });
    const ui = new URL(String((await app.next(event('listening')))['ui']));
    window = new WebSocket(`ws://${ui.host}/window`, { headers: { origin: ui.origin } });
    await once(window, 'open');
    window.send(JSON.stringify({ command: 'hello', token: ui.hash.slice(1) }));
    const session = await app.next(event('session'));
    sessionID = String(session['sessionID']);
    const asking = startNodePhone(String(session['link']));
    phone = asking;
    heard = new Heard();
    rights = new Heard();
    const opened = new Promise<(message: ClipboardPhoneMessage) => void>((resolve) => {
      asking.peer.on('channel', (channel) => {
        if (channel.label === 'control') {
          channel.onMessage((data) => {
            const read = parseDesktopMessage(String(data));
            if (read.ok && read.message.type === 'control_state') rights.add({ ...allRights, ...read.message.may });
          });
        }
        if (channel.label !== 'clipboard') return;
        channel.onMessage((data) => {
          const read = parseClipboardDesktopMessage(String(data));
          if (!read.ok) throw new Error(`${read.fault}: ${String(data)}`);
          heard.add(read.message);
        });
        resolve((message) => channel.send(JSON.stringify(message)));
      });
    });
    const { promptID } = await app.next(event('pair_prompt'));
    window.send(
      JSON.stringify({ command: 'approve', sessionID, promptID, rights: { ...allRights, clipboard: false } }),
    );
    say = await opened;
    await asking.reaches(isStatus('connected'));
  });

  afterEach(async () => {
    phone?.peer.leave();
    phone = undefined;
    window.terminate();
    await app.stop('SIGKILL');
    await copied?.stop();
    copied = undefined;
    await screen.stop();
  });

  afterAll(async () => {
    await unloadNodeRtcEngine();
  });

  const allow = async (clipboard: boolean): Promise<void> => {
    window.send(JSON.stringify({ command: 'set_rights', sessionID, rights: { ...allRights, clipboard } }));
    await rights.next((may) => may.clipboard === clipboard);
    rights.all.length = 0;
  };
  const answer = (id: number): Promise<ClipboardDesktopMessage> => heard.next((message) => message.id === id);
  const partsOf = (id: number, text: string): readonly ClipboardPhoneMessage[] => {
    const split = splitClipboardText(text);
    if (!split.ok) throw new Error(split.fault);
    return split.parts.map((part, index) => ({ type: 'clipboard_set', id, index, of: split.parts.length, text: part }));
  };

  it('gets nothing and changes nothing without the right', async () => {
    copied = await copyElsewhere(screen.display, 'of this computer');
    say({ type: 'clipboard_get', id: 1 });
    for (const part of partsOf(2, 'of the phone')) say(part);
    expect(await answer(1)).toEqual({ type: 'clipboard_refused', id: 1, reason: 'not_allowed' });
    expect(await answer(2)).toEqual({ type: 'clipboard_refused', id: 2, reason: 'not_allowed' });
    expect(await pastedText(screen.display)).toBe('of this computer');
    await allow(true);
    say({ type: 'clipboard_get', id: 3 });
    expect(await answer(3)).toEqual({ type: 'clipboard_text', id: 3, index: 0, of: 1, text: 'of this computer' });
    expect(app.errors()).toBe('');
  });

  it('loses it in the middle of a text, in either direction', async () => {
    await allow(true);
    const before = 'é'.repeat(400_000);
    copied = await copyElsewhere(screen.display, before);
    say({ type: 'clipboard_get', id: 1 });
    await heard.next((message) => message.type === 'clipboard_text' && message.index === 3);
    const [first, second, ...others] = partsOf(2, 'x'.repeat(100_000));
    await allow(false);
    for (let parts = 1; parts <= 4; parts += 1) say({ type: 'clipboard_arrived', id: 1, parts });
    await heard.next((message) => message.type === 'clipboard_refused' && message.id === 1);
    expect(heard.all.filter(({ type }) => type === 'clipboard_text')).toHaveLength(4);

    await allow(true);
    say(first!);
    await heard.next((message) => message.type === 'clipboard_arrived' && message.id === 2);
    await allow(false);
    for (const part of [second!, ...others]) say(part);
    await heard.next((message) => message.type === 'clipboard_refused' && message.id === 2);
    await allow(true);
    say({ type: 'clipboard_get', id: 3 });
    await heard.next((message) => message.type === 'clipboard_text' && message.id === 3);
    expect((await pastedText(screen.display)) === before).toBe(true);
  });

  it('that goes in the middle of a text leaves the clipboard as it was, and the app unharmed', async () => {
    await allow(true);
    copied = await copyElsewhere(screen.display, 'before');
    const [first] = partsOf(1, 'x'.repeat(100_000));
    say(first!);
    await heard.next((message) => message.type === 'clipboard_arrived');
    phone?.peer.leave();
    await app.next(event('peer', { state: 'disconnected' }));
    expect(await pastedText(screen.display)).toBe('before');
    app.send({ command: 'quit' });
    expect(await app.ended()).toBe(0);
  });
});
