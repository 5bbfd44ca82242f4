import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type LivingRoom, makeLivingRoom } from '../support/lab.js';
import { report } from '../support/measured.js';
import { Scene } from '../support/scene.js';

const times = inject('faultLength') === 'long' ? 50 : 10;

describe('reconnects in a row', () => {
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

  it(`${String(times)} of them, each without a question`, async ({ task }) => {
    const link = await scene.startDesk();
    const signalingPort = Number(new URL(link).port);
    await scene.connect(link);

    const cutDirect = async (): Promise<void> => {
      const seen = { desk: scene.desk.events.length, phone: scene.log.views.length };
      room.lab.dropIncoming(room.phone, ['meta l4proto udp drop']);
      room.lab.dropIncoming(room.desk, ['meta l4proto udp drop']);
      await scene.desk.after(seen.desk, 'peer', { state: 'disconnected' });
      await scene.log.after(seen.phone, (shows) => shows === 'searching');
    };
    const mendDirect = (): void => {
      room.lab.clear(room.phone);
      room.lab.clear(room.desk);
    };
    const breakSignaling = async (): Promise<void> => {
      const opened = scene.phone.page.waitForEvent('websocket');
      room.lab.breakConnections(room.phone, signalingPort);
      await opened;
    };
    const faults = {
      'the direct connection is cut': { begin: cutDirect, end: mendDirect },
      'the signaling socket breaks': { begin: breakSignaling },
      'the page is reloaded': {
        begin: async () => {
          await scene.phone.page.reload();
        },
      },
    };
    const kinds = Object.entries(faults);
    for (let count = 0; count < times; count += 1) {
      const [name, fault] = kinds[count % kinds.length]!;
      const { outcome, ...figures } = await scene.run(fault);
      expect(outcome, `${name}, number ${String(count + 1)}`).toBe('in control');
      const happens = `It comes back by itself, ${String(times)} times in a row with the other two`;
      report(task, { fault: `again and again: ${name}`, happens, ...figures });
    }
    expect(await scene.prompts()).toBe(1);
  });
});
