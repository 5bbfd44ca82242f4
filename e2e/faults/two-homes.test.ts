import { describe, expect, it, type TestContext } from 'vitest';

import { texts as windowTexts } from '../../apps/desktop/src/window/texts/en.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { startWindowBrowser } from '../support/browsers.js';
import { startDesk } from '../support/desk.js';
import { report } from '../support/measured.js';
import { linkOfRelay } from '../support/relay-link.js';
import { Scene } from '../support/scene.js';
import { startStunServer } from '../support/stun-server.js';
import { makeTwoHomes, type TwoHomes } from '../support/two-homes.js';

interface Between {
  readonly homes: TwoHomes;
  readonly scene: Scene;
  /** What the phone opens. */
  readonly link: string;
}

/** Both homes with a relay and a STUN server between them; everything ends with the test. */
const begin = async (nat: 'by port' | 'symmetric', { onTestFinished }: TestContext): Promise<Between> => {
  const homes = makeTwoHomes(nat);
  onTestFinished(() => {
    homes.lab.remove();
  });
  const stun = await startStunServer(homes.internet);
  onTestFinished(() => stun.stop());
  const { namespace, address } = homes.internet;
  const args = ['serve', '--json', '--web', '--open', '--host', address, '--port', '0', '--ice-server', stun.url];
  const relay = startDesk({ args, namespace });
  onTestFinished(() => relay.stop());
  const url = String((await relay.after(0, 'listening')).line['url']);
  const scene = await Scene.make({ desk: homes.desk.namespace, phone: homes.phone.namespace });
  onTestFinished(() => scene.close());
  return { homes, scene, link: linkOfRelay(await scene.startDesk('--signaling', url), url) };
};

// Side by side, since the second spends most of its time on attempts that lead nowhere.
describe.concurrent('a phone and a desk in two homes, with a relay between them', () => {
  it('connects through two NATs that keep a port for everybody', async (context) => {
    const { homes, scene, link } = await begin('by port', context);
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
    report(context.task, {
      fault: 'phone and desk are each behind a NAT, with a STUN server',
      happens: 'It connects',
      phoneNoticedMs: null,
      deskNoticedMs: null,
      backMs,
    });
  });

  it('says so where two NATs use another port for everybody', async (context) => {
    const { scene, link } = await begin('symmetric', context);
    const from = scene.log.views.length;
    await scene.ask(link);
    const asked = performance.now();
    const { title, text } = texts.ends.no_direct_path;
    const { at } = await scene.log.after(from, (shows) => shows === title);
    await scene.phone.page.getByText(text).waitFor();
    report(context.task, {
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
