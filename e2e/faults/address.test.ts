import { afterEach, describe, expect, inject, it } from 'vitest';

import { texts } from '../../apps/mobile/src/texts/en.js';
import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';

const movedTo = '10.97.0.11';

describe('an address that changes under a session', () => {
  const shared = shareLivingRoom();

  afterEach(() => {
    for (const host of [shared.room.desk, shared.room.phone]) shared.room.lab.clear(host);
    for (const host of [shared.room.desk, shared.room.phone])
      shared.room.lab.readdress(host, host.address, shared.room.hub.address);
  });

  /** Swallows every packet, and resolves when both have noticed: until then a finger may still move the pointer. */
  const swallowUntilNoticed = async (): Promise<void> => {
    const seen = { desk: shared.scene.desk.events.length, phone: shared.scene.log.views.length };
    for (const host of [shared.room.desk, shared.room.phone]) shared.room.lab.dropIncoming(host, ['drop']);
    await shared.scene.desk.after(seen.desk, 'peer', { state: 'disconnected' });
    await shared.scene.log.after(seen.phone, (shows) => shows === 'searching');
  };

  it('the phone’s: it comes back without a question', async ({ task }) => {
    await shared.scene.connect(await shared.scene.startDesk());
    const { outcome, ...figures } = await shared.scene.run({
      begin: () => shared.room.lab.readdress(shared.room.phone, '10.97.0.12', shared.room.hub.address),
    });
    expect(outcome).toBe('in control');
    expect(await shared.scene.prompts()).toBe(1);
    report(task, { fault: 'the phone gets another address', happens: 'It comes back by itself', ...figures });
  });

  it('the desk’s: the direct connection finds the new address, although the page’s is gone', async ({ task }) => {
    await shared.scene.connect(await shared.scene.startDesk());
    const { outcome, ...figures } = await shared.scene.run({
      begin: () => shared.room.lab.readdress(shared.room.desk, movedTo, shared.room.hub.address),
    });
    expect(outcome).toBe('in control');
    expect(await shared.scene.prompts()).toBe(1);
    report(task, { fault: 'the desk gets another address', happens: 'It comes back by itself', ...figures });
  });

  if (inject('faultLength') === 'long') {
    it('the desk’s, and then the direct connection is cut: the phone says that it cannot be reached', async ({
      task,
    }) => {
      await shared.scene.connect(await shared.scene.startDesk());
      shared.room.lab.readdress(shared.room.desk, movedTo, shared.room.hub.address);
      expect(await shared.scene.comesBack()).toBe('in control');
      const { outcome, ...figures } = await shared.scene.run({ begin: swallowUntilNoticed }, 120_000);
      expect(outcome).toEqual({ ended: texts.ends.unreachable.title });
      expect(await shared.scene.prompts()).toBe(1);
      const happens = `“${texts.ends.unreachable.title}”`;
      report(task, { fault: 'the desk gets another address, then every packet is swallowed', happens, ...figures });
    });
  }
});
