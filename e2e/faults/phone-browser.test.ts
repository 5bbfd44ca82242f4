import { describe, expect, inject, it } from 'vitest';

import { texts } from '../../apps/mobile/src/texts/en.js';
import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';

describe('a phone whose browser reloads the page, or ends', () => {
  const shared = shareLivingRoom();

  // The short form reloads among the reconnects.
  if (inject('faultLength') === 'long') {
    it('a reload: it comes back without a question', async ({ task }) => {
      await shared.scene.connect(await shared.scene.startDesk());
      const { outcome, ...figures } = await shared.scene.run({
        begin: async () => {
          await shared.scene.phone.page.reload();
        },
      });
      expect(outcome).toBe('in control');
      expect(await shared.scene.prompts()).toBe(1);
      report(task, { fault: 'the page is reloaded', happens: 'It comes back by itself', ...figures });
    });
  }

  it('the browser is killed: what was held is released, and a new page knows of no session', async ({ task }) => {
    const link = await shared.scene.startDesk();
    await shared.scene.connect(link);
    await shared.scene.holdLeftButton();
    const from = shared.scene.desk.events.length;
    const killed = performance.now();
    await shared.scene.phone.kill();
    await shared.scene.observer.next('ButtonRelease');
    const { at } = await shared.scene.desk.after(from, 'peer', { state: 'disconnected' });

    await shared.scene.restartPhone();
    const { page } = shared.scene.phone;
    await page.goto(new URL('/', link).href);
    // The tab's memory is gone with the tab, and nothing else may know the session's secrets.
    await page.getByText(texts.start.title).waitFor();
    // The code is used, by a phone that this one cannot show to be.
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('button', { name: texts.ready.ask }).click();
    await page.getByText(texts.ends.session_busy.title).waitFor();
    expect(await shared.scene.prompts()).toBe(1);
    report(task, {
      fault: 'the phone’s browser is killed',
      happens: 'What was held is released; a temporary session’s secrets are gone with the tab: a new code is needed',
      phoneNoticedMs: null,
      deskNoticedMs: at - killed,
      backMs: null,
    });
  });
});
