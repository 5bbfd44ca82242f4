import { describe, expect, it } from 'vitest';

import { type Cast, longTest, random } from '../cast.js';

export const describePairing = ({ connect, wait, openSession, promptedSession, refusal }: Cast): void => {
  describe('pairing', () => {
    it('[PA1] [PR1] [PR2] [MS10] a request becomes a prompt, with auth as it came', async () => {
      const { desktop, phone, request, deviceInfo, sessionID } = await openSession();
      phone.send({ ...request, auth: 'as it came' });
      const prompt = await desktop.next('pair_prompt');
      expect(prompt).toMatchObject({
        sessionID,
        deviceInfo,
        timeoutSeconds: 40,
        auth: 'as it came',
      });
      expect(prompt['promptID']).toEqual(expect.any(String));
      expect(prompt).not.toHaveProperty('peerToken');
    });

    it('[PA3] [PA4] [PA12] a second phone is refused while the first waits, and after', async () => {
      const { desktop, phone, request, approve } = await promptedSession();
      const other = await connect('other phone');
      await refusal(other, { ...request, peerToken: random() }, 'session_busy');
      desktop.send(approve);
      await phone.next('pair_result');
      await refusal(other, { ...request, peerToken: random() }, 'session_busy');
      await phone.leave();
      expect(await desktop.next('peer_state')).toMatchObject({ state: 'left' });
      await refusal(other, { ...request, peerToken: undefined }, 'session_busy');
      await desktop.quiet();
    });

    it('[PA5] [PR3] [PR4] [MS11] [MS12] [MS14] only the open prompt is answered', async () => {
      const { desktop, phone, approve, promptID, sessionID } = await promptedSession();
      await refusal(desktop, { ...approve, promptID: 'another' }, 'not_paired');
      await phone.quiet();
      desktop.send({ ...approve, promptID });
      expect(await phone.next('pair_result')).toMatchObject({ sessionID, status: 'approved', expiresInSeconds: 900 });
    });

    it('[PA6] [MS13] [AT4] a rejection tells its reason, and the session is open again', async () => {
      const { desktop, phone, reject, request, approve } = await promptedSession();
      desktop.send(reject);
      expect(await phone.next('pair_result')).toMatchObject({ status: 'rejected', reason: 'rejected_by_user' });
      for (let index = 0; index < 6; index += 1) {
        phone.send(request);
        await desktop.next('pair_prompt');
        desktop.send({ ...reject, reason: 'unverified' });
        expect(await phone.next('pair_result')).toMatchObject({ status: 'rejected', reason: 'unverified' });
      }
      phone.send(request);
      await desktop.next('pair_prompt');
      desktop.send(approve);
      expect(await phone.next('pair_result')).toMatchObject({ status: 'approved' });
    });

    it(
      '[PA7] [PR5] 40 seconds without an answer',
      async () => {
        const { desktop, phone, promptID, sessionID } = await promptedSession();
        const ms = wait(40);
        expect(await phone.next('pair_result', ms)).toMatchObject({ sessionID, status: 'rejected', reason: 'timeout' });
        expect(await desktop.next('pair_cancel')).toMatchObject({ sessionID, promptID, reason: 'timeout' });
      },
      longTest,
    );

    it('[PA8] [RO9] [ER4] [ER7] answers that nobody asked for, and of the wrong one', async () => {
      const { desktop, phone, approve, request } = await openSession();
      await refusal(desktop, approve, 'not_paired');
      phone.send(request);
      await desktop.next('pair_prompt');
      await refusal(phone, approve, 'not_allowed');
      const thief = await connect('thief');
      await refusal(thief, approve, 'not_allowed');
      desktop.send(approve);
      await phone.next('pair_result');
      await refusal(desktop, approve, 'not_paired');
    });

    it('[PA9] [PR5] a waiting phone that leaves takes its prompt away', async () => {
      const { desktop, phone, promptID, sessionID } = await promptedSession();
      await phone.leave(1000);
      expect(await desktop.next('pair_cancel')).toMatchObject({ sessionID, promptID, reason: 'mobile_left' });
    });

    it('[PA10] [PA11] [CL4] a waiting phone that comes back keeps its prompt', async () => {
      const { desktop, phone, request, approve } = await promptedSession();
      const again = await connect('phone again');
      again.send(request);
      expect(await phone.end()).toMatchObject({ code: 4000 });
      await desktop.quiet();
      desktop.send(approve);
      expect(await again.next('pair_result')).toMatchObject({ status: 'approved' });
    });

    it('[AT1] [AT5] [MS18] the fifth refusal ends the session', async () => {
      const { desktop, phone, request, reject } = await openSession();
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        phone.send(request);
        await desktop.next('pair_prompt');
        desktop.send(reject);
        await phone.next('pair_result');
      }
      for (const client of [phone, desktop]) {
        expect(await client.next('session_closed')).toMatchObject({ reason: 'too_many_attempts' });
      }
    });
  });
};
