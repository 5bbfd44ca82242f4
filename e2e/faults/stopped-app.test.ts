import { describe, expect, inject, it } from 'vitest';

import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';

const stops = inject('faultLength') === 'long' ? [8, 40] : [8];

describe('a desktop app that stands still', () => {
  const shared = shareLivingRoom();

  for (const seconds of stops) {
    it(`for ${String(seconds)} s: the phone says so, and it comes back without a question`, async ({ task }) => {
      await shared.scene.connect(await shared.scene.startDesk());
      const { outcome, ...figures } = await shared.scene.run({
        begin: () => shared.scene.desk.signal('SIGSTOP'),
        lastsMs: seconds * 1000,
        end: () => shared.scene.desk.signal('SIGCONT'),
      });
      expect(outcome).toBe('in control');
      expect(figures.phoneNoticedMs ?? Infinity).toBeLessThan(15_000);
      expect(await shared.scene.prompts()).toBe(1);
      report(task, {
        fault: `the desktop app stands still, ${String(seconds)} s`,
        happens: 'It comes back by itself',
        ...figures,
        // Whoever stands still notices nothing before it goes on.
        deskNoticedMs: null,
      });
    });
  }
});
