import { describe, expect, it } from 'vitest';

import type { Cast } from '../cast.js';

export const describeRoles = ({ connect, script, openSession, pairedSession, refusal }: Cast): void => {
  describe('roles', () => {
    it('[RO1] [RO2] [RO3] [RO5] [ER4] are kept', async () => {
      const { desktop, phone, create, request, close } = await pairedSession();
      const other = await openSession();
      await refusal(desktop, request, 'not_allowed');
      await refusal(phone, create, 'not_allowed');
      await refusal(phone, close, 'not_allowed');
      await refusal(phone, other.request, 'not_allowed');
    });

    it('[RO4] [CB7] a desktop can hold several sessions', async () => {
      const desktop = await connect('desktop');
      const scripts = [script(), script(), script()];
      for (const { create } of scripts) {
        desktop.send(create);
        await desktop.next('session_created');
      }
      for (const { request, sessionID } of scripts) {
        const phone = await connect('phone');
        phone.send(request);
        expect(await desktop.next('pair_prompt')).toMatchObject({ sessionID });
      }
    });
  });
};
