import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { texts } from '../../apps/mobile/src/texts/en.js';
import { type LivingRoom, makeLivingRoom } from '../support/lab.js';
import { report } from '../support/measured.js';
import { Scene } from '../support/scene.js';

describe('a phone whose browser reloads the page, or ends', () => {
  let room: LivingRoom;
  let scene: Scene;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-phone-'));
    room = makeLivingRoom();
    scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace, folder });
  });
  afterAll(async () => {
    await scene.close();
    room.lab.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('a reload: it comes back without a question', async ({ task }) => {
    await scene.connect(await scene.startDesk());
    const { outcome, ...figures } = await scene.run({
      begin: async () => {
        await scene.phone.page.reload();
      },
    });
    expect(outcome).toBe('in control');
    expect(await scene.prompts()).toBe(1);
    report(task, { fault: 'the page is reloaded', happens: 'It comes back by itself', ...figures });
  });

  it('the browser is killed: what was held is released, and a new page knows of no session', async ({ task }) => {
    const link = await scene.startDesk();
    await scene.connect(link);
    await scene.holdLeftButton();
    const from = scene.desk.events.length;
    const killed = performance.now();
    await scene.phone.kill();
    await scene.observer.next('ButtonRelease');
    const { at } = await scene.desk.after(from, 'peer', { state: 'disconnected' });

    await scene.replacePhone(room.phone.namespace, folder);
    const { page } = scene.phone;
    await page.goto(new URL('/', link).href);
    // The tab's memory is gone with the tab, and nothing else may know the session's secrets.
    await page.getByText(texts.start.title).waitFor();
    // The code is used, by a phone that this one cannot show to be.
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('button', { name: texts.ready.ask }).click();
    await page.getByText(texts.ends.session_busy.title).waitFor();
    expect(await scene.prompts()).toBe(1);
    report(task, {
      fault: 'the phone’s browser is killed',
      happens: 'What was held is released; a temporary session’s secrets are gone with the tab: a new code is needed',
      phoneNoticedMs: null,
      deskNoticedMs: at - killed,
      backMs: null,
    });
  });
});
