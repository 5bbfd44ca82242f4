import { randomUUID } from 'node:crypto';

import { describe, expect, it, onTestFinished } from 'vitest';

import { type Cast, random } from '../cast.js';
import { openSeedClient } from '../seed-client.js';

export const describeSeedClients = ({ url, token }: Cast): void => {
  describe('clients written from the original specification alone', () => {
    const openPair = async () => {
      const [desktop, mobile] = await Promise.all([openSeedClient(url()), openSeedClient(url())]);
      onTestFinished(async () => {
        await Promise.all([desktop.close(), mobile.close()]);
      });
      const sessionID = random();
      desktop.createSession(sessionID, randomUUID(), token);
      await desktop.receive('session_created');
      mobile.requestPairing(sessionID);
      expect(await desktop.receive('pair_prompt')).toMatchObject({
        sessionID,
        deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
      });
      return { desktop, mobile, sessionID };
    };

    it('[TR13] [PA1] [PA5] [SG1] pair and exchange sdp and candidates', async () => {
      const { desktop, mobile, sessionID } = await openPair();
      desktop.respond(sessionID, true);
      expect(await mobile.receive('pair_result')).toMatchObject({ sessionID, status: 'approved' });
      mobile.signal(sessionID, { sdp: 'offer' });
      expect(await desktop.receive('signal')).toEqual({ type: 'signal', sessionID, payload: { sdp: 'offer' } });
      desktop.signal(sessionID, { sdp: 'answer' });
      expect(await mobile.receive('signal')).toEqual({ type: 'signal', sessionID, payload: { sdp: 'answer' } });
      desktop.signal(sessionID, { candidate: 'candidate:1' });
      expect(await mobile.receive('signal')).toMatchObject({ payload: { candidate: 'candidate:1' } });
    });

    it('[TR13] [PA6] are told of a rejection', async () => {
      const { desktop, mobile, sessionID } = await openPair();
      desktop.respond(sessionID, false);
      expect(await mobile.receive('pair_result')).toMatchObject({ sessionID, status: 'rejected' });
    });
  });
};
