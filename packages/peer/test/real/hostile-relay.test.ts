import { describe, expect, it } from 'vitest';

import { readDescription } from '../../src/index.js';
import { loadNodeRtcEngine } from '../../src/node/index.js';
import { HostileRelay } from './hostile-relay.js';
import { clearAway, finallyDo, RealDesktop, RealPhone, startServer } from './real-stage.js';

clearAway();

/** A server, a relay in front of it that may lie, and two peers; the user approves. */
const setUp = async () => {
  const { port } = await startServer();
  const relay = await HostileRelay.to(port);
  const desktop = new RealDesktop(port);
  const sessionID = await desktop.session();
  const phone = new RealPhone(desktop.link(sessionID, relay.port));
  const approve = async (): Promise<void> => {
    phone.peer.ask();
    await desktop.next('prompt');
    desktop.peer.approve(sessionID);
  };
  return { port, relay, desktop, sessionID, phone, approve };
};

/** What a relay would put in: the description of an engine of its own, which it could talk to. */
const ownDescription = async (): Promise<string> => {
  const engine = await loadNodeRtcEngine();
  const connection = engine.offer({
    iceServers: [],
    channels: [{ label: 'proxim', ordered: true }],
    handlers: { onCandidate: () => undefined, onState: () => undefined, onChannel: () => undefined },
  });
  finallyDo(() => {
    connection.close();
  });
  return connection.createOffer();
};

describe('a hostile relay', () => {
  it('[AU7] that swaps the SDP of the offer connects nobody', async () => {
    const { relay, desktop, phone, approve } = await setUp();
    const sdp = await ownDescription();
    relay.editDescriptions('offer', (payload) => ({ ...payload, sdp }));
    await approve();
    await phone.reaches('ended');
    expect(phone.end).toBe('refused');
    expect(desktop.seen('turned_away')).toMatchObject([{ why: 'auth_wrong', device: { name: 'Galaxy S23' } }]);
    expect(desktop.seen('direct')).toEqual([]);
  });

  it('[AU7] [AU19] that swaps the SDP of the answer connects nobody', async () => {
    const { relay, desktop, phone, approve } = await setUp();
    const sdp = (await ownDescription()).replace('actpass', 'active');
    relay.editDescriptions('answer', (payload) => ({ ...payload, sdp }));
    await approve();
    await phone.reaches('ended');
    expect(phone.end).toBe('forged');
    expect(await desktop.next('turned_away')).toMatchObject({ why: 'auth_wrong' });
    expect(desktop.seen('direct').map(({ state }) => state)).not.toContain('connected');
    expect(desktop.channels).toEqual([]);
  });

  it.each(['offer', 'answer'] as const)(
    '[AU11] [AU18] that strips the auth of the %s connects nobody',
    async (type) => {
      const { relay, desktop, phone, approve } = await setUp();
      relay.editDescriptions(type, ({ sdp }) => ({ sdp, type }));
      await approve();
      await phone.reaches('ended');
      expect(phone.end).toBe(type === 'offer' ? 'refused' : 'forged');
      expect(await desktop.next('turned_away')).toMatchObject({ why: 'auth_missing' });
      expect(desktop.channels).toEqual([]);
    },
  );

  it('[AU4] [AU5] that reflects the phone’s own offer as the answer connects nobody', async () => {
    const { relay, phone, approve } = await setUp();
    let offer: Readonly<Record<string, unknown>> = {};
    relay.edit = (frame, direction) => {
      const message = JSON.parse(frame) as { readonly payload?: typeof offer };
      if (direction === 'to_server' && message.payload?.['type'] === 'offer') offer = message.payload;
      if (direction === 'to_phone' && message.payload?.['type'] === 'answer') {
        return [JSON.stringify({ ...message, payload: { ...offer, type: 'answer' } })];
      }
      return [frame];
    };
    await approve();
    await phone.reaches('ended');
    expect(phone.end).toBe('forged');
  });

  it('[AU16] [AU10] that changes the name of the device is refused unasked', async () => {
    const { relay, desktop, phone } = await setUp();
    relay.edit = (frame) => [frame.replace('Galaxy S23', 'Your own phone')];
    phone.peer.ask();
    await phone.reaches('ended');
    expect(phone.end).toBe('unverified');
    expect(desktop.seen('prompt')).toEqual([]);
    expect(desktop.seen('turned_away')).toMatchObject([{ why: 'auth_wrong', device: { name: 'Your own phone' } }]);
  });

  it('[AU16] [LK5] a phone that read another code is refused unasked', async () => {
    const { port, desktop, sessionID } = await setUp();
    const phone = new RealPhone({ ...desktop.link(sessionID, port), secret: new Uint8Array(16) });
    phone.peer.ask();
    await phone.reaches('ended');
    expect(phone.end).toBe('unverified');
    expect(desktop.seen('prompt')).toEqual([]);
    expect(desktop.seen('turned_away')).toMatchObject([{ why: 'auth_wrong' }]);
  });

  it('[SG11] [SG12] that repeats every frame changes nothing', async () => {
    const { relay, desktop, phone, approve } = await setUp();
    relay.edit = (frame) => (frame.includes('"signal"') ? [frame, frame] : [frame]);
    await approve();
    await phone.reaches('connected');
    expect(await phone.echo('on')).toBe('on');
    for (const { frame, direction } of [...relay.seen]) {
      if (frame.includes('"sdp"')) relay.inject(frame, direction);
    }
    expect(await phone.echo('still on')).toBe('still on');
    expect(desktop.seen('turned_away')).toEqual([]);
    expect(desktop.seen('direct').map(({ state }) => state)).toEqual(['connecting', 'connected']);
  });

  it('[SG10] that sends what engines would choke on brings down neither side', async () => {
    const { relay, phone, approve } = await setUp();
    relay.edit = (frame) => {
      const message = JSON.parse(frame) as { readonly type: string };
      if (message.type !== 'signal') return [frame];
      const say = (payload: object): string => JSON.stringify({ ...message, payload });
      return [
        frame,
        say({ candidate: 'candidate:1 1 udp 99999999999 255.255.255.255 0 typ host' }),
        say({ candidate: 'candidate:1 1 UDP 1 fe80::1%eth0 9 typ host' }),
        say({ candidate: `candidate:${'x'.repeat(9000)}` }),
        say({ candidate: { candidate: 'candidate:1 1 UDP 1 224.0.0.1 9 typ host', sdpMLineIndex: 99, sdpMid: 'x' } }),
        say({ candidate: 'a=ice-ufrag:evil\r\na=ice-pwd:evil' }),
        say({ candidate: null }),
      ];
    };
    await approve();
    await phone.reaches('connected');
    expect(await phone.echo('on')).toBe('on');
  });

  it('our own descriptions hold to what we ask of others', async () => {
    const { relay, phone, approve } = await setUp();
    await approve();
    await phone.reaches('connected');
    const descriptions = relay.seen.flatMap(({ frame }) => {
      const { payload } = JSON.parse(frame) as {
        readonly payload?: { readonly sdp?: string; readonly type?: 'offer' };
      };
      return payload?.sdp === undefined ? [] : [readDescription(payload.sdp, payload.type)];
    });
    expect(descriptions.map(({ ok }) => ok)).toEqual([true, true]);
  });
});
