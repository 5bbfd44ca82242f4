import { authOfOffer, authOfPairRequest, deriveAuthKey } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { MobileDeadline } from '../../src/common/mobile-deadline.js';
import { BothSides } from '../stage/both-sides.js';
import { fakeSdp } from '../stage/fake-network.js';
import { galaxy, HandDesktop } from '../stage/hand-desktop.js';
import { HandPhone } from '../stage/hand-phone.js';
import { settle } from '../stage/settle.js';

describe('a relay that lies about a session', () => {
  it('[SC1] [EX7] by another uuid, type and time in session_created changes nothing', async () => {
    const desktop = new HandDesktop({ sessionType: 'temporary', ttlSeconds: 60 });
    const { uuid, sessionType, expiresAt } = desktop.view ?? {};
    const lies = { uuid: '00000000-0000-4000-8000-000000000000', sessionType: 'persistent', expiresInSeconds: 1e300 };
    for (const resumed of [false, true]) desktop.created({ ...lies, resumed });
    expect(desktop.view).toMatchObject({ uuid, sessionType, expiresAt });
    await desktop.pass(60_000, 60_000);
    expect(desktop.view).toBeUndefined();
    expect(desktop.events.at(-1)).toEqual(['session_closed', { sessionID: desktop.sessionID, reason: 'expired' }]);
  });

  it.each([
    ['expired', 'expired'],
    ['too_many_attempts', 'too_many_attempts'],
    ['closed_by_desktop', 'desktop_lost'],
    ['made_up', 'desktop_lost'],
  ])('[SC3] [EX9] by the end %s ends it on the computer, which says %s', (reason, said) => {
    const desktop = new HandDesktop();
    desktop.paired();
    desktop.say('session_closed', { reason });
    expect(desktop.view).toBeUndefined();
    expect(desktop.events.at(-1)).toEqual(['session_closed', { sessionID: desktop.sessionID, reason: said }]);
    desktop.offer(fakeSdp(1), desktop.key());
    expect(desktop.network.connections.size).toBe(0);
  });

  it.each(['expired', 'closed_by_desktop', 'too_many_attempts'])(
    '[EX9] [SC3] by the end %s ends it on the phone, which says so',
    (reason) => {
      const phone = new HandPhone().ask();
      phone.approve();
      phone.say('session_closed', { reason });
      expect(phone.status).toBe(`ended: ${reason}`);
    },
  );

  it('[AU17] [AU11] by making it anew does not make it one that takes unverified phones', async () => {
    const desktop = new HandDesktop({ unverified: 'ask' });
    desktop.paired();
    desktop.say('session_closed', { reason: 'desktop_lost' });
    desktop.created({ resumed: false });
    desktop.prompt({ promptID: 'p2' });
    desktop.offer(fakeSdp(1));
    await settle();
    expect(desktop.prompts).toEqual(['p1']);
    expect(desktop.turnedAway).toEqual(['unverified', 'auth_missing']);
    expect(desktop.network.connections.size).toBe(0);
  });

  it('[AU2] by mixing it with another one finds that nothing of one is right in the other', async () => {
    const desktop = new HandDesktop();
    const key = desktop.paired();
    const other = desktop.peer.createSession({ sessionType: 'persistent' });
    const linkSecret = desktop.peer.link(other, { origin: 'http://relay' }).secret;
    const otherKey = deriveAuthKey(other, { linkSecret });
    const sdp = fakeSdp(1);
    const auth = authOfPairRequest(key, galaxy);
    desktop.socket.say({ type: 'pair_prompt', sessionID: other, deviceInfo: galaxy, promptID: 'p2', auth });
    desktop.signal({ sdp, type: 'offer', auth: authOfOffer(otherKey, sdp) });
    await settle();
    expect(desktop.prompts).toEqual(['p1']);
    expect(desktop.turnedAway).toEqual(['auth_wrong', 'auth_wrong']);
    expect(desktop.network.connections.size).toBe(0);
  });

  it('[PA6] by forwarding offers while the user is still asked gets no answer to them, then or later', async () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    desktop.offer(fakeSdp(1), desktop.key());
    expect(await desktop.payloads()).toEqual([]);
    desktop.peer.reject(desktop.sessionID);
    desktop.offer(fakeSdp(2), desktop.key());
    expect(await desktop.payloads()).toEqual([]);
    expect(desktop.network.connections.size).toBe(0);
  });

  it('[PR3] by saying that the approval came too late lets nobody in, and the computer shows nobody', async () => {
    const desktop = new HandDesktop();
    desktop.verifiedPrompt();
    desktop.peer.approve(desktop.sessionID);
    desktop.say('error', { code: 'not_paired', message: '-', replyTo: 'pair_response' });
    desktop.offer(fakeSdp(1), desktop.key());
    expect((await desktop.payloads()).filter(({ type }) => type === 'answer')).toEqual([]);
    expect(desktop.view).toMatchObject({ device: undefined, directState: 'closed' });
  });

  it('by saying approved where nobody was asked gets the phone’s offers, and the phone says that there is no way', async () => {
    const phone = new HandPhone().ask();
    phone.approve();
    await settle();
    for (const ms of [15_000, 5000, 15_000, 5000]) {
      phone.clock.advance(ms);
      phone.say('pong');
      await settle();
    }
    expect(phone.status).toBe('ended: no_direct_path');
  });

  it.each([
    ['offers', 'desktop', '"offer"', 'no_direct_path'],
    ['answers', 'phone', '"answer"', 'no_direct_path'],
    ['questions', 'desktop', 'pair_prompt', 'timeout'],
    ['results', 'phone', 'pair_result', 'timeout'],
  ] as const)('by swallowing %s alone connects nobody, and the phone says so', async (_what, to, word, end) => {
    const stage = new BothSides();
    stage.relay.lie = (frame, side) => (side === to && frame.includes(word) ? undefined : frame);
    const sessionID = await stage.session();
    const phone = stage.phone(sessionID);
    phone.peer.ask();
    await settle();
    if (stage.prompts().length > 0) stage.desktop.approve(sessionID);
    await stage.pass(620_000, 5000);
    expect(phone.end).toBe(end);
    expect(stage.network.open).toEqual([]);
  });

  it('[CB11] [CB19] by hanging up on the phone with 4000 does not end what works', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.dropSockets('phone', 4000);
    await stage.pass(200_000, 1000);
    expect(phone.status).toBe('connected');
    expect(stage.network.open).toHaveLength(1);
  });

  it.each([2_000_000, 2_147_484, 1e10, 1e300])('[EX11] by %s seconds sets no timer that rings at once', (seconds) => {
    const timers: number[] = [];
    const deadline = new MobileDeadline({
      clock: {
        now: () => 0,
        setTimer: (ms) => {
          timers.push(ms);
          return { cancel: () => undefined };
        },
      },
      onOver: () => undefined,
    });
    deadline.onTold(seconds);
    // A timer of a browser or of Node's takes 31 bits.
    expect(timers).toEqual([2_000_003_000]);
    expect(deadline.expiresAt).toBe(2_000_000_000);
  });
});
