import { describe, expect, it } from 'vitest';

import type { Cast } from '../cast.js';

export const describeSignals = ({ connect, promptedSession, pairedSession, refusal }: Cast): void => {
  describe('signals', () => {
    it('[SG1] [SG2] [MS21] arrive byte for byte and in order', async () => {
      const { desktop, phone, sessionID } = await pairedSession();
      const frames = Array.from(
        { length: 20 },
        (_, index) =>
          ` { "payload":{"candidate":"\\u00e9 é 📱 ${index}", "n":1.0}, "type":"signal","sessionID":"${sessionID}","z":[ ]}\n`,
      );
      for (const [from, to] of [
        [phone, desktop],
        [desktop, phone],
      ] as const) {
        for (const frame of frames) from.send(frame);
        for (const frame of frames) expect((await to.nextFrame('signal')).text).toBe(frame);
      }
    });

    it('[SG3] [RO9] go nowhere before approval, nor from strangers', async () => {
      const { desktop, phone, signal } = await promptedSession();
      await refusal(phone, signal({ sdp: 'early' }), 'not_paired');
      await refusal(desktop, signal({ sdp: 'early' }), 'not_paired');
      const stranger = await connect('stranger');
      await refusal(stranger, signal({ sdp: 'mine' }), 'not_allowed');
      await desktop.quiet();
      await phone.quiet();
    });

    it('[SG4] [ER7] to somebody who is away: peer_unavailable', async () => {
      const { desktop, phone, signal } = await pairedSession();
      await phone.lose();
      await desktop.next('peer_state');
      await refusal(desktop, signal({ sdp: 'anybody?' }), 'peer_unavailable');
    });

    it('[TR9] [ER2] with a key that stands twice are not relayed', async () => {
      const { desktop, phone, sessionID } = await pairedSession();
      phone.send(`{"type":"signal","sessionID":"${sessionID}","payload":{"sdp":"a"},"\\u0070ayload":{"sdp":"b"}}`);
      expect(await phone.next('error')).toMatchObject({ code: 'bad_message' });
      await desktop.quiet();
    });

    it('[SG5] [AU12] may carry anything beside sdp or candidate, with any auth', async () => {
      const { desktop, phone, signal } = await pairedSession();
      for (const payload of [{ sdp: null }, { candidate: [] }, { sdp: 'v=0', auth: 'wrong', more: { deep: true } }]) {
        phone.send(signal(payload));
        expect(await desktop.next('signal')).toEqual(signal(payload));
      }
    });
  });
};
