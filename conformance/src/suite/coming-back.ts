import { describe, expect, it } from 'vitest';

import { type Cast, longTest } from '../cast.js';
import type { WireClient } from '../wire-client.js';

export const describeComingBack = ({ connect, wait, script, promptedSession, pairedSession, refusal }: Cast): void => {
  describe('coming back', () => {
    it('[CB1] [CB10] [MS19] left with 1000 and without a status, lost without a word', async () => {
      for (const [end, state] of [
        [(phone: WireClient) => phone.leave(1000), 'left'],
        [(phone: WireClient) => phone.leave(), 'left'],
        [(phone: WireClient) => phone.lose(), 'lost'],
      ] as const) {
        const { desktop, phone, sessionID } = await pairedSession();
        await end(phone);
        expect(await desktop.next('peer_state')).toEqual({ type: 'peer_state', sessionID, state });
      }
    });

    it('[CB8] [CL4] [MS9] the paired phone resumes, its old socket ends with 4000', async () => {
      const { desktop, phone, request, signal } = await pairedSession();
      const again = await connect('phone again');
      again.send(request);
      expect(await again.next('pair_result')).toMatchObject({ status: 'approved', resumed: true });
      expect(await phone.end()).toMatchObject({ code: 4000 });
      expect(await desktop.next('peer_state')).toMatchObject({ state: 'connected' });
      desktop.send(signal({ sdp: 'x' }));
      await again.next('signal');
    });

    it('[CB2] [CB3] [CB4] [CB5] [CB9] the desktop resumes, and each hears of the other', async () => {
      const { desktop, phone, create, request } = await pairedSession();
      await desktop.lose();
      expect(await phone.next('peer_state')).toMatchObject({ state: 'lost' });
      const phoneAgain = await connect('phone again');
      phoneAgain.send(request);
      expect(await phoneAgain.next('pair_result')).toMatchObject({ resumed: true });
      expect(await phoneAgain.next('peer_state')).toMatchObject({ state: 'lost' });
      const desktopAgain = await connect('desktop again');
      desktopAgain.send(create);
      expect(await desktopAgain.next('session_created')).toMatchObject({ resumed: true });
      expect(await desktopAgain.next('peer_state')).toMatchObject({ state: 'connected' });
      expect(await phoneAgain.next('peer_state')).toMatchObject({ state: 'connected' });
    });

    it('[PR6] [PR7] a desktop that returns is asked again', async () => {
      const { desktop, create, prompt, phone, approve } = await promptedSession();
      const again = await connect('desktop again');
      again.send(create);
      expect(await again.next('session_created')).toMatchObject({ resumed: true });
      const repeated = await again.next('pair_prompt');
      expect({ ...repeated, timeoutSeconds: 40 }).toEqual(prompt);
      expect(repeated['timeoutSeconds']).toBeLessThanOrEqual(40);
      expect(await desktop.end()).toMatchObject({ code: 4000 });
      again.send(approve);
      await phone.next('pair_result');
    });

    it('[SC4] [SC6] a desktop that leaves ends its session', async () => {
      const { desktop, phone } = await promptedSession();
      await desktop.leave(1000);
      expect(await phone.next('pair_result')).toMatchObject({ status: 'rejected', reason: 'desktop_left' });
      expect(await phone.next('session_closed')).toMatchObject({ reason: 'closed_by_desktop' });
    });

    it('[SC5] a desktop without a token that is lost ends its session at once', async () => {
      const { desktop, phone } = await pairedSession(script(false));
      await desktop.lose();
      expect(await phone.next('session_closed')).toMatchObject({ reason: 'desktop_lost' });
    });

    it(
      '[CB6] [PA2] a desktop that stays away for 60 seconds has lost its session',
      async () => {
        const { desktop, phone, request } = await pairedSession();
        await desktop.lose();
        await phone.next('peer_state');
        const ms = wait(60);
        expect(await phone.next('session_closed', ms)).toMatchObject({ reason: 'desktop_lost' });
        await refusal(phone, request, 'session_not_found');
      },
      longTest,
    );
  });
};
