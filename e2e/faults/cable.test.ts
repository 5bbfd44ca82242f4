import { afterEach, describe, expect, inject, it } from 'vitest';

import { texts } from '../../apps/mobile/src/texts/en.js';
import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';

const isLong = inject('faultLength') === 'long';

/** Five seconds of silence are a loss; the rest is for a machine that is busy. */
const noticedWithinMs = 15_000;

describe('a cable that is pulled under a session', () => {
  const shared = shareLivingRoom();

  afterEach(() => {
    shared.room.lab.setCable(shared.room.phone, shared.room.hub, true);
    shared.room.lab.clear(shared.room.phone);
    shared.room.lab.clear(shared.room.desk);
  });

  const pulls = {
    'the phone’s cable is pulled': {
      // In the short form the cable is pulled while a button is held.
      lasts: isLong ? [3, 20] : [],
      begin: () => shared.room.lab.setCable(shared.room.phone, shared.room.hub, false),
      end: () => shared.room.lab.setCable(shared.room.phone, shared.room.hub, true),
    },
    'every packet is swallowed': {
      lasts: isLong ? [3, 20] : [3],
      begin: () => {
        shared.room.lab.dropIncoming(shared.room.phone, ['drop']);
        shared.room.lab.dropIncoming(shared.room.desk, ['drop']);
      },
      end: () => {
        shared.room.lab.clear(shared.room.phone);
        shared.room.lab.clear(shared.room.desk);
      },
    },
  };

  for (const [name, pull] of Object.entries(pulls)) {
    for (const seconds of pull.lasts) {
      it(`${name} for ${String(seconds)} s: it comes back without a question`, async ({ task }) => {
        await shared.scene.connect(await shared.scene.startDesk());
        const { outcome, ...figures } = await shared.scene.run({ ...pull, lastsMs: seconds * 1000 });
        expect(outcome).toBe('in control');
        expect(await shared.scene.prompts()).toBe(1);
        // What is shorter than the silence that counts as a loss need not be noticed at all.
        expect(figures.phoneNoticedMs ?? 0).toBeLessThan(noticedWithinMs);
        expect(figures.deskNoticedMs ?? 0).toBeLessThan(noticedWithinMs);
        if (seconds > 10) expect(figures).not.toMatchObject({ phoneNoticedMs: null, deskNoticedMs: null });
        report(task, { fault: `${name}, ${String(seconds)} s`, happens: 'It comes back by itself', ...figures });
      });
    }

    if (isLong) {
      it(`${name} for 90 s: the phone says so, and comes back when it is asked to, without a question`, async ({
        task,
      }) => {
        await shared.scene.connect(await shared.scene.startDesk());
        const { title } = texts.ends.unreachable;
        const { outcome, ...figures } = await shared.scene.run({ ...pull, lastsMs: 90_000 });
        expect(outcome).toEqual({ ended: title });
        expect(shared.scene.desk.peerState()).toBe('disconnected');
        const tapped = performance.now();
        expect(await shared.scene.askAgain()).toBe('in control');
        const backMs = performance.now() - tapped;
        expect(await shared.scene.prompts()).toBe(1);
        const happens = `“${title}” after a minute; “${texts.ended.askAgain}” brings it back without a question`;
        report(task, { fault: `${name}, 90 s`, happens, ...figures, backMs });
      });
    }
  }

  it('a button that is held when the cable goes is released at the desk', async ({ task }) => {
    await shared.scene.connect(await shared.scene.startDesk());
    await shared.scene.holdLeftButton();
    const pulled = performance.now();
    shared.room.lab.setCable(shared.room.phone, shared.room.hub, false);
    await shared.scene.observer.next('ButtonRelease');
    const releasedMs = performance.now() - pulled;
    expect(releasedMs).toBeLessThan(noticedWithinMs);
    await shared.scene.fingers.lift();
    shared.room.lab.setCable(shared.room.phone, shared.room.hub, true);
    expect(await shared.scene.comesBack()).toBe('in control');
    // The finger was lifted meanwhile: the desk hears of no second release, nor of a press.
    expect(shared.scene.observer.take('ButtonPress', 'ButtonRelease')).toEqual([]);
    expect(await shared.scene.prompts()).toBe(1);
    report(task, {
      fault: 'a button is held when the cable is pulled',
      happens: 'It is released at the desk',
      phoneNoticedMs: null,
      deskNoticedMs: releasedMs,
      backMs: null,
    });
  });
});
