import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { MobileMemory } from '@proxim/peer';
import { unloadNodeRtcEngine } from '@proxim/peer/node';
import type { PeerToken } from '@proxim/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { event } from '../../apps/desktop/test/support/command.js';
import { isStatus, type NodePhone, startNodePhone } from '../../apps/desktop/test/support/node-phone.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { type Code, type Phone, TrustStage } from './trust-stage.js';

const { ends } = texts;

/** What somebody reads who listens to the network: the token of the phone's request, which goes in the clear over http. */
const sniffToken = (phone: Phone): Promise<PeerToken> =>
  new Promise((resolve) => {
    phone.page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(String(payload)) as { readonly type: string; readonly peerToken: PeerToken };
        if (message.type === 'pair_request') resolve(message.peerToken);
      });
    });
  });

describe('a stranger with a photo of the code', () => {
  let stage: TrustStage;
  let code: Code;
  let owner: Phone;
  let stranger: Phone;
  const impostors: NodePhone[] = [];

  beforeAll(async () => {
    stage = await TrustStage.start();
  });
  afterAll(async () => {
    await stage.close();
    await unloadNodeRtcEngine();
  });
  beforeEach(async () => {
    owner = await stage.newPhone();
    stranger = await stage.newPhone();
  });
  afterEach(async () => {
    for (const { peer } of impostors.splice(0)) peer.leave();
    await owner.context.close();
    await stranger.context.close();
    await stage.stopApp('SIGKILL');
  });

  /** A program that has the code and the owner's token, and says that it was let in. */
  const impostor = (token: PeerToken): NodePhone => {
    const memory: MobileMemory = { peerToken: token, deviceSecret: undefined, wasApproved: true };
    const phone = startNodePhone(code.link, memory);
    impostors.push(phone);
    return phone;
  };

  /** The owner asks, is approved, and has the device secret. Resolves with the token that others could read. */
  const ownerConnects = async (): Promise<PeerToken> => {
    const token = sniffToken(owner);
    await owner.asks(code.link);
    await stage.approve(code.sessionID);
    await owner.isConnected();
    await stage.app.next(event('peer', { sessionID: code.sessionID, state: 'connected' }));
    await expect.poll(() => owner.page.evaluate(() => Object.values(sessionStorage).join())).toContain('deviceSecret');
    return token;
  };

  const ownerGoesAway = async (): Promise<void> => {
    await owner.page.goto('about:blank');
    await stage.app.next(event('peer', { sessionID: code.sessionID, state: 'disconnected' }));
  };

  /** The owner is back without a question, and in control. */
  const ownerComesBack = async (): Promise<void> => {
    await owner.page.goto(new URL('/', code.link).href);
    await owner.isConnected();
    await stage.app.next(event('peer', { sessionID: code.sessionID, state: 'connected' }));
    await stage.isInControl(owner);
  };

  const nobodyWasAsked = async (): Promise<void> => {
    expect((await stage.said()).filter((line) => line['event'] === 'pair_prompt')).toEqual([]);
  };

  describe('while the owner is connected', () => {
    let token: PeerToken;

    beforeEach(async () => {
      await stage.startApp();
      code = await stage.nextCode();
      token = await ownerConnects();
    });

    it('[PA4] hears that the code is in use, and the owner notices nothing', async () => {
      await stage.withoutInput(async () => {
        await stranger.asks(code.link);
        await stranger.isTold(ends.session_busy);
        await stage.neverConnected(code.sessionID);
        await nobodyWasAsked();
      });
      await stage.isInControl(owner);
    });

    it('[AU8] [AU9] [CB19] and the owner’s token takes the seat and no more: refused, the computer says so, and the owner goes on', async () => {
      await stage.withoutInput(async () => {
        expect(await impostor(token).reaches(isStatus('ended'))).toMatchObject({ reason: 'refused' });
        await stage.saysTurnedAway('auth_wrong');
        await stage.neverConnected(code.sessionID);
        await nobodyWasAsked();
      });
      await owner.isConnected();
      await stage.isInControl(owner);
      // And takes the seat back, where it is wanted.
      await owner.page.reload();
      await stage.app.next(event('peer', { sessionID: code.sessionID, state: 'connected' }));
      await owner.isConnected();
      await stage.isInControl(owner);
      await nobodyWasAsked();
    });

    it('[AU8] and the owner’s token in a browser is told that the computer refused', async () => {
      await stage.withoutInput(async () => {
        await pretend(stranger, code, token);
        await stranger.isTold(ends.refused);
        await stage.saysTurnedAway('auth_wrong');
        await stage.neverConnected(code.sessionID);
      });
      await stage.isInControl(owner);
    });
  });

  describe('while the owner is away', () => {
    let token: PeerToken;

    beforeEach(async () => {
      await stage.startApp();
      code = await stage.nextCode();
      token = await ownerConnects();
      await ownerGoesAway();
    });

    it('[PA4] [CB10] hears that the code is in use, and the owner comes back without a question', async () => {
      await stage.withoutInput(async () => {
        await stranger.asks(code.link);
        await stranger.isTold(ends.session_busy);
        await nobodyWasAsked();
      });
      await ownerComesBack();
    });

    it('[AU8] [AU9] and the owner’s token is refused, the computer says so, and the owner comes back without a question', async () => {
      await stage.withoutInput(async () => {
        expect(await impostor(token).reaches(isStatus('ended'))).toMatchObject({ reason: 'refused' });
        await stage.saysTurnedAway('auth_wrong');
        await stage.neverConnected(code.sessionID);
        await nobodyWasAsked();
      });
      await ownerComesBack();
    });
  });

  describe('after the app of a lasting session was killed and started again', () => {
    let folder: string;
    let token: PeerToken;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'proxim-stranger-'));
      const args = ['--session-type', 'persistent', '--data-dir', folder];
      const { port } = await stage.startApp(...args);
      code = await stage.nextCode();
      token = await ownerConnects();
      await ownerGoesAway();
      await expect
        .poll(() => readFile(join(folder, 'phones.json'), 'utf8').catch(() => ''))
        .toContain('deviceSecretIsKept": true');
      await stage.stopApp('SIGKILL');
      await stage.startApp(...args, '--port', String(port));
      // The first one is of this run, the second one of the run before.
      await stage.nextCode();
      expect(await stage.nextCode()).toEqual(code);
    });
    afterEach(async () => {
      await stage.stopApp('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('[RM2] [AU16] is refused unasked, both screens say so, and the owner comes back without a question', async () => {
      await stage.withoutInput(async () => {
        await stranger.asks(code.link);
        await stranger.isTold(ends.unverified);
        await stage.saysTurnedAway('auth_wrong');
        await stage.neverConnected(code.sessionID);
        await nobodyWasAsked();
      });
      await ownerComesBack();
    });

    it('[RM2] [AU16] and the owner’s token is refused unasked, the computer says so, and the owner comes back', async () => {
      await stage.withoutInput(async () => {
        expect(await impostor(token).reaches(isStatus('ended'))).toMatchObject({ reason: 'unverified' });
        await stage.saysTurnedAway('auth_wrong');
        await stage.neverConnected(code.sessionID);
        await nobodyWasAsked();
      });
      await ownerComesBack();
    });
  });

  describe('before the owner is let in', () => {
    beforeEach(async () => {
      await stage.startApp();
      code = await stage.nextCode();
    });

    it('[PR1] who asks first is asked about by its own name, and turned down like anybody else', () =>
      stage.withoutInput(async () => {
        await stranger.asks(code.link);
        const { promptID, sessionID } = await stage.app.next(event('pair_prompt', { verified: true }));
        stage.app.send({ command: 'reject', sessionID, promptID });
        await stranger.isTold(ends.rejected_by_user);
        await stage.neverConnected(code.sessionID);
      }));

    it('[PA3] hears that the code is in use while the owner waits, and only the owner is asked about', async () => {
      await owner.asks(code.link);
      const { promptID } = await stage.app.next(event('pair_prompt'));
      await stage.withoutInput(async () => {
        await stranger.asks(code.link);
        await stranger.isTold(ends.session_busy);
        await nobodyWasAsked();
      });
      stage.app.send({ command: 'approve', sessionID: code.sessionID, promptID });
      await owner.isConnected();
      await stage.isInControl(owner);
    });

    it('[PA11] and the owner’s token takes the wait over: the owner’s phone says so, and what to do', async () => {
      const token = sniffToken(owner);
      await owner.asks(code.link);
      const { promptID, sessionID } = await stage.app.next(event('pair_prompt'));
      await stage.withoutInput(async () => {
        const phone = impostor(await token);
        await owner.isTold(ends.replaced);
        stage.app.send({ command: 'reject', sessionID, promptID });
        expect(await phone.reaches(isStatus('ended'))).toMatchObject({ reason: 'rejected_by_user' });
        await stage.neverConnected(code.sessionID);
      });
    });
  });
});

/** Puts the owner's token where the page keeps its own, and opens the page: it asks as one that was let in. */
const pretend = async ({ page }: Phone, { link }: Code, token: PeerToken): Promise<void> => {
  await page.goto(link);
  await page.getByRole('button', { name: texts.ready.ask }).waitFor();
  await page.evaluate((peerToken) => {
    for (const [key, value] of Object.entries(sessionStorage)) {
      const record = JSON.parse(String(value)) as object;
      if ('deviceID' in record)
        sessionStorage.setItem(key, JSON.stringify({ ...record, peerToken, wasApproved: true }));
    }
  }, token);
  await page.reload();
};
