import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type LivingRoom, makeLivingRoom } from '../support/lab.js';
import { report } from '../support/measured.js';
import { Scene } from '../support/scene.js';
import { SlowWay } from '../support/slow-way.js';

const cutSeconds = inject('faultLength') === 'long' ? 20 : 8;
const loss = 'numgen random mod 100 < 10 drop';

describe('a network that loses every tenth packet and takes 300 ms', () => {
  let room: LivingRoom;
  let scene: Scene;
  let slowWay: SlowWay;

  beforeAll(async () => {
    room = makeLivingRoom();
    scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace });
    slowWay = new SlowWay(room.hub, 150);
    await slowWay.lead(scene.phone.page);
    for (const [host, other] of [
      [room.phone, room.desk],
      [room.desk, room.phone],
    ] as const) {
      room.lab.dropIncoming(host, [`ip saddr ${other.address} meta l4proto udp drop`, loss], 'poor');
    }
  });
  afterAll(async () => {
    await scene.close();
    await slowWay.stop();
    room.lab.remove();
  });

  it('connects, controls, is cut, and comes back without a question', async ({ task }) => {
    const link = await scene.startDesk();
    const asked = performance.now();
    await scene.connect(link);
    report(task, {
      fault: 'every tenth packet is lost, and a round trip takes 300 ms',
      happens: 'It connects',
      phoneNoticedMs: null,
      deskNoticedMs: null,
      backMs: performance.now() - asked,
    });
    const { remoteAddress, roundTripMs } = await scene.path();
    expect(remoteAddress).toBe(room.hub.address);
    expect(roundTripMs).toBeGreaterThan(290);

    const { outcome, ...figures } = await scene.run({
      begin: () => {
        for (const host of [room.phone, room.desk]) room.lab.dropIncoming(host, ['drop']);
      },
      lastsMs: cutSeconds * 1000,
      end: () => {
        for (const host of [room.phone, room.desk]) room.lab.clear(host);
      },
    });
    expect(outcome).toBe('in control');
    expect(await scene.prompts()).toBe(1);
    const fault = `such a network swallows every packet, ${String(cutSeconds)} s`;
    report(task, { fault, happens: 'It comes back by itself', ...figures });
  });
});
