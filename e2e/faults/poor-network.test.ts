import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';
import { SlowWay } from '../support/slow-way.js';

const cutSeconds = inject('faultLength') === 'long' ? 20 : 6;
const loss = 'numgen random mod 100 < 10 drop';

describe('a network that loses every tenth packet and takes 300 ms', () => {
  const shared = shareLivingRoom();
  let slowWay: SlowWay | undefined;

  beforeAll(async () => {
    slowWay = new SlowWay(shared.room.hub, 150);
    await slowWay.lead(shared.scene.phone.page);
    for (const [host, other] of [
      [shared.room.phone, shared.room.desk],
      [shared.room.desk, shared.room.phone],
    ] as const) {
      shared.room.lab.dropIncoming(host, [`ip saddr ${other.address} meta l4proto udp drop`, loss], 'poor');
    }
  });
  afterAll(async () => {
    await slowWay?.stop();
  });

  it('connects, controls, is cut, and comes back without a question', async ({ task }) => {
    const link = await shared.scene.startDesk();
    const asked = performance.now();
    await shared.scene.connect(link);
    report(task, {
      fault: 'every tenth packet is lost, and a round trip takes 300 ms',
      happens: 'It connects',
      phoneNoticedMs: null,
      deskNoticedMs: null,
      backMs: performance.now() - asked,
    });
    const { remoteAddress, roundTripMs } = await shared.scene.path();
    expect(remoteAddress).toBe(shared.room.hub.address);
    expect(roundTripMs).toBeGreaterThan(290);

    const { outcome, ...figures } = await shared.scene.run({
      begin: () => {
        for (const host of [shared.room.phone, shared.room.desk]) shared.room.lab.dropIncoming(host, ['drop']);
      },
      lastsMs: cutSeconds * 1000,
      end: () => {
        for (const host of [shared.room.phone, shared.room.desk]) shared.room.lab.clear(host);
      },
    });
    expect(outcome).toBe('in control');
    expect(await shared.scene.prompts()).toBe(1);
    const fault = `such a network swallows every packet, ${String(cutSeconds)} s`;
    report(task, { fault, happens: 'It comes back by itself', ...figures });
  });
});
