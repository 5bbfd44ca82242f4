import { afterEach, describe, expect, it } from 'vitest';

import { texts as windowTexts } from '../../apps/desktop/src/window/texts/en.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { startWindowBrowser } from '../support/browsers.js';
import { type Desk, startDesk } from '../support/desk.js';
import { report } from '../support/measured.js';
import { linkOfRelay } from '../support/relay-link.js';
import { Scene } from '../support/scene.js';
import { startStunServer, type StunServer } from '../support/stun-server.js';
import { makeTwoHomes, type TwoHomes } from '../support/two-homes.js';

describe('a phone and a desk in two homes, with a relay between them', () => {
  let homes: TwoHomes;
  let stun: StunServer;
  let relay: Desk;
  let relayUrl: string;
  let scene: Scene;

  const begin = async (nat: 'by port' | 'symmetric'): Promise<string> => {
    homes = makeTwoHomes(nat);
    stun = await startStunServer(homes.internet);
    const { namespace, address } = homes.internet;
    const args = ['serve', '--json', '--web', '--open', '--host', address, '--port', '0', '--ice-server', stun.url];
    relay = startDesk({ args, namespace });
    relayUrl = String((await relay.after(0, 'listening')).line['url']);
    scene = await Scene.make({ desk: homes.desk.namespace, phone: homes.phone.namespace });
    return linkOfRelay(await scene.startDesk('--signaling', relayUrl), relayUrl);
  };

  afterEach(async () => {
    await scene.close();
    await relay.stop();
    await stun.stop();
    homes.lab.remove();
  });

  it('connects through two NATs that keep a port for everybody', async ({ task }) => {
    const link = await begin('by port');
    const asked = performance.now();
    await scene.connect(link);
    const backMs = performance.now() - asked;
    const { remoteAddress } = await scene.path();
    expect(remoteAddress).toBe('203.0.113.10');
    const { ui } = (await scene.desk.after(0, 'listening')).line;
    const window = await startWindowBrowser({ display: scene.screen.display, namespace: homes.desk.namespace });
    try {
      await window.page.goto(String(ui));
      await window.page.getByText(windowTexts.control.paths.internet).waitFor();
    } finally {
      await window.close();
    }
    report(task, {
      fault: 'phone and desk are each behind a NAT, with a STUN server',
      happens: 'It connects',
      phoneNoticedMs: null,
      deskNoticedMs: null,
      backMs,
    });
  });

  it('says so where two NATs use another port for everybody', async ({ task }) => {
    const link = await begin('symmetric');
    const from = scene.log.views.length;
    await scene.ask(link);
    const asked = performance.now();
    const { title, text } = texts.ends.no_direct_path;
    const { at } = await scene.log.after(from, (shows) => shows === title);
    await scene.phone.page.getByText(text).waitFor();
    report(task, {
      fault: 'the same behind symmetric NATs',
      happens: `“${title}”`,
      phoneNoticedMs: at - asked,
      deskNoticedMs: null,
      backMs: null,
    });
    const states = scene.desk.events.filter(({ line }) => line['event'] === 'peer').map(({ line }) => line['state']);
    expect(states).not.toContain('connected');
    expect(await scene.prompts()).toBe(1);
  });
});
