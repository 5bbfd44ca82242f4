import { authOfAnswer, authOfOffer, authOfPairRequest } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { fakeCandidate, fakeSdp } from '../stage/fake-network.js';
import { galaxy, HandDesktop } from '../stage/hand-desktop.js';
import { settle } from '../stage/settle.js';

const wrongAuth = 'A'.repeat(43);

describe('a request', () => {
  it('[AU10] [PR1] with a right auth is asked about as verified', () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    expect(desktop.view?.prompt).toMatchObject({ promptID: 'p1', verified: true, deviceInfo: galaxy });
  });

  it('[AU16] with a wrong auth is refused unasked, and the user is told', () => {
    const desktop = new HandDesktop();
    desktop.prompt({ auth: wrongAuth });
    expect(desktop.prompts).toEqual([]);
    expect(desktop.turnedAway).toEqual(['auth_wrong']);
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({
      approved: false,
      reason: 'unverified',
      promptID: 'p1',
    });
  });

  it.each([
    ['of another device', { ...galaxy, id: 'another' }],
    ['under another name', { ...galaxy, name: 'Another' }],
  ])('[AU3] [AU16] with an auth %s is refused unasked', (_, deviceInfo) => {
    const desktop = new HandDesktop();
    desktop.prompt({ deviceInfo, auth: authOfPairRequest(desktop.key(), galaxy) });
    expect(desktop.turnedAway).toEqual(['auth_wrong']);
  });

  it('[AU13] without auth is asked about, with the warning that nothing was proven', () => {
    const desktop = new HandDesktop({ unverified: 'ask' });
    desktop.prompt();
    expect(desktop.view?.prompt?.verified).toBe(false);
    expect(() => {
      desktop.peer.approve(desktop.sessionID);
    }).toThrow('did not prove');
    expect(desktop.socket.take()).toEqual([]);
    desktop.peer.approve(desktop.sessionID, { unverified: true });
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({ approved: true });
  });

  it('[AU14] [AU15] [AT4] without auth is refused with a reason where the policy says so', () => {
    const desktop = new HandDesktop({ unverified: 'refuse' });
    desktop.prompt();
    expect(desktop.prompts).toEqual([]);
    expect(desktop.turnedAway).toEqual(['unverified']);
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({ approved: false, reason: 'unverified' });
  });

  it('[AU17] without auth is refused in a session that was verified once, whatever the policy', async () => {
    const desktop = new HandDesktop({ unverified: 'ask' });
    desktop.paired();
    desktop.socket.end();
    await desktop.pass(500);
    desktop.socket.open();
    desktop.created();
    desktop.prompt({ promptID: 'p2' });
    expect(desktop.prompts).toEqual(['p1']);
    expect(desktop.turnedAway).toEqual(['unverified']);
  });

  it('[AU17] a verified request that was rejected does not make the session a verified one', () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    desktop.peer.reject(desktop.sessionID);
    desktop.prompt({ promptID: 'p2' });
    expect(desktop.prompts).toEqual(['p1', 'p2']);
  });

  it('[PR3] is answered by its own promptID alone', () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    expect(() => {
      desktop.peer.approve(desktop.sessionID, { promptID: 'another' });
    }).toThrow('over');
    desktop.peer.approve(desktop.sessionID, { promptID: 'p1' });
    expect(() => {
      desktop.peer.reject(desktop.sessionID, { promptID: 'p1' });
    }).toThrow('over');
  });

  it('[PR5] is gone when the server says so, and only that one', () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt('p1');
    desktop.say('pair_cancel', { promptID: 'other', reason: 'mobile_left' });
    expect(desktop.view?.prompt).toMatchObject({ promptID: 'p1' });
    desktop.say('pair_cancel', { promptID: 'p1', reason: 'mobile_left' });
    expect(desktop.view?.prompt).toBeUndefined();
    expect(desktop.clock.pendingTimers).toBe(1);
  });

  it('[PA7] is gone after its time, though the server says nothing', async () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    await desktop.pass(41_500, 41_500);
    expect(desktop.view?.prompt).toBeUndefined();
    expect(desktop.events).toContainEqual([
      'prompt_gone',
      { sessionID: desktop.sessionID, promptID: 'p1', reason: 'timeout' },
    ]);
  });

  it('nothing is asked without a request', async () => {
    const desktop = new HandDesktop();
    desktop.created({ resumed: true });
    desktop.say('peer_state', { state: 'connected' });
    desktop.say('pair_cancel', { promptID: 'p1', reason: 'timeout' });
    desktop.say('pair_result', { status: 'approved' });
    desktop.offer(fakeSdp(1), desktop.key());
    await settle();
    expect(desktop.prompts).toEqual([]);
    expect(desktop.view).toMatchObject({ device: undefined, directState: 'closed' });
    expect(desktop.network.connections.size).toBe(0);
  });
});

describe('a device that the user has blocked', () => {
  const refusals = (desktop: HandDesktop) =>
    desktop.socket.take().filter(({ type, approved }) => type === 'pair_response' && approved === false);

  it('[AU22] is refused as blocked, now and unasked whenever it asks again, and nothing more is said about it', () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    desktop.peer.block(desktop.sessionID, { promptID: 'p1' });
    desktop.verifiedPrompt('p2', { ...galaxy, id: 'opened-anew' });
    desktop.verifiedPrompt('p3', { ...galaxy, name: 'Pixel' });
    expect(refusals(desktop).map(({ promptID, reason }) => [promptID, reason])).toEqual([
      ['p1', 'blocked'],
      ['p2', 'blocked'],
      ['p3', 'blocked'],
    ]);
    expect(desktop.prompts).toEqual(['p1']);
    expect(desktop.turnedAway).toEqual([]);
  });

  it('[AU22] is that one alone where it proved that it read the code', () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    desktop.peer.block(desktop.sessionID);
    desktop.verifiedPrompt('p2', { name: 'Pixel', id: 'another' });
    desktop.peer.reject(desktop.sessionID);
    desktop.prompt({ promptID: 'p3', deviceInfo: { name: 'Pixel', id: 'another' } });
    expect(desktop.prompts).toEqual(['p1', 'p2', 'p3']);
  });

  it('[AU22] is every one that proves nothing where it proved nothing, since it takes another ID at will', () => {
    const desktop = new HandDesktop();
    desktop.prompt();
    desktop.peer.block(desktop.sessionID);
    desktop.prompt({ promptID: 'p2', deviceInfo: { name: 'Pixel', id: 'another' } });
    // Under the blocked one's own name, too: whoever has no proof may have taken it from who has.
    desktop.verifiedPrompt('p3');
    expect(desktop.prompts).toEqual(['p1', 'p3']);
  });

  it('[AU22] [AU13] gets no further offer answered where it was let in without proof', async () => {
    const desktop = new HandDesktop();
    desktop.prompt();
    desktop.peer.approve(desktop.sessionID, { unverified: true });
    desktop.offer(fakeSdp(1));
    await desktop.payloads();
    desktop.offer(fakeSdp(2));
    await settle();
    desktop.peer.block(desktop.sessionID);
    desktop.offer(fakeSdp(3));
    const payloads = await desktop.payloads();
    expect(payloads.filter(({ refused }) => refused === 'auth_missing')).toHaveLength(2);
    expect(desktop.prompts).toHaveLength(2);
  });

  it('is blocked by an answer to the question that is open, and by no other', () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    expect(() => {
      desktop.peer.block(desktop.sessionID, { promptID: 'another' });
    }).toThrow('over');
    desktop.peer.reject(desktop.sessionID);
    desktop.verifiedPrompt('p2');
    expect(desktop.prompts).toEqual(['p1', 'p2']);
  });
});

describe('an offer', () => {
  it('[AU4] [AU5] [SG9] with a right auth is answered with one, and no candidate goes ahead of it', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    const sdp = fakeSdp(1);
    desktop.offer(sdp, key);
    const [answer, candidate, ...others] = await desktop.payloads();
    expect(answer).toMatchObject({ type: 'answer', auth: authOfAnswer(key, sdp, String(answer?.['sdp'])) });
    expect(candidate).toHaveProperty('candidate');
    expect(others).toEqual([]);
  });

  it.each([
    ['stripped of its auth', 'auth_missing', undefined],
    ['with a wrong auth', 'auth_wrong', wrongAuth],
  ] as const)('[AU7] [AU11] [AU18] %s is refused, and both screens say so', async (_, code, auth) => {
    const desktop = new HandDesktop();
    desktop.paired();
    desktop.signal({ sdp: fakeSdp(1), type: 'offer', auth });
    expect(await desktop.payloads()).toEqual([{ candidate: '', refused: code }]);
    expect(desktop.turnedAway).toEqual([code]);
    expect(desktop.network.connections.size).toBe(0);
    expect(desktop.view?.directState).toBe('closed');
  });

  it('[AU7] whose SDP the relay changed is refused', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    const sdp = fakeSdp(1);
    desktop.signal({ sdp: sdp.replace('AB:AB', 'AB:AC'), type: 'offer', auth: authOfOffer(key, sdp) });
    expect(await desktop.payloads()).toEqual([{ candidate: '', refused: 'auth_wrong' }]);
  });

  it('[AU4] [AU5] auths of other messages are no auth of an offer', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    const sdp = fakeSdp(1);
    for (const auth of [authOfPairRequest(key, galaxy), authOfAnswer(key, sdp, sdp)]) {
      desktop.signal({ sdp, type: 'offer', auth });
      expect(await desktop.payloads()).toEqual([{ candidate: '', refused: 'auth_wrong' }]);
    }
  });

  it('[SG11] that is repeated, or an ICE restart of the last one, is not answered', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    desktop.offer(fakeSdp(1), key);
    expect(await desktop.answers(fakeSdp(1), key)).toBe(true);
    desktop.offer(fakeSdp(1), key);
    desktop.offer(fakeSdp(1).replace('a=ice-ufrag:abcd', 'a=ice-ufrag:efgh'), key);
    expect(await desktop.payloads()).toEqual([]);
    expect(desktop.turnedAway).toEqual([]);
  });

  it('[SG11] that was refused is answered when it comes with its auth', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    desktop.offer(fakeSdp(1));
    await desktop.payloads();
    desktop.offer(fakeSdp(1), key);
    expect(await desktop.answers(fakeSdp(1), key)).toBe(true);
  });

  it('[SG8] without a type is an offer; with the type of an answer it is nothing', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    const sdp = fakeSdp(1);
    desktop.signal({ sdp, type: 'answer', auth: authOfOffer(key, sdp) });
    expect(await desktop.payloads()).toEqual([]);
    desktop.signal({ sdp, auth: authOfOffer(key, sdp) });
    expect(await desktop.answers(sdp, key)).toBe(true);
  });

  it('[SG10] that comes while the engine is loading takes the place of the one before', async () => {
    const desktop = new HandDesktop();
    let loaded: () => void = () => undefined;
    desktop.network.gate = new Promise((resolve) => {
      loaded = resolve;
    });
    const key = desktop.paired();
    desktop.offer(fakeSdp(1), key);
    desktop.signal({ ...fakeCandidate(1) });
    desktop.offer(fakeSdp(2), key);
    desktop.signal({ ...fakeCandidate(2) });
    expect(await desktop.payloads()).toEqual([]);
    loaded();
    expect(await desktop.answers(fakeSdp(2), key)).toBe(true);
    const [connection, ...others] = desktop.network.alive;
    expect(others).toEqual([]);
    expect(connection?.candidates).toMatchObject([{ candidate: fakeCandidate(2).candidate }]);
  });

  it('[SC3] that is being answered when the session closes comes to nothing', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    desktop.offer(fakeSdp(1), key);
    desktop.peer.closeSession(desktop.sessionID);
    await settle();
    expect(desktop.socket.take().map(({ type }) => type)).toEqual(['session_close']);
    expect(desktop.network.alive).toEqual([]);
    desktop.peer.stop();
    expect(desktop.clock.pendingTimers).toBe(0);
  });

  it('without an o= line is refused as a bad description', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    desktop.offer('v=0\r\n', key);
    expect(await desktop.payloads()).toEqual([{ candidate: '', refused: 'bad_description' }]);
  });

  it('whose connection never opens is given up after a minute', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    desktop.offer(fakeSdp(1), key);
    await desktop.pass(59_000, 1000);
    expect(desktop.view?.directState).toBe('connecting');
    await desktop.pass(2000);
    expect(desktop.view?.directState).toBe('closed');
    expect(desktop.network.alive).toEqual([]);
  });
});

describe('candidates', () => {
  it('[SG7] that come before the offer, and before its answer, wait for the description', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    desktop.signal({ ...fakeCandidate(1) });
    desktop.offer(fakeSdp(1), key);
    desktop.signal({ candidate: fakeCandidate(2).candidate });
    desktop.signal({ candidate: null });
    await settle();
    const [connection] = desktop.network.alive;
    expect(connection?.candidates.map(({ candidate }) => candidate)).toEqual([
      fakeCandidate(1).candidate,
      fakeCandidate(2).candidate,
      '',
    ]);
  });

  it('are kept in a bounded number, before an offer and after it', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    for (let port = 1; port <= 500; port += 1) desktop.signal({ ...fakeCandidate(port) });
    desktop.offer(fakeSdp(1), key);
    for (let port = 1; port <= 500; port += 1) desktop.signal({ ...fakeCandidate(port) });
    await settle();
    expect(desktop.network.alive[0]?.candidates).toHaveLength(60);
  });
});

describe('the device secret', () => {
  /** Connects a phone by hand, and gives what travels on the peers' own channel. */
  const connectByHand = async (desktop: HandDesktop) => {
    const key = desktop.paired();
    const said: Record<string, unknown>[] = [];
    const offering = desktop.network.engine.offer({
      iceServers: [],
      channels: [{ label: 'proxim', ordered: true }],
      handlers: {
        onCandidate: () => undefined,
        onState: () => undefined,
        onChannel: (channel) => {
          channel.onMessage((data) => said.push(JSON.parse(String(data)) as Record<string, unknown>));
          send = (message) => {
            channel.send(JSON.stringify(message));
          };
        },
      },
    });
    let send: (message: object) => void = () => undefined;
    const sdp = await offering.createOffer();
    desktop.offer(sdp, key);
    const [answer] = await desktop.payloads();
    await offering.acceptAnswer(String(answer?.['sdp']));
    await settle();
    const told = said.find(({ type }) => type === 'device_secret');
    const secret = new Uint8Array(Buffer.from(String(told?.['d']), 'base64url'));
    return {
      key,
      secret,
      acknowledge: () => {
        send({ type: 'device_secret_kept' });
      },
    };
  };

  it('[AU8] counts with the code once the phone has acknowledged it, and the code alone no more', async () => {
    const desktop = new HandDesktop();
    const { key, secret, acknowledge } = await connectByHand(desktop);
    expect(secret).toHaveLength(32);
    acknowledge();
    await settle();
    desktop.offer(fakeSdp(7), key);
    expect(await desktop.payloads()).toEqual([{ candidate: '', refused: 'auth_wrong' }]);
    desktop.offer(fakeSdp(7), desktop.key(secret));
    expect(await desktop.answers(fakeSdp(7), desktop.key(secret))).toBe(true);
  });

  it('[AU8] until then either counts, since the acknowledgement may be lost; its first use is one', async () => {
    const desktop = new HandDesktop();
    const { key, secret } = await connectByHand(desktop);
    desktop.offer(fakeSdp(7), key);
    expect(await desktop.answers(fakeSdp(7), key)).toBe(true);
    desktop.offer(fakeSdp(8), desktop.key(secret));
    expect(await desktop.answers(fakeSdp(8), desktop.key(secret))).toBe(true);
    desktop.offer(fakeSdp(9), key);
    expect(await desktop.payloads()).toEqual([{ candidate: '', refused: 'auth_wrong' }]);
  });

  it('[AU22] lets its holder in although the user has blocked one that took its ID', async () => {
    const desktop = new HandDesktop();
    const { key, secret } = await connectByHand(desktop);
    desktop.verifiedPrompt('p2', galaxy, key);
    desktop.peer.block(desktop.sessionID, { promptID: 'p2' });
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({ approved: false, reason: 'blocked' });
    desktop.verifiedPrompt('p3', galaxy, desktop.key(secret));
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({ approved: true, promptID: 'p3' });
  });

  it('[AU9] [CB15] approves its holder without asking, and nobody else', async () => {
    const desktop = new HandDesktop();
    const { key, secret } = await connectByHand(desktop);
    desktop.verifiedPrompt('p2', galaxy, desktop.key(secret));
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({ approved: true, promptID: 'p2' });
    desktop.verifiedPrompt('p3', galaxy, key);
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({ approved: false, promptID: 'p3' });
    desktop.prompt({ promptID: 'p4' });
    expect(desktop.socket.takeOne('pair_response')).toMatchObject({ approved: false, promptID: 'p4' });
    expect(desktop.prompts).toEqual(['p1']);
    expect(desktop.turnedAway).toEqual(['auth_wrong', 'unverified']);
  });

  it('[AU9] without it a reader of the code is asked about; a rejection leaves the phone where it was', async () => {
    const desktop = new HandDesktop();
    const { key } = await connectByHand(desktop);
    desktop.verifiedPrompt('p2', { name: 'Other', id: 'other' }, key);
    expect(desktop.view).toMatchObject({ device: galaxy, directState: 'connected', prompt: { promptID: 'p2' } });
    desktop.peer.reject(desktop.sessionID);
    expect(desktop.view).toMatchObject({ device: galaxy, directState: 'connected', prompt: undefined });
    desktop.verifiedPrompt('p3', { name: 'Other', id: 'other' }, key);
    desktop.say('pair_cancel', { promptID: 'p3', reason: 'mobile_left' });
    expect(desktop.view).toMatchObject({ device: galaxy, directState: 'connected' });
  });

  it('[PA4] an approval of another device turns the first one out', async () => {
    const desktop = new HandDesktop();
    const { key } = await connectByHand(desktop);
    const other = { name: 'Other', id: 'other' };
    desktop.verifiedPrompt('p2', other, key);
    desktop.peer.approve(desktop.sessionID);
    await settle();
    expect(desktop.view).toMatchObject({ device: other, directState: 'disconnected' });
    expect(desktop.network.open).toEqual([]);
  });
});

describe('an unverified phone', () => {
  const unverifiedPaired = (): HandDesktop => {
    const desktop = new HandDesktop();
    desktop.prompt();
    desktop.peer.approve(desktop.sessionID, { unverified: true });
    desktop.socket.take();
    return desktop;
  };

  it('[AU13] [TR13] is answered once, without auth, and asked about at each further offer', async () => {
    const desktop = unverifiedPaired();
    desktop.signal({ sdp: { type: 'offer', sdp: fakeSdp(1) } });
    expect(await desktop.answers(fakeSdp(1))).toBe(true);
    desktop.signal({ sdp: fakeSdp(2) });
    expect(await desktop.payloads()).toEqual([]);
    expect(desktop.view?.prompt).toMatchObject({ verified: false, deviceInfo: galaxy });
    desktop.peer.approve(desktop.sessionID, { unverified: true });
    expect(await desktop.answers(fakeSdp(2))).toBe(true);
    desktop.signal({ sdp: fakeSdp(3) });
    desktop.peer.reject(desktop.sessionID);
    expect(await desktop.payloads()).toEqual([{ candidate: '', refused: 'auth_missing' }]);
    expect(desktop.prompts).toHaveLength(3);
  });

  it('[AU13] [SG7] the candidates of an offer that is asked about wait for the user', async () => {
    const desktop = unverifiedPaired();
    desktop.signal({ sdp: fakeSdp(1) });
    await settle();
    const [first] = desktop.network.alive;
    desktop.signal({ sdp: fakeSdp(2) });
    desktop.signal({ candidate: fakeCandidate(2) });
    desktop.peer.approve(desktop.sessionID, { unverified: true });
    await settle();
    const second = desktop.network.alive.find((connection) => connection !== first);
    expect(second?.candidates.map(({ candidate }) => candidate)).toEqual([fakeCandidate(2).candidate]);
    expect(first?.candidates).toEqual([]);
  });

  it('[AU13] of several offers while the user reads, the last one is answered', async () => {
    const desktop = unverifiedPaired();
    desktop.signal({ sdp: fakeSdp(1) });
    await desktop.payloads();
    desktop.signal({ sdp: fakeSdp(2) });
    desktop.signal({ sdp: fakeSdp(3) });
    desktop.peer.approve(desktop.sessionID, { unverified: true });
    await settle();
    expect([...desktop.network.offerOf.values()]).toEqual([1, 3]);
    expect(desktop.prompts).toHaveLength(2);
  });

  it('[AU13] a question about an offer is gone after 40 s, and with the session', async () => {
    const desktop = unverifiedPaired();
    desktop.signal({ sdp: fakeSdp(1) });
    await settle();
    desktop.signal({ sdp: fakeSdp(2) });
    await desktop.pass(40_000, 40_000);
    expect(desktop.view?.prompt).toBeUndefined();
    desktop.signal({ sdp: fakeSdp(3) });
    desktop.peer.stop();
    expect(desktop.events.filter(([name]) => name === 'prompt_gone')).toHaveLength(3);
    expect(desktop.clock.pendingTimers).toBe(0);
  });

  it('[AU8] is given no device secret', async () => {
    const desktop = unverifiedPaired();
    const said: string[] = [];
    const offering = desktop.network.engine.offer({
      iceServers: [],
      channels: [{ label: 'proxim', ordered: true }],
      handlers: {
        onCandidate: () => undefined,
        onState: () => undefined,
        onChannel: (channel) => {
          channel.onMessage((data) => said.push(String(data)));
        },
      },
    });
    const sdp = await offering.createOffer();
    desktop.signal({ sdp });
    const [answer] = await desktop.payloads();
    await offering.acceptAnswer(String(answer?.['sdp']));
    await settle();
    expect(desktop.view?.directState).toBe('connected');
    expect(said.map((text) => (JSON.parse(text) as { type: string }).type)).toEqual(['alive', 'session']);
  });
});
