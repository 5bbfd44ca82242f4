import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Copied, copyElsewhere, pastedText } from '../apps/desktop/test/support/x-clipboard.js';
import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startWindowManager } from '../apps/desktop/test/support/x-terminal.js';
import { toolTexts } from '../apps/mobile/src/texts/en-tools.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { type LivingRoom, makeLivingRoom } from './support/lab.js';
import { type Proxim, startProxim } from './support/proxim.js';

const said = toolTexts.clipboard;
const unicode = 'héllo ✓ 你好 😀\n\tzweite Zeile “quoted” \\ end';
/** As many bytes as are allowed, of one, two and four. */
const longText = `${`${'long é 😀 '.repeat(30)}\n`.repeat(2681)}${'x'.repeat(305)}`;

/** The computer's clipboard from the phone: the real screen's, granted and taken away in the real window. */
describe('the clipboard of the computer', () => {
  let hosts: LivingRoom;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let window: TestBrowser;
  let phone: TestBrowser;
  let proxim: Proxim;
  const copies: Copied[] = [];

  const copy = async (content: string | Buffer, format?: string): Promise<Copied> => {
    const copied = await copyElsewhere(screen.display, content, format);
    copies.push(copied);
    return copied;
  };
  const button = (name: string) => phone.page.getByRole('button', { name });
  const field = () => phone.page.getByRole('textbox', { name: said.field });
  const got = () => phone.page.getByRole('textbox', { name: said.got });
  const status = (text: string) => phone.page.getByRole('status').filter({ hasText: text }).waitFor();
  /** Without the browser's typing, which takes minutes for so much. */
  const write = (text: string) =>
    field().evaluate((element, value) => {
      (element as HTMLTextAreaElement).value = value;
      element.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }, text);
  const pasteOnPhone = async (): Promise<void> => {
    await write('');
    await field().focus();
    await phone.page.keyboard.press('Control+V');
  };
  const right = () => window.page.getByRole('switch', { name: 'Read and write the clipboard' });

  beforeAll(async () => {
    hosts = makeLivingRoom();
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
    manager = await startWindowManager(screen.display);
    window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    phone = await startPhone({ namespace: hosts.phone.namespace });
    phone.page.setDefaultTimeout(20_000);
    proxim = startProxim({ args: [], display: screen.display, namespace: hosts.desk.namespace });
    const { ui } = await proxim.next('listening');
    const { link } = await proxim.next('session');
    await window.page.goto(String(ui));
    await phone.page.goto(String(link));
    await button(texts.ready.ask).click();
    await proxim.next('pair_prompt');
    await right().uncheck();
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    await button(texts.connected.tools).click();
  });

  afterEach(async () => {
    for (const copied of copies.splice(0)) await copied.stop();
  });

  afterAll(async () => {
    await phone.close();
    await window.close();
    await proxim.stop();
    await manager.stop();
    await screen.stop();
    hosts.lab.remove();
  });

  it('is not the phone’s before somebody allows it, and from then on is', async () => {
    await phone.page.getByText(said.notAllowed).waitFor();
    expect(await button(said.get).isDisabled()).toBe(true);
    expect(await field().isDisabled()).toBe(true);
    await right().check();
    await phone.page.getByText(said.notAllowed).waitFor({ state: 'detached' });
    await copy(unicode);
    await button(said.get).click();
    await expect.poll(() => got().inputValue()).toBe(unicode);
  });

  it('takes a text of the phone, which stays there', async () => {
    await field().fill(unicode);
    await button(said.put).click();
    await status(said.written);
    expect(await pastedText(screen.display)).toBe(unicode);
    expect(await pastedText(screen.display)).toBe(unicode);
  });

  it('carries a mebibyte in either direction, and not a byte more', async () => {
    expect(Buffer.byteLength(longText)).toBe(1_048_576);
    await write(longText);
    await button(said.put).click();
    await status(said.written);
    expect((await pastedText(screen.display)) === longText).toBe(true);
    await write(`${longText}5`);
    await button(said.put).click();
    await status(said.fault('too_large'));
    await write('short again');
    await copy(`${longText}6`);
    await button(said.get).click();
    await status(said.fault('too_large'));
    const oneLine = 'é'.repeat(524_288);
    await copy(oneLine);
    await button(said.get).click();
    await phone.page.getByText(said.excerpt(524_288)).waitFor();
    expect(await got().inputValue()).toHaveLength(4001);
    await button(said.copy).click();
    await status(said.copied);
    await pasteOnPhone();
    expect((await field().inputValue()) === oneLine).toBe(true);
    await write('');
  });

  it('that has no text says so', async () => {
    await copy(Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'image/png');
    await button(said.get).click();
    await status(said.fault('not_text'));
  });

  it('comes onto the phone’s own, within the tap', async () => {
    await copy('for the phone');
    await button(said.get).click();
    await expect.poll(() => got().inputValue()).toBe('for the phone');
    await button(said.copy).click();
    await status(said.copied);
    await pasteOnPhone();
    expect(await field().inputValue()).toBe('for the phone');
  });

  it('is closed to the phone at once when the right is taken away, while the computer still reads', async () => {
    const slow = await copy('secret of a slow program');
    slow.signal('SIGSTOP');
    await button(said.get).click();
    await status(said.getting);
    await window.page.bringToFront();
    await right().uncheck();
    await status(said.notAllowed);
    slow.signal('SIGCONT');
    await right().check();
    await status(said.fault('not_allowed'));
    expect(await got().count()).toBe(0);
    expect(await phone.page.content()).not.toContain('secret of a slow program');
  });

  it('is closed while the phone is paused', async () => {
    await window.page.getByRole('button', { name: 'Pause' }).click();
    await phone.page.getByText(said.paused).first().waitFor();
    expect(await button(said.get).isDisabled()).toBe(true);
    await window.page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => button(said.get).isDisabled()).toBe(false);
  });

  it('is as it was when the connection is lost on the way, and the phone keeps what was to be sent', async () => {
    await copy('before');
    await write(longText);
    // As of a phone with much to do: it hears that its sheet was hidden when it is to be shown again already.
    await phone.page.evaluate(() => {
      const told = { late: 0 };
      Object.assign(globalThis, { told });
      let late: EventTarget | null = null;
      const hold = (event: Event): void => {
        event.stopImmediatePropagation();
        late = event.target;
      };
      document.addEventListener('close', hold, { capture: true, once: true });
      const { showModal } = HTMLDialogElement.prototype;
      HTMLDialogElement.prototype.showModal = function (): void {
        if (late === this) {
          told.late += 1;
          this.dispatchEvent(new Event('close'));
        }
        HTMLDialogElement.prototype.showModal = showModal;
        showModal.call(this);
      };
    });
    for (const host of [hosts.desk, hosts.phone]) hosts.lab.dropIncoming(host, ['meta l4proto udp drop']);
    await button(said.put).click();
    await status(said.sendingPart(0));
    await phone.page.getByText(texts.reconnecting.title).waitFor();
    expect(await field().isVisible()).toBe(false);
    expect(await pastedText(screen.display)).toBe('before');
    for (const host of [hosts.desk, hosts.phone]) hosts.lab.clear(host);
    await status(said.fault('lost'));
    expect(await phone.page.evaluate(() => (globalThis as { told?: unknown }).told)).toEqual({ late: 1 });
    expect((await field().inputValue()) === longText).toBe(true);
    await button(said.put).click();
    await status(said.written);
    expect((await pastedText(screen.display)) === longText).toBe(true);
    await write('');
  });

  it('is pasted where the computer’s cursor is', async () => {
    // Any page with a field will do: here it is one in the window's own browser.
    const page = await window.context.newPage();
    await page.setContent('<textarea autofocus></textarea>');
    await page.bringToFront();
    await page.locator('textarea').focus();
    await field().fill('pasted ✓');
    await button(said.paste).click();
    await status(said.pasted);
    await expect.poll(() => page.locator('textarea').inputValue()).toBe('pasted ✓');
    await page.close();
  });

  it('is in the log of the window: who and when, not what', async () => {
    await window.page.getByText('What happened').click();
    const log = window.page.getByRole('list', { name: 'What happened' });
    await log
      .getByText(/wrote to the clipboard, \d times|wrote to the clipboard/)
      .first()
      .waitFor();
    await log
      .getByText(/read the clipboard/)
      .first()
      .waitFor();
    expect(await window.page.content()).not.toContain('héllo');
  });
});
