import { describe, expect, it } from 'vitest';

import { openPeers, pairedPeers, script, setStage } from './stage.js';

describe('a socket that ends', () => {
  for (const [name, code] of [
    ['[CB1] [CB10] with 1000', 1000],
    ['[CB1] [CB10] with no status (1005)', undefined],
  ] as const) {
    it(`${name}: left`, async () => {
      const { desktop, phone } = await pairedPeers(await setStage());
      await phone.leave(code);
      expect(await desktop.next('peer_state')).toMatchObject({ state: 'left' });
    });
  }

  for (const code of [1001, 3000, 4999]) {
    it(`[CB1] [CB10] with ${code}: lost`, async () => {
      const { desktop, phone } = await pairedPeers(await setStage());
      // `ws` does not let its users send 1001, as a browser does at a reload.
      const sender = (
        phone.socket as unknown as { _sender: { close(code: number, data: Buffer, mask: boolean): void } }
      )._sender;
      sender.close(code, Buffer.alloc(0), true);
      expect(await desktop.next('peer_state')).toMatchObject({ state: 'lost' });
    });
  }

  it('[CB1] [CB10] without a word: lost', async () => {
    const { desktop, phone } = await pairedPeers(await setStage());
    await phone.lose();
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'lost' });
  });

  it('[PA9] [PR5] of a waiting phone that leaves: the prompt is cancelled', async () => {
    const { desktop, phone, request, sessionID } = await openPeers(await setStage());
    phone.send(request);
    const { promptID } = await desktop.next('pair_prompt');
    await phone.leave();
    expect(await desktop.next('pair_cancel')).toEqual({
      type: 'pair_cancel',
      sessionID,
      promptID,
      reason: 'mobile_left',
    });
  });

  it('[PA9] of a waiting phone without a token that is lost: the prompt is cancelled', async () => {
    const { desktop, phone, request } = await openPeers(await setStage(), script({ withTokens: false }));
    phone.send(request);
    await desktop.next('pair_prompt');
    await phone.lose();
    expect(await desktop.next('pair_cancel')).toMatchObject({ reason: 'mobile_left' });
  });
});

describe('the phone', () => {
  it('[PA10] [PA11] lost while it waits, comes back to the same prompt and is approved', async () => {
    const stage = await setStage();
    const { desktop, phone, request, approve } = await openPeers(stage);
    phone.send(request);
    await desktop.next('pair_prompt');
    await phone.lose();
    await stage.connections(1);
    const again = await stage.connect('phone again');
    again.send(request);
    await again.quiet();
    await desktop.quiet();
    desktop.send(approve);
    expect(await again.next('pair_result')).toMatchObject({ status: 'approved' });
  });

  it('[PA11] [CL4] takes its wait over: the old socket ends with 4000', async () => {
    const stage = await setStage();
    const { desktop, phone, request } = await openPeers(stage);
    phone.send(request);
    await desktop.next('pair_prompt');
    const again = await stage.connect('phone again');
    again.send(request);
    expect(await phone.end()).toMatchObject({ code: 4000 });
    await desktop.quiet();
    await again.quiet();
  });

  it('[CB8] [CL4] [SG1] takes its paired session over: approved, resumed; the old socket ends with 4000', async () => {
    const stage = await setStage();
    const { desktop, phone, request, signal, sessionID } = await pairedPeers(stage);
    const again = await stage.connect('phone again');
    again.send(request);
    expect(await again.next('pair_result')).toEqual({
      type: 'pair_result',
      sessionID,
      status: 'approved',
      resumed: true,
      expiresInSeconds: 900,
    });
    expect(await phone.end()).toMatchObject({ code: 4000 });
    expect(await desktop.next('peer_state')).toEqual({ type: 'peer_state', sessionID, state: 'connected' });
    desktop.send(signal({ sdp: 'to the new one' }));
    expect(await again.next('signal')).toMatchObject({ payload: { sdp: 'to the new one' } });
    again.send(signal({ sdp: 'from the new one' }));
    await desktop.next('signal');
    await desktop.quiet();
  });

  it('[PA4] [PA12] without the right token is another phone', async () => {
    const stage = await setStage();
    const { phone, request } = await pairedPeers(stage);
    await phone.lose();
    await stage.connections(1);
    for (const peerToken of [undefined, script().request['peerToken']]) {
      const other = await stage.connect('other phone');
      other.send({ ...request, peerToken });
      expect(await other.next('error')).toMatchObject({ code: 'session_busy', replyTo: 'pair_request' });
    }
  });
});

describe('the desktop', () => {
  it('[CB2] [CB3] [CB4] [CB5] lost and back within 60 seconds: everything goes on', async () => {
    const stage = await setStage();
    const { desktop, phone, create, signal, sessionID, uuid } = await pairedPeers(stage);
    await desktop.lose();
    expect(await phone.next('peer_state')).toEqual({ type: 'peer_state', sessionID, state: 'lost' });
    phone.send(signal({ sdp: 'nobody hears' }));
    expect(await phone.next('error')).toMatchObject({ code: 'peer_unavailable', replyTo: 'signal' });
    stage.pass(14);
    const again = await stage.connect('desktop again');
    again.send(create);
    expect(await again.next('session_created')).toEqual({
      type: 'session_created',
      sessionID,
      uuid,
      sessionType: 'temporary',
      expiresInSeconds: 886,
      resumed: true,
    });
    expect(await again.next('peer_state')).toEqual({ type: 'peer_state', sessionID, state: 'connected' });
    expect(await phone.next('peer_state')).toEqual({ type: 'peer_state', sessionID, state: 'connected' });
    phone.send(signal({ sdp: 'heard' }));
    await again.next('signal');
  });

  it('[CB6] [SC8] lost for 60 seconds: closed, forgotten', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 1000 } });
    const { desktop, phone, request, signal, sessionID } = await pairedPeers(stage);
    await desktop.lose();
    await phone.next('peer_state');
    stage.pass(59.999);
    await phone.quiet();
    stage.pass(0.001);
    expect(await phone.next('session_closed')).toEqual({ type: 'session_closed', sessionID, reason: 'desktop_lost' });
    expect(stage.server.counts().sessions).toBe(0);
    for (const message of [request, signal({ sdp: '' })]) {
      phone.send(message);
      expect(await phone.next('error')).toMatchObject({ code: 'session_not_found', replyTo: message['type'] });
    }
  });

  it('[CB4] [CL4] back before it is known to be lost: the old socket ends with 4000', async () => {
    const stage = await setStage();
    const { desktop, phone, create } = await pairedPeers(stage);
    const again = await stage.connect('desktop again');
    again.send(create);
    await again.next('session_created');
    await again.next('peer_state');
    expect(await desktop.end()).toMatchObject({ code: 4000 });
    expect(await phone.next('peer_state')).toMatchObject({ state: 'connected' });
    await phone.quiet();
  });

  it('[PR6] [PR7] [PR2] back while a phone waits: the same question, with the seconds left', async () => {
    const stage = await setStage();
    const { desktop, phone, create, request, approve, sessionID } = await openPeers(stage);
    phone.send({ ...request, auth: 'as it came' });
    const prompt = await desktop.next('pair_prompt');
    expect(prompt).toMatchObject({ timeoutSeconds: 40, auth: 'as it came' });
    await desktop.lose();
    await stage.connections(1);
    stage.pass(12.5);
    const again = await stage.connect('desktop again');
    again.send(create);
    await again.next('session_created');
    expect(await again.next('pair_prompt')).toEqual({ ...prompt, timeoutSeconds: 28 });
    again.send({ ...approve, promptID: prompt['promptID'] });
    expect(await phone.next('pair_result')).toMatchObject({ status: 'approved', sessionID });
  });

  it('[CB7] [RO4] takes back the sessions that it names; the others end after their 60 seconds', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 1000 } });
    const desktop = await stage.connect('desktop');
    const [first, second] = [script(), script()];
    for (const { create } of [first, second]) {
      desktop.send(create);
      await desktop.next('session_created');
    }
    await desktop.lose();
    await stage.connections(0);
    const again = await stage.connect('desktop again');
    again.send(first.create);
    await again.next('session_created');
    expect(stage.server.counts().sessions).toBe(2);
    stage.pass(60);
    expect(stage.server.counts().sessions).toBe(1);
    again.send(second.close);
    expect(await again.next('error')).toMatchObject({ code: 'session_not_found' });
    await again.quiet();
  });

  it('[CB7] that takes one session over keeps the others away from its old socket, which is closed', async () => {
    const stage = await setStage();
    const desktop = await stage.connect('desktop');
    const [first, second] = [script(), script()];
    for (const { create } of [first, second]) {
      desktop.send(create);
      await desktop.next('session_created');
    }
    const again = await stage.connect('desktop again');
    again.send(first.create);
    await again.next('session_created');
    expect(await desktop.end()).toMatchObject({ code: 4000 });
    const phone = await stage.connect('phone');
    phone.send(second.request);
    expect(await phone.next('error')).toMatchObject({ code: 'peer_unavailable' });
    again.send(second.create);
    expect(await again.next('session_created')).toMatchObject({ sessionID: second.sessionID, resumed: true });
  });

  it('[SC4] [SC6] leaves while a phone waits: rejected desktop_left, then closed_by_desktop', async () => {
    const { desktop, phone, request, sessionID } = await openPeers(await setStage());
    phone.send(request);
    await desktop.next('pair_prompt');
    await desktop.leave();
    expect(await phone.next('pair_result')).toEqual({
      type: 'pair_result',
      sessionID,
      status: 'rejected',
      reason: 'desktop_left',
    });
    expect(await phone.next('session_closed')).toEqual({
      type: 'session_closed',
      sessionID,
      reason: 'closed_by_desktop',
    });
  });

  it('[SC5] without a token is lost: desktop_lost at once', async () => {
    const { desktop, phone } = await pairedPeers(await setStage(), script({ withTokens: false }));
    await desktop.lose();
    expect(await phone.next('session_closed')).toMatchObject({ reason: 'desktop_lost' });
  });

  it('[SC2] [RO9] somebody else cannot take its session, answer for it, or close it', async () => {
    const stage = await setStage();
    const { desktop, phone, create, request, approve, close, signal } = await openPeers(stage);
    phone.send(request);
    await desktop.next('pair_prompt');
    const thief = await stage.connect('thief');
    for (const peerToken of [undefined, script().create['peerToken']]) {
      thief.send({ ...create, peerToken });
      expect(await thief.next('error')).toMatchObject({ code: 'session_exists', replyTo: 'session_create' });
    }
    for (const message of [approve, close, signal({ sdp: '' })]) {
      thief.send(message);
      expect(await thief.next('error')).toMatchObject({ code: 'not_allowed', replyTo: message['type'] });
    }
    await desktop.quiet();
    await phone.quiet();
  });

  it('[RO3] [RO5] [ER4] roles are kept, and a phone belongs to one session', async () => {
    const stage = await setStage();
    const { desktop, phone, request, approve, close } = await pairedPeers(stage);
    const other = script();
    const otherDesktop = await stage.connect('other desktop');
    otherDesktop.send(other.create);
    await otherDesktop.next('session_created');
    for (const message of [other.request, other.create, approve, close]) {
      phone.send(message);
      expect(await phone.next('error')).toMatchObject({ code: 'not_allowed', replyTo: message['type'] });
    }
    for (const message of [request, other.request, other.approve]) {
      desktop.send(message);
      expect(await desktop.next('error')).toMatchObject({ code: 'not_allowed', replyTo: message['type'] });
    }
    await otherDesktop.quiet();
  });
});
