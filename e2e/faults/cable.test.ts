import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';

import { texts } from '../../apps/mobile/src/texts/en.js';
import { type LivingRoom, makeLivingRoom } from '../support/lab.js';
import { report } from '../support/measured.js';
import { Scene } from '../support/scene.js';

const cuts = inject('faultLength') === 'long' ? [3, 20] : [3];

/** What is held is released 5 s after the last word; the rest is for a machine that is busy. */
const releasedWithinMs = 15_000;

describe('a cable that is pulled under a session', () => {
  let room: LivingRoom;
  let scene: Scene;

  beforeAll(async () => {
    room = makeLivingRoom();
    scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace });
  });
  afterEach(() => {
    room.lab.setCable(room.phone, room.hub, true);
    room.lab.clear(room.phone);
    room.lab.clear(room.desk);
  });
  afterAll(async () => {
    await scene.close();
    room.lab.remove();
  });

  const pulls = {
    'the phone’s cable is pulled': {
      begin: () => room.lab.setCable(room.phone, room.hub, false),
      end: () => room.lab.setCable(room.phone, room.hub, true),
    },
    'every packet is swallowed': {
      begin: () => {
        room.lab.dropIncoming(room.phone, ['drop']);
        room.lab.dropIncoming(room.desk, ['drop']);
      },
      end: () => {
        room.lab.clear(room.phone);
        room.lab.clear(room.desk);
      },
    },
  };

  for (const [name, pull] of Object.entries(pulls)) {
    for (const seconds of cuts) {
      it(`${name} for ${String(seconds)} s: it comes back without a question`, async ({ task }) => {
        await scene.connect(await scene.startDesk());
        const { outcome, ...figures } = await scene.run({ ...pull, lastsMs: seconds * 1000 });
        expect(outcome).toBe('in control');
        expect(await scene.prompts()).toBe(1);
        report(task, { fault: `${name}, ${String(seconds)} s`, happens: 'It comes back by itself', ...figures });
      });
    }

    if (inject('faultLength') === 'long') {
      it(`${name} for 90 s: the phone says so, and comes back when it is asked to, without a question`, async ({
        task,
      }) => {
        await scene.connect(await scene.startDesk());
        const { title } = texts.ends.unreachable;
        const { outcome, ...figures } = await scene.run({ ...pull, lastsMs: 90_000 });
        expect(outcome).toEqual({ ended: title });
        const tapped = performance.now();
        expect(await scene.askAgain()).toBe('in control');
        const backMs = performance.now() - tapped;
        expect(await scene.prompts()).toBe(1);
        const happens = `“${title}” after a minute; “${texts.ended.askAgain}” brings it back without a question`;
        report(task, { fault: `${name}, 90 s`, happens, ...figures, backMs });
      });
    }
  }

  it('a button that is held when the cable goes is released at the desk', async ({ task }) => {
    await scene.connect(await scene.startDesk());
    await scene.holdLeftButton();
    const pulled = performance.now();
    room.lab.setCable(room.phone, room.hub, false);
    await scene.observer.next('ButtonRelease');
    const releasedMs = performance.now() - pulled;
    expect(releasedMs).toBeLessThan(releasedWithinMs);
    await scene.fingers.lift();
    room.lab.setCable(room.phone, room.hub, true);
    expect(await scene.comesBack()).toBe('in control');
    // The finger was lifted meanwhile: the desk hears of no second release, nor of a press.
    expect(scene.observer.take('ButtonPress', 'ButtonRelease')).toEqual([]);
    expect(await scene.prompts()).toBe(1);
    report(task, {
      fault: 'a button is held when the cable is pulled',
      happens: 'It is released at the desk',
      phoneNoticedMs: null,
      deskNoticedMs: releasedMs,
      backMs: null,
    });
  });
});
