import { authOfOffer, deriveAuthKey } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import type { KeptSession } from '../../src/index.js';
import { ReturnWindow } from '../../src/common/return-window.js';
import { BothSides } from '../stage/both-sides.js';
import { fakeSdp } from '../stage/fake-network.js';
import { HandDesktop } from '../stage/hand-desktop.js';
import { HandPhone } from '../stage/hand-phone.js';
import { pass, settle } from '../stage/settle.js';

const statuses = (phone: { readonly states: readonly { readonly status: string }[] }): string[] =>
  phone.states.map(({ status }) => status);

const lastKept = (stage: BothSides): KeptSession => {
  const kept = stage.emitted('keep').at(-1);
  if (!kept) throw new Error('nothing was to be kept');
  return kept;
};

describe('a session that outlives the program', () => {
  it('[RM1] is kept from the moment the device secret is made, before the phone has it, and again when it is acknowledged', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'persistent' });
    const kept = stage.emitted('keep');
    expect(kept.map(({ deviceSecret }) => deviceSecret.isKept)).toEqual([false, true]);
    expect(kept[0]?.deviceSecret.secret).toEqual(phone.memory().deviceSecret);
    expect(kept[1]).toMatchObject({ sessionID, device: { name: 'Galaxy S23', id: 'id of Galaxy S23' } });
    const events = stage.events.map(([name]) => name);
    expect(events.indexOf('keep')).toBeGreaterThan(events.indexOf('prompt_gone'));
  });

  it.each(['temporary', 'one_time'] as const)('[RM1] is never a %s one', async (sessionType) => {
    const stage = new BothSides();
    await stage.connected({ sessionType, ttlSeconds: 100 });
    expect(stage.emitted('keep')).toEqual([]);
  });

  it('[RM2] [CB15] lets its phone in again in the next run, unasked, under the same name', async () => {
    const first = new BothSides();
    const { sessionID, phone } = await first.connected({ sessionType: 'persistent' });
    const kept = lastKept(first);

    const next = new BothSides();
    next.desktop.start();
    next.desktop.restoreSession(kept);
    await settle();
    expect(next.view(sessionID)).toMatchObject({ sessionType: 'persistent', device: kept.device, isVerified: true });
    expect(next.emitted('session')).toHaveLength(1);
    const back = next.phone(sessionID, phone.memory());
    back.peer.ask();
    await settle();
    expect(statuses(back)).toEqual(['reconnecting', 'connected']);
    expect(next.prompts()).toEqual([]);
    expect(() => {
      next.desktop.restoreSession(kept);
    }).toThrow('there already');
  });

  it('[RM2] [AU9] refuses, unasked, whoever has the code alone, when the phone is known to keep the device secret', async () => {
    const first = new BothSides();
    const { sessionID } = await first.connected({ sessionType: 'persistent' });
    const next = new BothSides();
    next.desktop.start();
    next.desktop.restoreSession(lastKept(first));
    await settle();
    const stranger = next.phone(sessionID);
    stranger.peer.ask();
    await settle();
    expect(stranger.end).toBe('unverified');
    expect(next.prompts()).toEqual([]);
    expect(next.turnedAway()).toEqual(['auth_wrong']);
  });

  it('[RM1] asks about a phone whose acknowledgement never came, and that has the code alone', async () => {
    const first = new BothSides();
    const { sessionID } = await first.connected({ sessionType: 'persistent' });
    const kept = lastKept(first);
    const next = new BothSides();
    next.desktop.start();
    next.desktop.restoreSession({ ...kept, deviceSecret: { ...kept.deviceSecret, isKept: false } });
    await settle();
    next.phone(sessionID).peer.ask();
    await settle();
    expect(next.prompts()).toHaveLength(1);
  });

  it('[RM1] keeps the name that its phone has by now', async () => {
    const first = new BothSides();
    const { sessionID, phone } = await first.connected({ sessionType: 'persistent' });
    const next = new BothSides();
    next.desktop.start();
    next.desktop.restoreSession(lastKept(first));
    await settle();
    next.phone(sessionID, phone.memory(), 'Kitchen phone').peer.ask();
    await settle();
    expect(next.view(sessionID)?.device?.name).toBe('Kitchen phone');
    expect(lastKept(next).device.name).toBe('Kitchen phone');
    expect(next.prompts()).toEqual([]);
  });

  it('[RM6] tells the phones of an app that ends whether it remembers them', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'persistent' });
    const other = stage.desktop.createSession({ sessionType: 'temporary' });
    await settle();
    const guest = stage.phone(other, undefined, 'Guest');
    guest.peer.ask();
    await settle();
    stage.desktop.approve(other);
    await settle();

    stage.desktop.stop({ keep: (id) => id === sessionID });
    await settle();
    expect(guest.end).toBe('closed_by_desktop');
    expect(phone.peer.state).toEqual({ status: 'reconnecting', why: 'closed' });
    expect(stage.emitted('session_closed')).toEqual([
      { sessionID, reason: 'server_shutdown' },
      { sessionID: other, reason: 'closed_by_desktop' },
    ]);
    // The server was not told that the session is over, but waits for a desktop that is lost.
    expect(stage.relay.sessions).toBe(1);
    await stage.pass(130_000, 1000);
    expect(phone.end).toBe('server_shutdown');
    expect(stage.relay.sessions).toBe(0);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('[RM7] says over the direct connection what kind it is', async () => {
    for (const sessionType of ['temporary', 'one_time', 'persistent'] as const) {
      const stage = new BothSides();
      const sessionID = await stage.session({ sessionType });
      const phone = stage.phone(sessionID);
      const told: string[] = [];
      phone.peer.on('session', (session) => told.push(session.sessionType));
      phone.peer.ask();
      await settle();
      stage.desktop.approve(sessionID);
      await settle();
      expect(told).toEqual([sessionType]);
    }
  });

  it('[PA2] does not say that the user is asked where the phone holds the device secret', async () => {
    const first = new BothSides();
    const { sessionID, phone } = await first.connected({ sessionType: 'persistent' });
    const next = new BothSides();
    next.desktop.start();
    next.desktop.restoreSession(lastKept(first));
    await settle();
    const back = next.phone(sessionID, { ...phone.memory(), wasApproved: false });
    back.peer.ask();
    await settle();
    expect(statuses(back)).toEqual(['reaching', 'connecting', 'connected']);

    // Unless it takes long enough to believe it after all.
    const silent = new BothSides();
    const other = await silent.session();
    const waiting = silent.phone(other, { ...phone.memory(), wasApproved: false });
    silent.relay.ignores = (frame) => frame.includes('pair_request');
    waiting.peer.ask();
    await silent.pass(1000);
    expect(waiting.status).toBe('reaching');
    await silent.pass(1000);
    expect(waiting.status).toBe('waiting');
  });
});

describe('what nobody may make of a session that is kept', () => {
  it('[RM2] [AU9] an offer made with the code alone is not answered in a later run, before anybody was approved in it', async () => {
    const first = new BothSides();
    // The stage of the next run has a session of its own, under the first name that there is.
    first.desktop.createSession({ sessionType: 'temporary' });
    await first.connected({ sessionType: 'persistent' });
    const kept = lastKept(first);
    const next = new HandDesktop();
    next.peer.restoreSession({ ...kept, deviceSecret: { ...kept.deviceSecret, isKept: false } });
    next.socket.take();
    const key = deriveAuthKey(kept.sessionID, { linkSecret: kept.linkSecret });
    const sdp = fakeSdp(77);
    next.socket.say({
      type: 'signal',
      sessionID: kept.sessionID,
      payload: { sdp, type: 'offer', auth: authOfOffer(key, sdp) },
    });
    await settle();
    expect(next.socket.take()).toMatchObject([{ type: 'signal', payload: { refused: 'auth_wrong' } }]);
    expect(next.prompts).toEqual([]);
  });

  it('[AU8] a phone that another one was approved after is nobody: the device secret is another one by then', async () => {
    const first = new BothSides();
    const { sessionID, phone } = await first.connected({ sessionType: 'persistent' });
    const [unacknowledged] = first.emitted('keep');
    const next = new BothSides();
    next.desktop.start();
    if (unacknowledged) next.desktop.restoreSession(unacknowledged);
    await settle();
    const other = next.phone(sessionID, undefined, 'Other');
    other.peer.ask();
    await settle();
    next.desktop.approve(sessionID);
    await settle();
    expect(next.emitted('unkeep')).toEqual([{ sessionID }]);
    expect(other.status).toBe('connected');
    expect(other.memory().deviceSecret).not.toEqual(phone.memory().deviceSecret);
    other.die();
    next.relay.kill();
    next.relay.restart();
    await next.pass(2000);
    const old = next.phone(sessionID, phone.memory());
    old.peer.ask();
    await next.pass(5000);
    expect(old.end).toBe('unverified');
    expect(next.view(sessionID)?.device?.name).toBe('Other');
  });

  it.each(['closed_by_desktop', 'maintenance'])(
    '[RM3] a relay that says %s to the desktop does not speak to the phone through it',
    async (reason) => {
      const stage = new BothSides();
      const { sessionID, phone } = await stage.connected({ sessionType: 'persistent' });
      stage.relay.say('desktop', { type: 'session_closed', sessionID, reason });
      await settle();
      expect(phone.end).toBe('desktop_lost');
      expect(stage.desktop.sessions).toEqual([]);
    },
  );

  it('[PA2] a server that takes the request and never answers is waited for, and not for ever', async () => {
    const phone = new HandPhone().ask();
    for (let seconds = 0; seconds < 599; seconds += 1) {
      await pass(phone.clock, 1000);
      for (const { type } of phone.socket.take()) if (type === 'ping') phone.socket.say({ type: 'pong' });
    }
    expect(phone.status).toBe('waiting');
    await pass(phone.clock, 1000);
    expect(phone.status).toBe('ended: timeout');
  });
});

describe('a session that a fleet does not take just now', () => {
  it.each(['peer_unavailable', 'capacity'])('[CB17] is offered again after %s, once at a time', async (code) => {
    const desktop = new HandDesktop();
    desktop.socket.take();
    // It is asked for with each new socket, and refused by each node.
    for (let round = 0; round < 3; round += 1) {
      desktop.say('error', { code, message: 'Not now.', replyTo: 'session_create' });
    }
    expect(desktop.socket.take()).toEqual([]);
    await pass(desktop.clock, 2000);
    expect(desktop.socket.takeOne('session_create')).toMatchObject({ sessionID: desktop.sessionID });
    await pass(desktop.clock, 10_000);
    expect(desktop.socket.take().filter(({ type }) => type === 'session_create')).toEqual([]);
    expect(desktop.view).toBeDefined();
  });
});

describe('a network that is another one', () => {
  it.each(['desktop', 'phone'] as const)(
    '[CB18] of the %s: a new direct connection is made, and only then the old one goes',
    async (who) => {
      const stage = new BothSides();
      const { phone } = await stage.connected();
      const [old] = stage.network.open;
      let openGate = (): void => undefined;
      stage.network.gate = new Promise((resolve) => {
        openGate = resolve;
      });
      if (who === 'desktop') stage.desktop.networkChanged();
      else phone.peer.networkChanged();
      await settle();
      // Whatever is being made, what there was carries on.
      expect(stage.network.open).toEqual([old]);
      expect(phone.status).toBe('connected');
      openGate();
      await settle();
      expect(stage.network.open).toHaveLength(1);
      expect(stage.network.open).not.toContain(old);
      expect(statuses(phone)).not.toContain('reconnecting');
      expect(stage.emitted('direct').map(({ state }) => state)).toEqual(['connecting', 'connected']);
      expect(stage.network.alive).toHaveLength(2);
    },
  );

  it('[CB18] a phone that cannot signal just then makes it when it can again', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    const [old] = stage.network.open;
    stage.relay.dropSockets('phone');
    stage.relay.kill();
    phone.peer.networkChanged();
    await stage.pass(3000);
    expect(stage.network.open).toEqual([old]);
    stage.relay.restart();
    await stage.pass(20_000);
    expect(stage.network.open).toHaveLength(1);
    expect(stage.network.open).not.toContain(old);
    expect(statuses(phone)).not.toContain('reconnecting');
  });

  it('[CB18] an offer of it that was lost with the server is made again', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    const [old] = stage.network.open;
    let lost = 0;
    stage.relay.ignores = (frame) => {
      const isOffer = frame.includes('"offer"');
      if (isOffer) lost += 1;
      return isOffer;
    };
    phone.peer.networkChanged();
    await settle();
    expect(lost).toBe(1);
    stage.relay.kill();
    stage.relay.ignores = () => false;
    stage.relay.restart();
    // Long before the offer would be given up.
    await stage.pass(5000);
    expect(stage.network.open).toHaveLength(1);
    expect(stage.network.open).not.toContain(old);
    expect(statuses(phone)).not.toContain('reconnecting');
  });

  it('[CB18] a new connection that does not open costs nothing', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    const [old] = stage.network.open;
    stage.network.isReachable = false;
    phone.peer.networkChanged();
    await stage.pass(60_000, 1000);
    expect(stage.network.open).toEqual([old]);
    expect(phone.status).toBe('connected');
  });

  it('[CB22] a desktop that vanished with its server is missed after two signs of life, not after five', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    await stage.pass(3000);
    stage.network.cut();
    stage.relay.kill();
    await stage.pass(2000, 100);
    expect(phone.status).toBe('connected');
    await stage.pass(300, 100);
    expect(phone.status).toBe('reconnecting');
  });

  it('[CB22] a server that vanishes alone takes nothing with it', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.relay.kill();
    await stage.pass(30_000, 500);
    expect(statuses(phone)).not.toContain('reconnecting');
  });
});

describe('a computer that sleeps', () => {
  it('[CB21] says so: the phone tells its user, and what it ends with when nobody wakes it', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.desktop.goToSleep();
    await settle();
    expect(phone.peer.state).toEqual({ status: 'reconnecting', why: 'asleep' });
    stage.network.cut();
    stage.relay.kill();
    await stage.pass(90_000, 1000);
    expect(phone.end).toBe('desktop_away');
  });

  it('[CB21] and wakes up: the phone is connected again over what is there', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.desktop.goToSleep();
    await settle();
    stage.desktop.networkChanged();
    await settle();
    expect(phone.status).toBe('connected');
    expect(stage.network.open).toHaveLength(1);
  });

  it('[CB21] and does not sleep after all: whoever is heard is there', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    stage.desktop.goToSleep();
    await stage.pass(11_000);
    expect(phone.status).toBe('connected');
  });
});

describe('two pages of one phone', () => {
  it('[CB19] [EX4] a one-time session goes on in the newer page, since the older one keeps its connection until the swap', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'one_time' });
    const newer = stage.phone(sessionID, phone.memory());
    newer.peer.ask();
    await settle();
    expect(phone.end).toBe('replaced');
    expect(newer.status).toBe('connected');
    expect(stage.view(sessionID)?.directState).toBe('connected');
    expect(phone.channels.every((channel) => !channel.send('late'))).toBe(true);
    await stage.pass(60_000);
    expect(newer.status).toBe('connected');
    expect(stage.network.alive).toHaveLength(2);
    stage.desktop.stop();
    newer.peer.leave();
    await settle();
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('[CB19] the older page goes on until the newer one’s connection is there, and returns to the server no more', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.network.isReachable = false;
    const newer = stage.phone(sessionID, phone.memory());
    newer.peer.ask();
    await stage.pass(15_000, 1000);
    expect(phone.status).toBe('connected');
    expect(newer.status).toBe('reconnecting');
    stage.network.isReachable = true;
    await stage.pass(30_000, 1000);
    expect(newer.status).toBe('connected');
    expect(phone.end).toBe('replaced');
    expect(stage.network.open).toHaveLength(1);
  });

  it('[CB11] [CB19] an older page whose connection is lost meanwhile ends, and does not look for the way back', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected();
    stage.network.isReachable = false;
    stage.phone(sessionID, phone.memory()).peer.ask();
    await settle();
    stage.network.fail();
    await settle();
    expect(phone.end).toBe('replaced');
  });

  it('[CB19] [SC6] an older page is told when Proxim is closed', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'persistent' });
    stage.network.isReachable = false;
    stage.phone(sessionID, phone.memory()).peer.ask();
    await settle();
    stage.desktop.stop({ keep: () => true });
    await settle();
    expect(phone.end).toBe('server_shutdown');
  });

  it('[CB19] an older page that gives way carries nothing while it waits, and gives up after 10 seconds', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected();
    const heard: unknown[] = [];
    phone.channels.at(-1)?.onMessage((data) => heard.push(data));
    const theirs = stage.emitted('channel').at(-1)?.channel;
    theirs?.send('in time');
    await settle();
    phone.peer.giveWay();
    await settle();
    expect(phone.end).toBe('replaced');
    expect(stage.network.open).toHaveLength(1);
    expect(phone.channels.every((channel) => !channel.send('late'))).toBe(true);
    theirs?.send('late');
    await settle();
    expect(heard).toEqual(['in time']);
    await stage.pass(11_000, 1000);
    expect(stage.network.open).toHaveLength(0);
  });

  it('[CB19] an older page that gave way and is left takes nothing away while the newer one is not there yet', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'one_time' });
    const memory = phone.memory();
    phone.peer.giveWay();
    phone.peer.leave();
    await settle();
    expect(stage.network.open).toHaveLength(1);
    const newer = stage.phone(sessionID, memory);
    newer.peer.ask();
    await settle();
    expect(newer.status).toBe('connected');
    expect(stage.network.open).toHaveLength(1);
  });
});

describe('time that is up', () => {
  it('[EX11] ends the session on the phone too, when nobody tells it', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected({ sessionType: 'temporary', ttlSeconds: 30 });
    await stage.pass(20_000);
    // Server and computer vanish; what the phone was told is enough.
    stage.network.cut();
    stage.relay.kill();
    await stage.pass(14_000);
    expect(phone.end).toBe('expired');
  });

  it('[CB20] a page that was frozen begins to look anew instead of giving up', () => {
    const events: string[] = [];
    let now = 0;
    let fire: (() => void) | undefined;
    const window = new ReturnWindow({
      clock: {
        now: () => now,
        setTimer: (_ms, callback) => {
          fire = callback;
          return { cancel: () => (fire = undefined) };
        },
      },
      onOver: () => events.push('over'),
      onHeldUp: () => events.push('held up'),
    });
    window.open();
    now = 600_000;
    fire?.();
    expect(events).toEqual(['held up']);
    now += 60_000;
    fire?.();
    expect(events).toEqual(['held up', 'over']);
  });
});
