import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type LivingRoom, makeLivingRoom } from '../support/lab.js';
import { report } from '../support/measured.js';
import { Scene } from '../support/scene.js';

const stops = inject('faultLength') === 'long' ? [8, 40] : [8];

describe('a desktop app that stands still', () => {
  let room: LivingRoom;
  let scene: Scene;

  beforeAll(async () => {
    room = makeLivingRoom();
    scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace });
  });
  afterAll(async () => {
    await scene.close();
    room.lab.remove();
  });

  for (const seconds of stops) {
    it(`for ${String(seconds)} s: the phone says so, and it comes back without a question`, async ({ task }) => {
      await scene.connect(await scene.startDesk());
      const { outcome, ...figures } = await scene.run({
        begin: () => scene.desk.signal('SIGSTOP'),
        lastsMs: seconds * 1000,
        end: () => scene.desk.signal('SIGCONT'),
      });
      expect(outcome).toBe('in control');
      expect(figures.phoneNoticedMs).not.toBeNull();
      expect(await scene.prompts()).toBe(1);
      report(task, {
        fault: `the desktop app stands still, ${String(seconds)} s`,
        happens: 'It comes back by itself',
        ...figures,
      });
    });
  }
});
