import { describe, expect, it } from 'vitest';

import { BothSides } from '../stage/both-sides.js';
import { fakeSdp } from '../stage/fake-network.js';
import { HandDesktop } from '../stage/hand-desktop.js';
import { settle } from '../stage/settle.js';

const edit = (
  frame: string,
  type: 'offer' | 'answer',
  change: (payload: Record<string, unknown>) => object,
): string => {
  const message = JSON.parse(frame) as { payload?: Record<string, unknown> };
  return message.payload?.['type'] === type ? JSON.stringify({ ...message, payload: change(message.payload) }) : frame;
};

describe('a relay', () => {
  it.each([
    ['strips the auth of an offer', 'offer', ({ sdp, type }: Record<string, unknown>) => ({ sdp, type })],
    ['swaps the SDP of an offer', 'offer', (payload: Record<string, unknown>) => ({ ...payload, sdp: fakeSdp(66) })],
    [
      'reflects an offer’s auth',
      'answer',
      (payload: Record<string, unknown>) => ({ ...payload, auth: 'B'.repeat(43) }),
    ],
    ['strips the auth of an answer', 'answer', ({ sdp, type }: Record<string, unknown>) => ({ sdp, type })],
    [
      'swaps the SDP of an answer',
      'answer',
      (payload: Record<string, unknown>) => ({ ...payload, sdp: fakeSdp(66, 'active') }),
    ],
  ] as const)('[AU7] [AU11] [AU19] that %s connects nobody', async (_, type, change) => {
    const stage = new BothSides();
    stage.relay.lie = (frame) => edit(frame, type, change);
    const { sessionID, phone } = await stage.connected();
    expect(phone.end).toBe(type === 'offer' ? 'refused' : 'forged');
    expect(stage.turnedAway()[0]).toMatch(/^auth_(missing|wrong)$/);
    expect(stage.network.open).toEqual([]);
    expect(stage.emitted('direct').map(({ state }) => state)).not.toContain('connected');
    expect(stage.emitted('channel')).toEqual([]);
    expect(stage.view(sessionID)?.device).toBeDefined();
    stage.desktop.stop();
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('[AU5] [SG12] that repeats an old answer, or sends it for a new offer, ends nothing', async () => {
    const stage = new BothSides();
    const answers: string[] = [];
    stage.relay.lie = (frame, to) => {
      if (to === 'phone' && frame.includes('"answer"')) answers.push(frame);
      return frame;
    };
    const { phone } = await stage.connected();
    const [first] = answers;
    stage.relay.say('phone', JSON.parse(String(first)) as object);
    await settle();
    expect(phone.status).toBe('connected');
    stage.relay.lie = (frame, to) => (to === 'phone' && frame.includes('"answer"') ? first : frame);
    stage.network.fail();
    await settle();
    expect(phone.status).toBe('reconnecting');
    stage.relay.lie = (frame) => frame;
    await stage.pass(21_000);
    expect(phone.status).toBe('connected');
  });

  it('[AU18] that forges refusals ends nothing that works', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    const payload = { candidate: '', refused: 'auth_wrong' };
    stage.relay.say('phone', { type: 'signal', sessionID, payload });
    stage.relay.say('desktop', { type: 'signal', sessionID, payload });
    await settle();
    expect(phone.status).toBe('connected');
    expect(stage.view(sessionID)?.directState).toBe('connected');
  });

  it('[AU11] that forges an answer while the direct connection works gains nothing, and ends nothing', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    let open: () => void = () => undefined;
    stage.relay.lie = (frame) => edit(frame, 'answer', (payload) => ({ ...payload, sdp: fakeSdp(66, 'active') }));
    stage.network.gate = new Promise((resolve) => {
      open = resolve;
    });
    stage.network.cut();
    await stage.pass(6000);
    stage.network.mend();
    await stage.pass(2000);
    expect(phone.status).toBe('connected');
    open();
    await stage.pass(1000);
    expect(phone.status).toBe('connected');
    expect(stage.turnedAway()).toEqual(['auth_wrong']);
    expect(stage.view(sessionID)?.directState).toBe('connected');
  });

  it('[CB15] that repeats a captured request is approved, and still connects nobody', async () => {
    const stage = new BothSides();
    let captured = '';
    stage.relay.lie = (frame, to) => {
      if (to === 'desktop' && frame.includes('pair_prompt')) captured = frame;
      return frame;
    };
    const { sessionID, phone } = await stage.connected();
    const [open] = stage.network.open;
    stage.relay.kill();
    stage.relay.restart();
    await stage.pass(10_000);
    stage.relay.say('desktop', JSON.parse(captured) as object);
    stage.relay.say('desktop', { type: 'signal', sessionID, payload: { sdp: fakeSdp(66), type: 'offer' } });
    await settle();
    expect(stage.turnedAway()).toEqual(['auth_missing']);
    expect(stage.network.open).toEqual([open]);
    expect(phone.status).toBe('connected');
    expect(stage.prompts()).toHaveLength(1);
  });

  it.each([
    'rate_limited',
    'capacity',
    'session_busy',
    'session_not_found',
    'peer_unavailable',
    'shutting_down',
    'not_allowed',
  ])('[CB12] that says %s to a phone which is connected directly does not end that', async (code) => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.lie = (frame, to) => {
      if (to !== 'phone' || !frame.includes('pair_result')) return frame;
      return JSON.stringify({ type: 'error', code, message: '-', replyTo: 'pair_request' });
    };
    stage.relay.dropSockets('phone');
    await stage.pass(200_000, 1000);
    expect(phone.status).toBe('connected');
    stage.network.fail();
    await stage.pass(65_000);
    expect(phone.status).toBe('ended');
  });

  it('[CB13] that says desktop_lost to a desktop which is there is told of the session again', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.relay.say('desktop', { type: 'session_closed', sessionID, reason: 'desktop_lost' });
    await settle();
    expect(stage.emitted('session').map(({ resumed }) => resumed)).toEqual([false, true]);
    expect(stage.emitted('session_closed')).toEqual([]);
    expect(phone.status).toBe('connected');
  });

  it('[CB14] that is silent after the way back was found keeps the phone for a time, and not for ever', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.lie = (frame, to) => (to === 'phone' && !frame.includes('pong') ? undefined : frame);
    stage.relay.dropSockets('phone');
    stage.network.fail();
    await stage.pass(120_000, 1000);
    expect(phone.end).toBe('unreachable');
  });

  it('[CB9] [CB14] that says for ever that the computer is away keeps the phone no longer than its direct connection', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.relay.lie = (frame, to) => (to === 'phone' && frame.includes('peer_state') ? undefined : frame);
    stage.relay.say('phone', { type: 'peer_state', sessionID, state: 'lost' });
    await stage.pass(200_000, 1000);
    expect(phone.status).toBe('connected');
    stage.network.fail();
    await stage.pass(59_000, 1000);
    expect(phone.status).toBe('reconnecting');
    await stage.pass(2000, 1000);
    expect(phone.end).toBe('desktop_away');
  });

  it('[CB11] that says 4000 to a desktop ends its sessions: it does not come back as the same peer', async () => {
    const desktop = new HandDesktop();
    desktop.socket.end(4000);
    expect(desktop.view).toBeUndefined();
    expect(desktop.events).toContainEqual(['session_closed', { sessionID: desktop.sessionID, reason: 'desktop_lost' }]);
    await desktop.pass(1000);
    desktop.socket.open();
    expect(desktop.socket.take()).toEqual([]);
  });

  it('[CB17] [SC2] that says session_exists ends the session: a new one needs a new code', () => {
    const desktop = new HandDesktop();
    desktop.say('error', { code: 'session_exists', message: '-', replyTo: 'session_create' });
    expect(desktop.events.at(-1)).toEqual(['session_closed', { sessionID: desktop.sessionID, reason: 'desktop_lost' }]);
    const next = desktop.peer.createSession({ sessionType: 'persistent' });
    expect(desktop.socket.takeOne('session_create')).toMatchObject({ sessionID: next });
    expect(next).not.toBe(desktop.sessionID);
  });

  it('[ER5] [ER9] that refuses a session says why; that it goes down needs no word', () => {
    const desktop = new HandDesktop();
    desktop.say('error', { code: 'shutting_down', message: '-', replyTo: 'session_create' });
    desktop.say('error', { code: 'peer_unavailable', message: '-', replyTo: 'signal' });
    desktop.say('error', { code: 'unauthorized', message: 'no', replyTo: 'session_create' });
    const errors = desktop.events.filter(([name]) => name === 'error');
    expect(errors).toEqual([['error', { code: 'unauthorized', message: 'no', sessionID: desktop.sessionID }]]);
  });

  it('[TR7] [MS1] is not understood, and not believed, in what it makes up', async () => {
    const desktop = new HandDesktop();
    for (const frame of ['', '{', '[]', 'null', '{"type":"signal"}', '{"type":"weather","sessionID":"abcdefgh"}']) {
      desktop.socket.say(frame);
    }
    desktop.socket.say({ type: 'pair_prompt', sessionID: 'another-session', deviceInfo: { name: 'n', id: 'i' } });
    desktop.say('pair_prompt', { deviceInfo: { name: 'a\u202Eb', id: 'i' } });
    for (const payload of [{ sdp: 7 }, { candidate: 7 }, { sdp: { sdp: 1 } }, { candidate: [] }]) {
      desktop.signal(payload);
    }
    await settle();
    expect(desktop.prompts).toEqual([]);
    expect(desktop.socket.take()).toEqual([]);
  });
});
