import { describe, expect, inject, it } from 'vitest';

import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';

const times = inject('faultLength') === 'long' ? 50 : 10;

describe('reconnects in a row', () => {
  const shared = shareLivingRoom();

  it(`${String(times)} of them, each without a question`, async ({ task }) => {
    const link = await shared.scene.startDesk();
    const signalingPort = Number(new URL(link).port);
    await shared.scene.connect(link);

    const cutDirect = async (): Promise<void> => {
      const seen = { desk: shared.scene.desk.events.length, phone: shared.scene.log.views.length };
      shared.room.lab.dropIncoming(shared.room.phone, ['meta l4proto udp drop']);
      shared.room.lab.dropIncoming(shared.room.desk, ['meta l4proto udp drop']);
      await shared.scene.desk.after(seen.desk, 'peer', { state: 'disconnected' });
      await shared.scene.log.after(seen.phone, (shows) => shows === 'searching');
    };
    const mendDirect = (): void => {
      shared.room.lab.clear(shared.room.phone);
      shared.room.lab.clear(shared.room.desk);
    };
    const breakSignaling = async (): Promise<void> => {
      const opened = shared.scene.phone.page.waitForEvent('websocket');
      shared.room.lab.breakConnections(shared.room.phone, signalingPort);
      await opened;
    };
    const faults = {
      'the signaling socket breaks': { begin: breakSignaling },
      'the page is reloaded': {
        begin: async () => {
          await shared.scene.phone.page.reload();
        },
      },
      'the direct connection is cut': { begin: cutDirect, end: mendDirect },
    };
    const kinds = Object.entries(faults);
    for (let count = 0; count < times; count += 1) {
      const [name, fault] = kinds[count % kinds.length]!;
      const { outcome, ...figures } = await shared.scene.run(fault);
      expect(outcome, `${name}, number ${String(count + 1)}`).toBe('in control');
      const happens = `It comes back by itself, ${String(times)} times in a row with the other two`;
      report(task, { fault: `again and again: ${name}`, happens, ...figures });
    }
    expect(await shared.scene.prompts()).toBe(1);
  });
});
