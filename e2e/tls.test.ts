import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { CertificateAuthority } from '../apps/desktop/test/support/certificate-authority.js';
import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { type Proxim, startProxim } from './support/proxim.js';

/** A phone's home folder in which this authority is trusted, as one that its user has installed. */
const trusting = (authority: CertificateAuthority): string => {
  const home = mkdtempSync(join(tmpdir(), 'proxim-home-'));
  const store = `sql:${join(home, '.pki/nssdb')}`;
  mkdirSync(join(home, '.pki/nssdb'), { recursive: true });
  const root = join(home, 'root.pem');
  writeFileSync(root, authority.root);
  execFileSync('certutil', ['-d', store, '-N', '--empty-password']);
  execFileSync('certutil', ['-d', store, '-A', '-t', 'C,,', '-n', 'authority', '-i', root]);
  return home;
};

describe('a page on https', () => {
  let authority: CertificateAuthority;
  let home: string;
  let screen: XScreen;
  let window: TestBrowser | undefined;
  let phone: TestBrowser | undefined;
  let proxim: Proxim | undefined;

  beforeEach(async () => {
    authority = new CertificateAuthority();
    home = trusting(authority);
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
  });

  afterEach(async () => {
    await phone?.close();
    await window?.close();
    await proxim?.stop();
    await screen.stop();
    rmSync(home, { recursive: true, force: true });
    authority.remove();
    phone = undefined;
    window = undefined;
    proxim = undefined;
  });

  /** A film that shows the code in the window, as a camera held before the screen would see it. */
  const filmCode = async (ui: string): Promise<string> => {
    window = await startWindowBrowser({ display: screen.display });
    await window.page.goto(ui);
    const code = window.page.getByRole('img', { name: 'QR code' });
    await code.waitFor();
    const box = await code.boundingBox();
    if (!box) throw new Error('the code is not on the screen');
    const clip = { x: Math.max(0, box.x - 20), y: Math.max(0, box.y - 20), width: 400, height: 400 };
    const picture = await window.page.screenshot({ type: 'jpeg', quality: 92, clip });
    const film = join(home, 'code.mjpeg');
    writeFileSync(film, Buffer.concat([picture, picture, picture]));
    return film;
  };

  it('[TR1] is scanned in the page itself, asked, approved and in control over https and wss', async () => {
    const { flags } = authority.issue({ names: ['DNS:desk.example'] });
    proxim = startProxim({ args: ['--address', 'desk.example', ...flags], display: screen.display });
    const { ui, port } = await proxim.next('listening');
    const { sessionID, link } = await proxim.next('session');
    expect(new URL(String(link)).origin).toBe(`https://desk.example:${String(port)}`);

    phone = await startPhone({ cameraFile: await filmCode(String(ui)), home, hosts: ['desk.example'] });
    const sockets: string[] = [];
    const blocked: string[] = [];
    phone.page.on('websocket', (socket) => sockets.push(socket.url()));
    phone.page.on('console', (message) => {
      if (message.type() === 'error') blocked.push(message.text());
    });
    await phone.page.goto(new URL('/', String(link)).href);
    expect(await phone.page.evaluate(() => isSecureContext)).toBe(true);
    await phone.page.getByRole('button', { name: /scan/i }).click();
    await phone.page.getByRole('button', { name: 'Ask to connect' }).click();
    expect(await proxim.next('pair_prompt')).toMatchObject({ sessionID, verified: true });
    proxim.send({ command: 'approve', sessionID });
    await proxim.next('peer', { state: 'connected' });
    await phone.page.getByRole('application', { name: 'Touchpad' }).waitFor();
    expect(sockets).toEqual([`wss://desk.example:${String(port)}/signal`]);
    expect(blocked).toEqual([]);
  });

  it('[TR14] is where a link leads that was made for plain http, with its secret', async () => {
    const { flags } = authority.issue({ names: ['DNS:desk.example'] });
    proxim = startProxim({ args: ['--address', 'desk.example', ...flags], display: screen.display });
    const { link } = await proxim.next('session');
    phone = await startPhone({ home, hosts: ['desk.example'] });
    await phone.page.goto(String(link).replace('https:', 'http:'));
    expect(new URL(phone.page.url()).origin).toBe(new URL(String(link)).origin);
    await phone.page.getByRole('button', { name: 'Ask to connect' }).click();
    expect(await proxim.next('pair_prompt')).toMatchObject({ verified: true });
  });

  it('is refused by the phone under a name for which its certificate is not, as the computer has said', async () => {
    const { flags } = authority.issue({ names: ['DNS:other.example'] });
    proxim = startProxim({ args: ['--address', 'desk.example', ...flags], display: screen.display });
    const { ui } = await proxim.next('listening');
    const { link } = await proxim.next('session');
    const { message } = await proxim.next('error', { code: 'certificate_other_name' });
    expect(message).toContain('other.example');
    window = await startWindowBrowser({ display: screen.display });
    await window.page.goto(String(ui));
    await window.page.getByText(String(message)).waitFor();
    phone = await startPhone({ home, hosts: ['desk.example', 'other.example'] });
    await expect(phone.page.goto(String(link))).rejects.toThrow('ERR_CERT_COMMON_NAME_INVALID');
  });
});
