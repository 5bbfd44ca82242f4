import { describe, expect, it } from 'vitest';

import type { Cast } from '../cast.js';

export const describeTransport = ({ connect, openSession, refusal }: Cast): void => {
  describe('transport', () => {
    it('[TR3] [TR8] [ER1] [ER2] [ER3] what cannot be read gets an error, and the connection goes on', async () => {
      const client = await connect('client');
      for (const text of ['', 'words', '[]', 'null', '7', '{}', '{"type":7}', '['.repeat(30_000)]) {
        client.send(text);
        expect(await client.next('error'), text.slice(0, 20)).toMatchObject({ code: 'bad_message' });
      }
      await refusal(client, { type: 'pair_hug' }, 'unknown_type');
      await client.quiet();
    });

    it('[TR4] [CL5] 65,536 bytes pass and 65,537 end the connection with 1009', async () => {
      const client = await connect('client');
      const ofLength = (length: number): string => `{"type":"ping","x":"${'x'.repeat(length - 22)}"}`;
      expect(ofLength(65_536)).toHaveLength(65_536);
      client.send(ofLength(65_536));
      await client.next('pong');
      client.send(ofLength(65_537));
      expect(await client.end()).toMatchObject({ code: 1009 });
    });

    it('[TR5] [CL5] a binary frame ends the connection with 1003', async () => {
      const client = await connect('client');
      client.send(Buffer.from('{"type":"ping"}'));
      expect(await client.end()).toMatchObject({ code: 1003 });
    });

    it('[TR6] proxim.v1 is selected when it is offered, and not needed', async () => {
      const offering = await connect('offering', { protocols: ['proxim.v1'] });
      expect(offering.socket.protocol).toBe('proxim.v1');
      const plain = await connect('plain');
      expect(plain.socket.protocol).toBe('');
      await plain.quiet();
    });

    it('[TR7] unknown fields are passed over', async () => {
      const { desktop, phone, request, deviceInfo } = await openSession();
      phone.send({ ...request, colour: 'green', deviceInfo: { ...deviceInfo, model: 'SM-S911B' } });
      await desktop.next('pair_prompt');
    });

    it('[TR11] another Origin is refused with 403', async () => {
      await expect(connect('page', { origin: 'https://evil.example' })).rejects.toThrow('403');
    });

    it('[TR12] another Host is refused with 403', async () => {
      await expect(connect('rebound', { headers: { host: 'evil.example' } })).rejects.toThrow('403');
    });

    it('[MS20] ping is answered with pong', async () => {
      await (await connect('client')).quiet();
    });
  });
};
