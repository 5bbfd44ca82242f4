import { describe, expect, it, type TestContext } from 'vitest';

import { texts as windowTexts } from '../apps/desktop/src/window/texts/en.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { startWindowBrowser } from './support/browsers.js';
import { type Desk, startDesk } from './support/desk.js';
import { type LivingRoom, makeLivingRoom } from './support/lab.js';
import { Scene } from './support/scene.js';

interface Stage {
  readonly room: LivingRoom;
  readonly scene: Scene;
  /** Starts the signaling server, in the place of one that was started before. Resolves with its port. */
  serve(port: number, ...flags: readonly string[]): Promise<number>;
}

/** A signaling server, a desktop app and a phone, each on a host of its own. */
const setStage = async ({ onTestFinished }: TestContext): Promise<Stage> => {
  const room = makeLivingRoom();
  onTestFinished(() => {
    room.lab.remove();
  });
  const scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace });
  onTestFinished(() => scene.close());
  const { namespace, address } = room.hub;
  let relay: Desk | undefined;
  onTestFinished(() => relay?.stop());
  return {
    room,
    scene,
    serve: async (port, ...flags) => {
      await relay?.stop();
      const args = ['serve', '--json', '--open', '--host', address, '--port', String(port), ...flags];
      relay = startDesk({ args, namespace });
      return Number((await relay.after(0, 'listening')).line['port']);
    },
  };
};

describe('the phone’s page, where the signaling server is elsewhere', () => {
  it('comes from that server where the user wants it, and needs nobody’s leave', async (context) => {
    const { room, scene, serve } = await setStage(context);
    const relay = `${room.hub.address}:${String(await serve(0, '--web'))}`;
    const link = await scene.startDesk('--signaling', `ws://${relay}`, '--phone-page', 'relay');
    expect(new URL(link).host).toBe(relay);
    expect(new URLSearchParams(new URL(link).hash.slice(1)).has('a')).toBe(false);
    await scene.connect(link);
    expect(scene.desk.events.filter(({ line }) => line['event'] === 'error')).toEqual([]);
  });

  it('comes from the computer unless he does, and says which flag lets it in', async (context) => {
    const { room, scene, serve } = await setStage(context);
    const relayPort = await serve(0, '--web');
    const relay = `ws://${room.hub.address}:${String(relayPort)}`;
    const link = await scene.startDesk('--signaling', relay);
    const { origin, hostname, port } = new URL(link);
    expect(hostname).toBe(room.desk.address);
    const { line } = await scene.desk.after(0, 'error', { code: 'page_refused' });
    expect(line['message']).toContain(`proxim serve --allow-origin ${origin}`);

    const { ui } = (await scene.desk.after(0, 'listening')).line;
    const window = await startWindowBrowser({ display: scene.screen.display, namespace: room.desk.namespace });
    try {
      await window.page.goto(String(ui));
      await window.page.getByText(`--allow-origin ${origin}`).waitFor();
      await window.page.getByLabel(windowTexts.address.label).waitFor();
    } finally {
      await window.close();
    }
    const from = scene.log.views.length;
    await scene.phone.page.goto(link);
    await scene.phone.page.getByRole('button', { name: texts.ready.ask }).click();
    await scene.log.after(from, (shows) => shows === texts.ends.unreachable.title);

    await serve(relayPort, '--allow-origin', origin);
    const again = await scene.startDesk('--signaling', relay, '--port', port);
    expect(new URL(again).origin).toBe(origin);
    await scene.connect(again);
    expect(scene.desk.events.filter(({ line: { event } }) => event === 'error')).toEqual([]);
  });

  it('comes from the computer where that server has none, and says so', async (context) => {
    const { room, scene, serve } = await setStage(context);
    const port = await serve(0);
    const link = await scene.startDesk(
      '--signaling',
      `ws://${room.hub.address}:${String(port)}`,
      '--phone-page',
      'relay',
    );
    expect(new URL(link).hostname).toBe(room.desk.address);
    const { line } = await scene.desk.after(0, 'error', { code: 'no_relay_page' });
    expect(line['message']).toContain('proxim serve --web');
    expect(scene.desk.events.findIndex(({ line: { event } }) => event === 'listening')).toBe(0);
  });
});
