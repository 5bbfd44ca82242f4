import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';

import { texts } from '../../apps/mobile/src/texts/en.js';
import { type LivingRoom, makeLivingRoom } from '../support/lab.js';
import { report } from '../support/measured.js';
import { Scene } from '../support/scene.js';

const movedTo = '10.97.0.11';

describe('an address that changes under a session', () => {
  let room: LivingRoom;
  let scene: Scene;

  beforeAll(async () => {
    room = makeLivingRoom();
    scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace });
  });
  afterEach(() => {
    room.lab.clear(room.phone);
    for (const host of [room.desk, room.phone]) room.lab.readdress(host, host.address, room.hub.address);
  });
  afterAll(async () => {
    await scene.close();
    room.lab.remove();
  });

  it('the phone’s: it comes back without a question', async ({ task }) => {
    await scene.connect(await scene.startDesk());
    const { outcome, ...figures } = await scene.run({
      begin: () => room.lab.readdress(room.phone, '10.97.0.12', room.hub.address),
    });
    expect(outcome).toBe('in control');
    expect(await scene.prompts()).toBe(1);
    report(task, { fault: 'the phone gets another address', happens: 'It comes back by itself', ...figures });
  });

  it('the desk’s: the direct connection finds the new address, although the page’s is gone', async ({ task }) => {
    await scene.connect(await scene.startDesk());
    const { outcome, ...figures } = await scene.run({
      begin: () => room.lab.readdress(room.desk, movedTo, room.hub.address),
    });
    expect(outcome).toBe('in control');
    expect(await scene.prompts()).toBe(1);
    report(task, { fault: 'the desk gets another address', happens: 'It comes back by itself', ...figures });
  });

  if (inject('faultLength') === 'long') {
    it('the desk’s, and then the direct connection is cut: the phone says that it cannot be reached', async ({
      task,
    }) => {
      await scene.connect(await scene.startDesk());
      room.lab.readdress(room.desk, movedTo, room.hub.address);
      expect(await scene.comesBack()).toBe('in control');
      const { outcome, ...figures } = await scene.run(
        { begin: () => room.lab.dropIncoming(room.phone, ['drop']) },
        120_000,
      );
      expect(outcome).toEqual({ ended: texts.ends.unreachable.title });
      expect(await scene.prompts()).toBe(1);
      const happens = `“${texts.ends.unreachable.title}”`;
      report(task, { fault: 'the desk gets another address, then every packet is swallowed', happens, ...figures });
    });
  }
});
