import { describe, expect, it } from 'vitest';

import { BothSides } from '../stage/both-sides.js';
import { settle } from '../stage/settle.js';

const statuses = (phone: { readonly states: readonly { readonly status: string }[] }): string[] =>
  phone.states.map(({ status }) => status);

describe('coming back', () => {
  it('[PA5] [CB16] two peers pair, connect, and leave neither timer nor connection behind', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    expect(statuses(phone)).toEqual(['reaching', 'waiting', 'connecting', 'connected']);
    expect(stage.view(sessionID)).toMatchObject({ directState: 'connected', isVerified: true });
    expect(stage.prompts()).toHaveLength(1);
    await stage.pass(60_000);
    expect(phone.status).toBe('connected');

    phone.peer.leave();
    stage.desktop.stop();
    await settle();
    expect(stage.clock.pendingTimers).toBe(0);
    expect(stage.network.alive).toHaveLength(0);
  });

  it('[CB12] [CB13] [CB14] [CB15] after a crash of the server both return unasked, and the direct connection never stops', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    const before = stage.network.open.map(({ id }) => id);
    stage.relay.kill();
    await stage.pass(5000);
    expect(phone.status).toBe('connected');
    stage.relay.restart();
    await stage.pass(30_000);
    expect(stage.relay.sessions).toBe(1);
    expect(stage.prompts()).toHaveLength(1);
    expect(stage.network.open.map(({ id }) => id)).toEqual(before);
    expect(stage.emitted('direct').map(({ state }) => state)).toEqual(['connecting', 'connected']);
    expect(stage.view(sessionID)).toMatchObject({ isVerified: true, prompt: undefined });
    expect(statuses(phone)).not.toContain('reconnecting');
  });

  it('[CB12] [CB13] [SC7] after a shutdown both return unasked too', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.shutDown();
    await stage.pass(3000);
    stage.relay.restart();
    await stage.pass(30_000);
    expect(stage.relay.sessions).toBe(1);
    expect(phone.status).toBe('connected');
    expect(stage.prompts()).toHaveLength(1);
    expect(stage.emitted('error')).toEqual([]);
  });

  it('[CB13] [EX2] a session that is made again has the time that is left of the first', async () => {
    const stage = new BothSides();
    const { phone, sessionID } = await stage.connected({ sessionType: 'temporary', ttlSeconds: 100 });
    await stage.pass(40_000);
    stage.relay.kill();
    stage.relay.restart();
    await stage.pass(10_000);
    expect(phone.status).toBe('connected');
    expect(stage.view(sessionID)?.expiresAt).toBe(100_000);
    const state = phone.peer.state;
    expect(state.status === 'connected' && state.expiresAt).toBeCloseTo(100_000, -4);
    await stage.pass(60_000);
    expect(phone.end).toBe('expired');
    expect(stage.relay.sessions).toBe(0);
    expect(stage.network.open).toHaveLength(0);
  });

  it.each(['phone', 'desktop'] as const)(
    '[CB4] [CB8] a lost socket of the %s is resumed without a prompt',
    async (who) => {
      const stage = new BothSides();
      const { phone } = await stage.connected();
      stage.relay.dropSockets(who);
      await stage.pass(10_000);
      expect(stage.prompts()).toHaveLength(1);
      expect(phone.status).toBe('connected');
      expect(stage.network.open).toHaveLength(1);
    },
  );

  it('[CB8] [SG10] [CB15] a reloaded page with the memory of the old one resumes, unasked, over a new direct connection', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    const [old] = stage.network.open;
    const reloaded = stage.phone(sessionID, phone.memory());
    reloaded.peer.ask();
    await settle();
    expect(statuses(reloaded)).toEqual(['reconnecting', 'connected']);
    expect(phone.end).toBe('replaced');
    expect(stage.prompts()).toHaveLength(1);
    expect(stage.network.open).toHaveLength(1);
    expect(stage.network.open).not.toContain(old);
    expect(stage.view(sessionID)?.directState).toBe('connected');
  });

  it('[CB11] a page that was replaced does not return unasked', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.phone(sessionID, phone.memory()).peer.ask();
    await stage.pass(120_000);
    expect(phone.end).toBe('replaced');
    expect(stage.phones.map(({ status }) => status)).toEqual(['ended', 'connected']);
  });

  it('[PA10] [PA11] a phone that is approved while its socket is down learns of it when it returns', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session();
    const phone = stage.phone(sessionID);
    phone.peer.ask();
    await settle();
    stage.relay.dropSockets('phone');
    stage.desktop.approve(sessionID);
    await settle();
    expect(phone.status).toBe('waiting');
    await stage.pass(2000);
    expect(phone.status).toBe('connected');
    expect(stage.prompts()).toHaveLength(1);
  });

  it('[PR7] a desktop that returns to an open question shows it once', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session();
    const phone = stage.phone(sessionID);
    phone.peer.ask();
    await settle();
    stage.relay.dropSockets('desktop');
    await stage.pass(2000);
    expect(stage.prompts()).toHaveLength(1);
    expect(stage.emitted('prompt_gone')).toEqual([]);
    stage.desktop.approve(sessionID);
    await settle();
    expect(phone.status).toBe('connected');
  });

  it.each([true, false])(
    '[PR7] what the user answered (%s) while the socket was down is not asked again',
    async (approved) => {
      const stage = new BothSides();
      const sessionID = await stage.session();
      const phone = stage.phone(sessionID);
      phone.peer.ask();
      await settle();
      stage.relay.dropSockets('desktop');
      if (approved) stage.desktop.approve(sessionID);
      else stage.desktop.reject(sessionID);
      await stage.pass(2000);
      expect(stage.prompts()).toHaveLength(1);
      if (approved) expect(phone.status).toBe('connected');
      else expect(phone.end).toBe('rejected_by_user');
    },
  );

  it('[PA8] [PR3] an approval that comes too late lets nobody in', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session({ sessionType: 'one_time' });
    const phone = stage.phone(sessionID);
    phone.peer.ask();
    await settle();
    const expiresAt = stage.view(sessionID)?.expiresAt;
    stage.relay.lie = (frame, to) => (to === 'desktop' && frame.includes('pair_cancel') ? undefined : frame);
    stage.relay.clock.advance(40_000);
    await settle();
    expect(phone.end).toBe('timeout');
    stage.desktop.approve(sessionID);
    expect(stage.view(sessionID)?.device).toBeDefined();
    await settle();
    expect(stage.view(sessionID)).toMatchObject({ device: undefined, isVerified: false, expiresAt });
    expect(stage.emitted('phone').at(-1)).toEqual({ sessionID, presence: 'left' });
    await stage.pass(70_000);
    expect(stage.emitted('session_closed')).toEqual([]);
  });

  it('[CB16] a server that forgot the session takes the open question with it', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session();
    const phone = stage.phone(sessionID);
    phone.peer.ask();
    await settle();
    stage.relay.kill();
    stage.relay.restart();
    await stage.pass(1000);
    expect(stage.emitted('prompt_gone').map(({ reason }) => reason)).toEqual(['mobile_left']);
    // The phone had asked, and asks again: a new question.
    await stage.pass(5000);
    expect(stage.prompts()).toHaveLength(2);
    stage.desktop.approve(sessionID);
    await settle();
    expect(phone.status).toBe('connected');
  });

  it('[CB15] [AU9] a phone that was approved and never connected is asked about again', async () => {
    const stage = new BothSides();
    stage.network.isReachable = false;
    const { sessionID, phone } = await stage.connected();
    expect(phone.memory()).toMatchObject({ wasApproved: true, deviceSecret: undefined });
    stage.relay.kill();
    stage.relay.restart();
    await stage.pass(10_000);
    expect(stage.prompts()).toHaveLength(2);
    stage.network.isReachable = true;
    stage.desktop.approve(sessionID);
    await settle();
    expect(phone.status).toBe('connected');
  });

  it('[AU8] [AU9] [CB15] after a restart a second reader of the code is refused unasked, and the phone keeps its place', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    const [ours] = stage.network.open;
    stage.relay.kill();
    stage.relay.restart();
    // The desktop returns first, and a second reader of the code asks before the phone does.
    stage.relay.ignores = (frame) => frame.includes('pair_request') && frame.includes('Galaxy');
    const intruder = stage.phone(sessionID, undefined, 'Intruder');
    await stage.pass(500, 100);
    intruder.peer.ask();
    await settle();
    stage.relay.ignores = () => false;
    stage.relay.dropSockets('phone');
    await stage.pass(10_000);
    // The phone's secret is the one that counts: the code alone is not enough.
    expect(intruder.end).toBe('unverified');
    expect(stage.emitted('turned_away').map(({ why }) => why)).toEqual(['auth_wrong']);
    expect(phone.status).toBe('connected');
    expect(stage.network.open).toEqual([ours]);
    expect(stage.prompts()).toHaveLength(1);
  });

  it('[SC2] [CB17] [CB15] an approved phone that finds its place taken waits for it, and stays connected', async () => {
    const stage = new BothSides({ unverified: 'ask' });
    const { phone } = await stage.connected();
    let isTaken = true;
    stage.relay.kill();
    stage.relay.restart();
    stage.relay.lie = (frame, to) => {
      if (!isTaken || to !== 'phone' || !frame.includes('pair_result')) return frame;
      return JSON.stringify({ type: 'error', code: 'session_busy', message: '-', replyTo: 'pair_request' });
    };
    await stage.pass(40_000);
    expect(phone.status).toBe('connected');
    isTaken = false;
    await stage.pass(20_000);
    expect(phone.status).toBe('connected');
    expect(stage.network.open).toHaveLength(1);
  });

  it('[CB12] [CB14] a server may be away for as long as the direct connection works; then there are 60 s', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.kill();
    await stage.pass(600_000, 2000);
    expect(phone.status).toBe('connected');
    stage.network.fail();
    await stage.pass(30_000);
    expect(phone.status).toBe('reconnecting');
    stage.relay.restart();
    await stage.pass(20_000);
    expect(phone.status).toBe('connected');
    expect(stage.prompts()).toHaveLength(1);
  });

  it('[CB14] [LI2] a phone asks as often as its address may, and at leisure once its 60 s are over', async () => {
    const stage = new BothSides();
    await stage.connected();
    let asked = 0;
    stage.relay.ignores = (frame) => frame.includes('session_create');
    stage.relay.lie = (frame, to) => {
      if (to === 'phone' && frame.includes('session_not_found')) asked += 1;
      return frame;
    };
    stage.relay.kill();
    stage.relay.restart();
    await stage.pass(60_000);
    expect(asked).toBeGreaterThan(15);
    expect(asked).toBeLessThanOrEqual(20);
    asked = 0;
    await stage.pass(60_000);
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(5);
  });

  it('[CB14] a phone that finds nothing for 60 s says so, and waits for nothing any more', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.kill();
    stage.network.fail();
    await stage.pass(59_000);
    expect(phone.status).toBe('reconnecting');
    await stage.pass(2000);
    expect(phone.end).toBe('unreachable');
    stage.desktop.stop();
    await settle();
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('[CB14] a phone whose session stays unknown says so after 60 s', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.kill();
    stage.network.fail();
    stage.desktop.stop();
    stage.relay.restart();
    await stage.pass(62_000);
    expect(phone.end).toBe('session_not_found');
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('[CB14] a reloaded page looks for its session for 60 s as well', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.relay.kill();
    phone.peer.leave();
    const reloaded = stage.phone(sessionID, phone.memory());
    reloaded.peer.ask();
    await stage.pass(59_000);
    expect(reloaded.status).toBe('reconnecting');
    await stage.pass(2000);
    expect(reloaded.end).toBe('unreachable');
  });

  it('[CB14] a code whose session is over is told at once where the phone had nothing to come back to', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session();
    const phone = stage.phone(sessionID);
    stage.desktop.closeSession(sessionID);
    await settle();
    phone.peer.ask();
    await settle();
    expect(phone.end).toBe('session_not_found');
  });

  it('[EX9] a desktop that stops while its socket is down says goodbye over the direct connection', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.dropSockets('desktop');
    stage.desktop.stop();
    await settle();
    expect(phone.end).toBe('closed_by_desktop');
  });

  it('[CB3] [CB6] [CB14] a phone waits for the desktop, then for its session, and then no more', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    const isFrom = (frame: string, type: string): boolean => frame.includes(`"type":"${type}"`);
    stage.relay.ignores = (frame) => isFrom(frame, 'session_create') || isFrom(frame, 'ping');
    stage.relay.dropSockets('desktop');
    stage.network.fail();
    stage.relay.ignores = (frame) => isFrom(frame, 'session_create');
    await stage.pass(59_000);
    expect(phone.status).toBe('reconnecting');
    expect(stage.relay.sessions).toBe(1);
    await stage.pass(2000);
    expect(stage.relay.sessions).toBe(0);
    expect(phone.status).toBe('reconnecting');
    await stage.pass(60_000);
    expect(phone.end).toBe('session_not_found');
  });

  it('[SG4] an offer that nobody was there for is made again when the desktop returns, and not 20 s later', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session();
    const phone = stage.phone(sessionID);
    phone.peer.ask();
    await settle();
    stage.relay.lie = (frame, to) => {
      if (to === 'phone' && frame.includes('pair_result')) stage.relay.dropSockets('desktop');
      return frame;
    };
    stage.desktop.approve(sessionID);
    await settle();
    expect(phone.status).toBe('connecting');
    stage.relay.lie = (frame) => frame;
    await stage.pass(2000);
    expect(phone.status).toBe('connected');
  });
});

describe('the direct connection', () => {
  it('[SG10] falls silent, and is replaced: at no time do two of them count', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.network.cut();
    await stage.pass(7000);
    expect(statuses(phone).slice(-2)).toEqual(['reconnecting', 'connected']);
    expect(stage.network.open).toHaveLength(1);
    await stage.pass(1000);
    expect(stage.view(sessionID)?.directState).toBe('connected');
    expect(stage.prompts()).toHaveLength(1);
  });

  it('[SG10] make before break: the old one carries until the new one is open', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    const [old] = stage.network.open;
    let open: () => void = () => undefined;
    stage.network.gate = new Promise((resolve) => {
      open = resolve;
    });
    stage.network.cut();
    await stage.pass(6000);
    stage.network.mend();
    await stage.pass(2000);
    // Heard again: it counts, though another one is on its way.
    expect(phone.status).toBe('connected');
    expect(stage.network.open).toEqual([old]);
    expect(phone.channels[0]?.send('still here')).toBe(true);
    open();
    await stage.pass(1000);
    expect(stage.network.open).toHaveLength(1);
    expect(stage.network.open).not.toContain(old);
    expect(phone.status).toBe('connected');
    expect(stage.view(sessionID)?.directState).toBe('connected');
    expect(stage.emitted('direct').filter(({ state }) => state === 'closed')).toEqual([]);
  });

  it('[SG10] one that recovers is not torn down because its successor came to nothing', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.network.isReachable = false;
    stage.network.cut();
    await stage.pass(6000);
    expect(phone.status).toBe('reconnecting');
    stage.network.mend();
    await stage.pass(70_000);
    expect(phone.status).toBe('connected');
    expect(stage.network.open).toHaveLength(1);
  });

  it('ends the search after two offers that came to nothing, and after three where one had opened before', async () => {
    const stage = new BothSides();
    stage.network.isReachable = false;
    const { phone } = await stage.connected();
    await stage.pass(39_000);
    expect(phone.status).toBe('connecting');
    await stage.pass(2000);
    expect(phone.end).toBe('no_direct_path');
    await stage.pass(60_000);
    expect(stage.network.alive).toHaveLength(0);

    const later = new BothSides();
    const { phone: known } = await later.connected();
    later.network.isReachable = false;
    later.network.fail();
    await later.pass(59_000);
    expect(known.status).toBe('reconnecting');
    await later.pass(2000);
    expect(known.end).toBe('no_direct_path');
  });

  it('that cannot be made at all is no crash, on either side', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session();
    Object.assign(stage.environment, { loadRtcEngine: () => Promise.reject(new Error('no engine here')) });
    const phone = stage.phone(sessionID);
    phone.peer.ask();
    await settle();
    stage.desktop.approve(sessionID);
    await settle();
    expect(phone.end).toBe('no_direct_path');
    expect(stage.view(sessionID)?.directState).toBe('closed');
  });

  it('that the engines refuse is refused with a sentence', async () => {
    const stage = new BothSides();
    stage.network.refuses = true;
    const { sessionID, phone } = await stage.connected();
    expect(phone.end).toBe('refused');
    expect(stage.emitted('turned_away')[0]).toMatchObject({ sessionID, why: 'bad_description' });
    expect(stage.view(sessionID)?.directState).toBe('closed');
  });

  it('[EX9] hears on the direct connection that the computer ended the session, should the relay be silent', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.relay.lie = (frame, to) => (to === 'phone' ? undefined : frame);
    stage.desktop.closeSession(sessionID);
    await settle();
    expect(phone.end).toBe('closed_by_desktop');
    expect(stage.network.alive).toHaveLength(0);
  });

  it('delivers nothing of the phone any more once the session is over', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    const heard: unknown[] = [];
    for (const { channel } of stage.emitted('channel')) channel.onMessage((data) => heard.push(data));
    const [control] = phone.channels;
    control?.send('click');
    await settle();
    control?.send('click');
    stage.desktop.closeSession(sessionID);
    await settle();
    control?.send('click');
    await settle();
    expect(heard).toEqual(['click']);
  });
});
