import { describe, expect, it } from 'vitest';

import { type Cast, random } from '../cast.js';

export const describeSessions = ({
  connect,
  wait,
  script,
  openSession,
  promptedSession,
  pairedSession,
  refusal,
}: Cast): void => {
  describe('sessions', () => {
    it('[SC1] [MS16] [EX1] session_created tells all of the session', async () => {
      const { create, uuid, sessionID } = script();
      const desktop = await connect('desktop');
      desktop.send(create);
      expect(await desktop.next('session_created')).toMatchObject({
        sessionID,
        uuid,
        sessionType: 'temporary',
        expiresInSeconds: 900,
        resumed: false,
      });
    });

    it('[EX2] [EX3] [EX5] [MS15] each kind says how long it lives', async () => {
      const desktop = await connect('desktop');
      for (const [sessionType, ttlSeconds, expiresInSeconds] of [
        ['temporary', 3600, 3600],
        ['temporary', 2_000_000, 2_000_000],
        ['one_time', undefined, 900],
        ['persistent', undefined, null],
      ]) {
        const { create, close } = script();
        desktop.send({ ...create, sessionType, ttlSeconds });
        expect(await desktop.next('session_created')).toMatchObject({ sessionType, expiresInSeconds });
        desktop.send(close);
        expect(await desktop.next('session_closed')).toMatchObject({ reason: 'closed_by_desktop' });
      }
    });

    it('[MS2] [MS4] [MS6] [ER2] fields that are not as they should be: bad_message', async () => {
      const { create, request, approve, sessionID } = script();
      const client = await connect('client');
      for (const message of [
        { ...create, sessionID: 'abc12' },
        { ...create, sessionID: 'x'.repeat(65) },
        { ...create, uuid: 'abc' },
        { ...create, ttlSeconds: 0 },
        { ...create, ttlSeconds: 2_000_001 },
        { ...create, sessionType: 'forever' },
        { ...request, deviceInfo: { name: 'x' } },
        { ...request, deviceInfo: { name: '', id: 'x' } },
        { ...request, deviceInfo: { name: 'x'.repeat(129), id: 'x' } },
        { ...request, deviceInfo: { name: 'exe.\u202Egpj', id: 'x' } },
        { ...request, deviceInfo: { name: 'line\nfeed', id: 'x' } },
        { ...request, deviceInfo: { name: 'half \ud83d', id: 'x' } },
        { ...approve, approved: 'yes' },
        { type: 'signal', sessionID, payload: {} },
      ]) {
        await refusal(client, message, 'bad_message');
      }
    });

    it('[SC2] [ER7] a name that is taken: session_exists', async () => {
      const { create } = await openSession();
      const other = await connect('other desktop');
      await refusal(other, { ...create, peerToken: random() }, 'session_exists');
      await refusal(other, { ...create, peerToken: undefined }, 'session_exists');
    });

    it('[SC3] [SC8] [ER6] session_close ends it for both, and its name is unknown from then on', async () => {
      const { desktop, phone, close, request, signal, sessionID } = await pairedSession();
      desktop.send(close);
      for (const client of [desktop, phone]) {
        expect(await client.next('session_closed')).toMatchObject({ sessionID, reason: 'closed_by_desktop' });
      }
      await refusal(phone, request, 'session_not_found');
      await refusal(phone, signal({ sdp: '' }), 'session_not_found');
    });

    it('[EX2] [EX6] [SC6] time up: the waiting phone is rejected, then both hear expired', async () => {
      const lines = script();
      const { desktop, phone } = await promptedSession({
        ...lines,
        create: { ...lines.create, ttlSeconds: 1 },
      });
      const ms = wait(1);
      expect(await phone.next('pair_result', ms)).toMatchObject({ status: 'rejected', reason: 'expired' });
      for (const client of [phone, desktop]) {
        expect(await client.next('session_closed')).toMatchObject({ reason: 'expired' });
      }
    });
  });
};
