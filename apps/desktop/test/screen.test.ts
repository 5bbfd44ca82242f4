import { once } from 'node:events';

import { parseScreenDesktopMessage, type ScreenDesktopMessage } from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import type { WindowCommand, WindowEvent } from '../src/host/window-protocol.js';
import { type Command, event, runProxim } from './support/command.js';
import { isStatus, type NodePhone, startNodePhone } from './support/node-phone.js';
import { observeScreen } from './support/x-observer.js';
import { startXScreen } from './support/x-screen.js';

const sdp = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n';
const candidate = { candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };

/** What has come from somewhere, and what will. */
class Heard<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  add(message: T): void {
    this.all.push(message);
    for (const look of [...this.#waiting]) look();
  }

  /** The first such message of those that came or will come. */
  first(where: (message: T) => boolean): Promise<T> {
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

/** A window without a page. */
const openWindow = async (ui: URL, canShareScreen = true) => {
  const socket = new WebSocket(`ws://${ui.host}/window`, { headers: { origin: ui.origin } });
  const heard = new Heard<WindowEvent>();
  socket.on('message', (data: Buffer) => heard.add(JSON.parse(data.toString()) as WindowEvent));
  await once(socket, 'open');
  const does = (command: WindowCommand): void => {
    socket.send(JSON.stringify(command));
  };
  does({ command: 'hello', token: ui.hash.slice(1), canShareScreen });
  await heard.first(({ event: name }) => name === 'state');
  return {
    heard,
    does,
    /** What it was told of a session's screen, each time. */
    screens: () =>
      heard.all.flatMap((told) => (told.event === 'state' ? told.state.sessions.map(({ screen }) => screen) : [])),
    close: async (): Promise<void> => {
      socket.close();
      await once(socket, 'close');
    },
  };
};

/** The number of the share that the windows are asked about. */
const askedShare = async ({ heard }: Awaited<ReturnType<typeof openWindow>>): Promise<number> => {
  const isAsked = (told: WindowEvent): boolean =>
    told.event === 'state' && told.state.sessions.some(({ screen }) => screen?.step === 'asked');
  const told = await heard.first(isAsked);
  const asked = told.event === 'state' ? told.state.sessions.find(({ screen }) => screen)?.screen : null;
  if (!asked) throw new Error('nothing is asked');
  return asked.share;
};

/** A phone that says on the channel of the screen what it likes. */
describe('the screen’s channel', () => {
  let app: Command;
  let ui: URL;
  let phone: NodePhone;

  beforeEach(async () => {
    app = runProxim(['--json', '--no-open', '--port', '0', '--address', '127.0.0.1']);
    ui = new URL(String((await app.next(event('listening')))['ui']));
  });

  afterEach(async () => {
    phone.peer.leave();
    await app.stop();
  });

  const connect = async (window: Awaited<ReturnType<typeof openWindow>>, view: boolean) => {
    const { link, sessionID } = await app.next(event('session'));
    phone = startNodePhone(String(link));
    const heard = new Heard<ScreenDesktopMessage>();
    const control = new Heard<string>();
    let buttons: DirectChannel | undefined;
    const channel = new Promise<DirectChannel>((resolve) => {
      phone.peer.on('channel', (opened) => {
        if (opened.label === 'control') {
          opened.onMessage((data) => control.add(String(data)));
          buttons = opened;
        }
        if (opened.label !== 'screen') return;
        opened.onMessage((data) => {
          const read = parseScreenDesktopMessage(String(data));
          if (!read.ok) throw new Error(`${read.fault}: ${String(data)}`);
          heard.add(read.message);
        });
        resolve(opened);
      });
    });
    const { promptID } = await app.next(event('pair_prompt'));
    window.does({
      command: 'approve',
      sessionID: String(sessionID),
      promptID: String(promptID),
      rights: { view, point: true, type: true, clipboard: true, system: true },
    });
    await phone.reaches(isStatus('connected'));
    const screen = await channel;
    return {
      sessionID: String(sessionID),
      heard,
      control,
      presses: (): void => {
        const at = { sequence: 1, x: 0, y: 0, scrollX: 0, scrollY: 0 };
        buttons?.send(JSON.stringify({ type: 'button', button: 'left', pressed: true, at }));
      },
      says: (message: object): boolean => screen.send(JSON.stringify(message)),
    };
  };

  it('refuses a phone that may not see it, whatever it says, and no window is asked', async () => {
    const window = await openWindow(ui);
    const { says, heard } = await connect(window, false);
    says({ type: 'screen_ask', share: 1 });
    says({ type: 'screen_answer', share: 1, sdp });
    says({ type: 'screen_candidate', share: 1, ...candidate });
    says({ type: 'screen_ask', share: 2 });
    await heard.first(({ share }) => share === 2);
    const refused = (share: number) => ({ type: 'screen_state', share, state: 'refused', reason: 'not_allowed' });
    expect(heard.all).toEqual([refused(1), refused(2)]);
    window.does({ command: 'create', sessionType: 'temporary' });
    await app.next(event('session'));
    expect(window.screens().filter((screen) => screen !== null)).toEqual([]);
    expect(window.heard.all.filter(({ event: name }) => name !== 'state')).toEqual([]);
    await window.close();
  });

  it('takes the negotiation from the window to the phone and back, until the right is taken away', async () => {
    const window = await openWindow(ui);
    const { says, heard, sessionID } = await connect(window, true);
    says({ type: 'screen_ask', share: 1, maxWidth: 1280 });
    await heard.first((message) => message.type === 'screen_state' && message.state === 'asked');
    const share = await askedShare(window);
    window.does({ command: 'screen_offer', share, sdp });
    window.does({ command: 'screen_candidate', share, ...candidate });
    expect(await heard.first(({ type }) => type === 'screen_offer')).toMatchObject({ share: 1, sdp });
    expect(await heard.first(({ type }) => type === 'screen_candidate')).toMatchObject({ share: 1, ...candidate });
    says({ type: 'screen_answer', share: 1, sdp });
    says({ type: 'screen_candidate', share: 1, ...candidate });
    expect(await window.heard.first(({ event: name }) => name === 'screen_answer')).toMatchObject({ share, sdp });
    expect(await window.heard.first(({ event: name }) => name === 'screen_candidate')).toMatchObject(candidate);
    window.does({
      command: 'set_rights',
      sessionID,
      rights: { view: false, point: true, type: true, clipboard: true, system: true },
    });
    expect(await heard.first((message) => message.type === 'screen_state' && message.state === 'stopped')).toEqual({
      type: 'screen_state',
      share: 1,
      state: 'stopped',
      reason: 'not_allowed',
    });
    await window.close();
  });

  it('takes no choice that a phone may have made with its own pointer', async () => {
    await app.stop();
    const screen = await startXScreen();
    app = runProxim(['--json', '--no-open', '--port', '0', '--address', '127.0.0.1'], {
      env: { DISPLAY: screen.display },
    });
    ui = new URL(String((await app.next(event('listening')))['ui']));
    const window = await openWindow(ui);
    const observer = await observeScreen(screen.display);
    const { says, presses } = await connect(window, true);
    says({ type: 'screen_ask', share: 1 });
    const share = await askedShare(window);
    await observer.cover();
    presses();
    await observer.next('ButtonPress');
    window.does({ command: 'screen_choose', share });
    window.does({ command: 'screen_offer', share, sdp });
    await window.heard.first((told) => told.event === 'error' && told.code === 'pressed_by_phone');
    await window.heard.first((told) => told.event === 'screen_not_taken' && told.share === share);
    expect(window.screens().at(-1)).toMatchObject({ step: 'asked' });
    await window.close();
    await observer.close();
    await app.stop();
    await screen.stop();
  });

  it('is there as long as a window is that can capture', async () => {
    const blind = await openWindow(ui, false);
    const { says, heard, control } = await connect(blind, true);
    const has = (view: boolean) => (text: string) => text.includes(`"view":${String(view)},"clipboard":false`);
    await control.first(has(false));
    says({ type: 'screen_ask', share: 1 });
    expect(await heard.first(({ share }) => share === 1)).toMatchObject({ state: 'refused', reason: 'no_window' });
    const able = await openWindow(ui);
    await control.first(has(true));
    await able.close();
    await blind.close();
  });
});
