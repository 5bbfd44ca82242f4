import { authOfAnswer, authOfOffer, deriveAuthKey } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { fakeCandidate, fakeSdp } from '../stage/fake-network.js';
import { approvedMemory, deviceInfo, HandPhone, link } from '../stage/hand-phone.js';
import { settle } from '../stage/settle.js';

describe('a phone that asks', () => {
  it('[LK10] [MS8] [MS10] [AU3] connects when it is told to, and sends what proves that the code was read', () => {
    const phone = new HandPhone();
    expect(phone.sockets.all).toEqual([]);
    phone.ask();
    expect(phone.socket.url).toBe('ws://192.0.2.1:47800/signal');
    const { peerToken } = phone.peer.memory;
    expect(peerToken).toMatch(/^[A-Za-z0-9_-]{22}$/);
    const { sessionID } = link;
    expect(phone.socket.take()).toEqual([
      { type: 'pair_request', sessionID, deviceInfo, peerToken, auth: phone.requestAuth },
    ]);
    expect(phone.status).toBe('waiting');
  });

  it('[LK5] never sends the secret of the code', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    await settle();
    const sent = JSON.stringify(phone.socket.take());
    expect(sent).not.toContain(Buffer.from(link.secret).toString('base64url').slice(0, 12));
  });

  it.each([
    ['rejected_by_user', 'rejected_by_user'],
    ['timeout', 'timeout'],
    ['unverified', 'unverified'],
    ['desktop_left', 'desktop_left'],
    ['something_new', 'rejected'],
    [undefined, 'rejected_by_user'],
  ])('[MS13] and is rejected for %s, ends with %s', (reason, end) => {
    const phone = new HandPhone().ask();
    phone.say('pair_result', { status: 'rejected', reason });
    expect(phone.status).toBe(`ended: ${end}`);
    expect(phone.clock.pendingTimers).toBe(0);
    expect(phone.socket.closedWith).toBe(1000);
  });

  it.each([
    ['session_not_found', 'session_not_found'],
    ['session_busy', 'session_busy'],
    ['rate_limited', 'rate_limited'],
    ['capacity', 'capacity'],
    ['bad_message', 'rejected'],
  ])('[ER1] and hears %s, ends with %s at once', (code, end) => {
    const phone = new HandPhone().ask();
    phone.error(code);
    expect(phone.status).toBe(`ended: ${end}`);
  });

  it('[PA2] [CB14] and whose computer is away asks again for 60 s', async () => {
    const phone = new HandPhone().ask();
    phone.socket.take();
    for (let asked = 0; asked < 19; asked += 1) {
      phone.error('peer_unavailable');
      await phone.pass(3000, 3000);
      expect(phone.socket.takeOne('pair_request')).toMatchObject({ type: 'pair_request' });
    }
    phone.error('peer_unavailable');
    await phone.pass(3000, 3000);
    expect(phone.status).toBe('ended: desktop_away');
    expect(phone.clock.pendingTimers).toBe(0);
  });

  it('and reaches nobody says so after four attempts', async () => {
    const phone = new HandPhone();
    phone.peer.ask();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(phone.status).toBe('reaching');
      phone.socket.end();
      await phone.pass(9000, 9000);
    }
    expect(phone.status).toBe('ended: unreachable');
    expect(phone.sockets.all).toHaveLength(4);
    expect(phone.clock.pendingTimers).toBe(0);
  });

  it('and whose network swallows packets says so as well', async () => {
    const phone = new HandPhone();
    phone.peer.ask();
    await phone.pass(45_000);
    expect(phone.status).toBe('ended: unreachable');
    expect(phone.sockets.all.map(({ closedWith }) => closedWith)).toEqual([4002, 4002, 4002, 4002]);
  });

  it('[PA11] keeps its place when the socket is lost, and its question runs on', async () => {
    const phone = new HandPhone().ask();
    const first = phone.socket.takeOne('pair_request');
    phone.socket.end();
    await phone.pass(1000);
    phone.socket.open();
    expect(phone.socket.takeOne('pair_request')).toEqual(first);
    expect(phone.states.map(({ status }) => status)).toEqual(['reaching', 'waiting']);
  });

  it('[CB14] that has lost its socket while it waited asks again through session_not_found', async () => {
    const phone = new HandPhone().ask();
    phone.socket.end();
    await phone.pass(1000);
    phone.socket.open();
    phone.error('session_not_found');
    expect(phone.status).toBe('waiting');
    await phone.pass(3000);
    phone.approve();
    expect(phone.status).toBe('connecting');
  });

  it('[CB11] [CL4] and is replaced does not come back, and closes as one that was lost', async () => {
    const phone = new HandPhone().ask();
    phone.socket.end(4000);
    await phone.pass(100_000, 10_000);
    expect(phone.status).toBe('ended: replaced');
    expect(phone.sockets.all).toHaveLength(1);
    expect(phone.clock.pendingTimers).toBe(0);
  });

  it('and leaves closes with 1000, wherever it was', () => {
    for (const far of ['idle', 'reaching', 'waiting', 'connecting']) {
      const phone = new HandPhone();
      if (far !== 'idle') phone.peer.ask();
      if (far === 'waiting' || far === 'connecting') phone.socket.open();
      if (far === 'connecting') phone.approve();
      phone.peer.leave();
      phone.peer.wake();
      expect(phone.status).toBe('ended: left');
      if (far !== 'idle') expect(phone.socket.closedWith).toBe(1000);
      expect(phone.clock.pendingTimers).toBe(0);
    }
  });
});

describe('a phone that was approved', () => {
  it('[SG6] [SG9] [AU4] offers, and sends no candidate ahead of its offer', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    const [offer, candidate] = await phone.payloads();
    expect(offer).toEqual({ sdp: offer?.['sdp'], type: 'offer', auth: authOfOffer(phone.key, String(offer?.['sdp'])) });
    expect(Object.keys(candidate ?? {}).sort()).toEqual(['candidate', 'sdpMLineIndex', 'sdpMid', 'usernameFragment']);
  });

  it('[AU5] [AU19] takes an answer that is right, and hands the candidates over after it', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    const offer = await phone.offer();
    phone.say('signal', { payload: fakeCandidate(5) });
    await settle();
    expect(phone.network.alive[0]?.candidates).toEqual([]);
    await phone.answer(offer);
    expect(phone.network.alive[0]?.candidates).toMatchObject([{ candidate: fakeCandidate(5).candidate }]);
    expect(phone.status).toBe('connected');
  });

  it.each([
    ['missing', 'auth_missing', () => undefined],
    [
      'made for another offer',
      'auth_wrong',
      (phone: HandPhone, sdp: string) => authOfAnswer(phone.key, fakeSdp(1), sdp),
    ],
    [
      'that of its own offer',
      'auth_wrong',
      (phone: HandPhone, _: string, offer: string) => authOfOffer(phone.key, offer),
    ],
    [
      'made with another secret',
      'auth_wrong',
      (_: HandPhone, sdp: string, offer: string) =>
        authOfAnswer(deriveAuthKey(link.sessionID, { linkSecret: new Uint8Array(16) }), offer, sdp),
    ],
  ] as const)('[AU11] [AU18] [AU19] refuses an answer whose auth is %s', async (_, code, authOf) => {
    const phone = new HandPhone().ask();
    phone.approve();
    const offer = await phone.offer();
    const sdp = fakeSdp(2, 'active');
    phone.say('signal', { payload: { sdp, type: 'answer', auth: authOf(phone, sdp, offer) } });
    expect(await phone.payloads()).toEqual([{ candidate: '', refused: code }]);
    expect(phone.status).toBe('ended: forged');
    expect(phone.network.alive).toEqual([]);
    expect(phone.clock.pendingTimers).toBe(0);
  });

  it('[SG12] drops answers to earlier offers without a word, repeated ones too', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    const first = await phone.offer();
    phone.network.isReachable = false;
    const sdp = await phone.answer(first);
    const repeated = { payload: { sdp, type: 'answer', auth: authOfAnswer(phone.key, first, sdp) } };
    await phone.pass(20_000, 20_000);
    const second = await phone.offer();
    expect(second).not.toBe(first);
    phone.say('signal', repeated);
    phone.say('signal', repeated);
    expect(await phone.payloads()).toEqual([]);
    phone.network.isReachable = true;
    await phone.answer(second);
    expect(phone.status).toBe('connected');
  });

  it('[SG9] takes no offer from the computer, and no answer that it did not ask for', async () => {
    const phone = new HandPhone().ask();
    phone.say('signal', { payload: { sdp: fakeSdp(2), type: 'answer' } });
    phone.approve();
    await phone.offer();
    phone.say('signal', { payload: { sdp: fakeSdp(2), type: 'offer' } });
    expect(await phone.payloads()).toEqual([]);
    expect(phone.status).toBe('connecting');
  });

  it('[AU18] says that it was refused where nothing works yet', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    await phone.offer();
    phone.say('signal', { payload: { candidate: '', refused: 'auth_wrong' } });
    expect(phone.status).toBe('ended: refused');
  });

  it('[SG10] offers anew when its first offer had no answer and the server was lost meanwhile', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    const first = await phone.offer();
    phone.socket.end();
    expect(phone.status).toBe('reconnecting');
    await phone.pass(1000);
    phone.socket.open();
    phone.approve({ resumed: true });
    const requestAndOffer = await phone.payloads();
    expect(requestAndOffer[0]).toMatchObject({ type: 'offer' });
    expect(requestAndOffer[0]?.['sdp']).not.toBe(first);
    expect(phone.network.alive).toHaveLength(1);
  });

  it('[CB8] goes on with an offer that was answered when the server is lost meanwhile', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    phone.network.isReachable = false;
    await phone.answer(await phone.offer());
    const [opening] = phone.network.alive;
    phone.socket.end();
    await phone.pass(1000);
    phone.socket.open();
    phone.approve({ resumed: true });
    expect(await phone.payloads()).toEqual([]);
    expect(phone.network.alive).toContain(opening);
  });

  it('[CB9] makes no offer while the computer is away, and one when it is back', async () => {
    const phone = new HandPhone(approvedMemory).ask();
    phone.approve({ resumed: true });
    phone.say('peer_state', { state: 'lost' });
    await settle();
    phone.socket.take();
    await phone.pass(14_000, 2000);
    expect(await phone.payloads()).toEqual([]);
    phone.say('peer_state', { state: 'connected' });
    await phone.answer(await phone.offer());
    expect(phone.status).toBe('connected');
  });

  it('[SC6] [CB12] waits for the session’s own end when its renewed request dies with the server', async () => {
    const phone = new HandPhone(approvedMemory).ask();
    phone.say('pair_result', { status: 'rejected', reason: 'server_shutdown' });
    phone.say('session_closed', { reason: 'server_shutdown', reconnectAfterSeconds: 2 });
    phone.socket.end(1001);
    expect(phone.status).toBe('reconnecting');
    await phone.pass(1900, 100);
    expect(phone.sockets.all).toHaveLength(1);
    await phone.pass(200, 100);
    expect(phone.sockets.all).toHaveLength(2);
  });
});

describe('what a page remembers', () => {
  it('[LK7] [AU8] is told whenever it changes', () => {
    const phone = new HandPhone().ask();
    expect(phone.memories).toEqual([]);
    phone.approve();
    expect(phone.memories).toMatchObject([{ wasApproved: true, deviceSecret: undefined }]);
  });

  it('[AU8] [CB8] makes a reloaded page ask with both secrets, as one that comes back', () => {
    const phone = new HandPhone(approvedMemory).ask();
    expect(phone.status).toBe('reconnecting');
    const { peerToken } = approvedMemory;
    expect(phone.socket.takeOne('pair_request')).toMatchObject({ peerToken, auth: phone.requestAuth });
    expect(phone.requestAuth).not.toBe(new HandPhone().requestAuth);
  });

  it('[SG12] lets a reloaded page pass over answers to offers of pages before it, until its own is due', async () => {
    const phone = new HandPhone(approvedMemory).ask();
    phone.approve({ resumed: true });
    const offer = await phone.offer();
    const late = { payload: { sdp: fakeSdp(2, 'active'), type: 'answer', auth: 'C'.repeat(43) } };
    phone.say('signal', late);
    phone.say('signal', late);
    expect(await phone.payloads()).toEqual([]);
    await phone.answer(offer);
    expect(phone.status).toBe('connected');

    const other = new HandPhone(approvedMemory).ask();
    other.approve({ resumed: true });
    await other.offer();
    other.say('signal', late);
    expect(other.status).toBe('reconnecting');
    other.clock.advance(20_000);
    expect(other.status).toBe('ended: forged');
  });
});
