import type { ConnectionID, SessionEvent, SessionID } from '@proxim/protocol';
import { type ConnectionCommand, type Delivery, type Log } from '@proxim/signaling';
import { createNatsBus, type NatsBus, type NatsBusOptions } from '@proxim/signaling/nats';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { silentLog } from '../src/log.js';
import { clusterMember, layWire, startNats } from './nats-process.js';

const session = 'session-1' as SessionID;
const soon = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: 8000 });

const join = async (url: string, options: Partial<NatsBusOptions> = {}): Promise<NatsBus> => {
  const bus = createNatsBus({ servers: [url], aliveSeconds: 0.05, deadSeconds: 0.3, ...options });
  onTestFinished(() => bus.close());
  await bus.connected;
  return bus;
};

const owner = () => {
  const told: SessionEvent[] = [];
  let superseded = 0;
  return {
    told,
    timesSuperseded: () => superseded,
    deliver: ({ event }: Delivery) => void told.push(event),
    superseded: () => {
      superseded += 1;
    },
  };
};

const attached = (bus: NatsBus, name = 'connection') => {
  const id = `${bus.node}.${name}` as ConnectionID;
  const commands: ConnectionCommand[] = [];
  bus.attach(id, (command) => commands.push(command));
  return { id, commands };
};

/** Two nodes of which one is on a wire that can be cut, and a connection of the one that sits in a session of the other. */
const seatedAcross = async (ownerIsOnWire: boolean, options: Partial<NatsBusOptions> = {}) => {
  const { url } = await startNats();
  const wire = await layWire(url);
  const [onWire, other] = await Promise.all([join(wire.url, options), join(url, options)]);
  const [ownerNode, edge] = ownerIsOnWire ? [onWire, other] : [other, onWire];
  const mine = owner();
  await ownerNode.claim(session, mine);
  const { id, commands } = attached(edge);
  ownerNode.toConnection(id, { type: 'seat', sessionID: session, role: 'mobile', known: false });
  await soon(() => expect(commands).toHaveLength(1));
  return { wire, onWire, ownerNode, edge, mine, id, commands };
};

const lost = { type: 'owner_lost', sessionID: session };

describe('a node that is parted from the others', () => {
  it.each([
    ['the owner', true],
    ['the node of the connection', false],
  ])('%s: both sides give the seat up, each by itself', async (_who, ownerIsOnWire) => {
    const { wire, mine, id, commands } = await seatedAcross(ownerIsOnWire);
    wire.cut();
    await soon(() => expect(commands.at(-1)).toEqual(lost));
    await soon(() => expect(mine.told).toMatchObject([{ type: 'connection_ended', connection: id, end: 'lost' }]));
    expect(commands).toHaveLength(2);
  });

  it.each([
    ['the owner', true],
    ['the node of the connection', false],
  ])('%s, for less time than it takes to be missed: the other side hears of it', async (_who, ownerIsOnWire) => {
    const { wire, onWire, mine, id, commands } = await seatedAcross(ownerIsOnWire, { deadSeconds: 1000 });
    wire.cut();
    await soon(() => expect(onWire.isConnected()).toBe(false));
    wire.mend();
    await soon(() => expect(commands.at(-1)).toEqual(lost));
    await soon(() => expect(mine.told).toMatchObject([{ type: 'connection_ended', connection: id, end: 'lost' }]));
    expect(commands).toHaveLength(2);
  });

  it('while nobody tells it: what waits for NATS does not grow without bound, and it comes back when NATS takes it all', async () => {
    const options = { deadSeconds: 1000, aliveSeconds: 1000, mostWaitingBytes: 1024 * 1024 };
    const { wire, edge, mine, id, commands } = await seatedAcross(false, options);
    const frame = new Uint8Array(64 * 1024);
    const send = () => edge.toOwner(session, { event: { type: 'signal_sent', connection: id, asked: true }, frame });
    // What is taken in time may be more.
    for (let count = 0; count < 64; count += 1) {
      expect(await send()).toBe(true);
      await soon(() => expect(mine.told).toHaveLength(count + 1));
    }
    expect(edge.isConnected()).toBe(true);
    wire.freeze();
    let taken = 0;
    while (taken < 1000 && edge.isConnected()) {
      await send();
      taken += 1;
    }
    expect(taken).toBeLessThanOrEqual(21);
    expect(commands.at(-1)).toEqual(lost);
    await expect(send()).rejects.toMatchObject({ code: 'cluster_unavailable' });
    // As long as nothing has gone out.
    expect(edge.isConnected()).toBe(false);
    wire.thaw();
    await soon(() => expect(edge.isConnected()).toBe(true));
    await soon(() => expect(mine.told.at(-1)).toMatchObject({ type: 'connection_ended', connection: id, end: 'lost' }));
    expect(mine.told.filter(({ type }) => type === 'signal_sent')).toHaveLength(64 + taken);
    expect(await edge.toOwner(session, { event: { type: 'close_requested', connection: id } })).toBe(true);
  });

  it('makes another connection when NATS does not answer on the one it has, however much that holds', async () => {
    const { wire, edge, ownerNode, mine, id, commands } = await seatedAcross(false, { pingSeconds: 0.3 });
    const far = owner();
    await edge.claim('session-2' as SessionID, far);
    wire.freeze();
    const frame = new Uint8Array(256 * 1024);
    const event = { type: 'signal_sent', connection: id, asked: true } as const;
    while (edge.isConnected()) await Promise.resolve(edge.toOwner(session, { event, frame })).catch(() => undefined);
    expect(commands.at(-1)).toEqual(lost);
    await soon(() => expect(edge.isConnected()).toBe(true));
    const asks = async () => {
      expect(await edge.toOwner(session, { event: { type: 'close_requested', connection: id } })).toBe(true);
    };
    await vi.waitFor(asks, { interval: 20, timeout: 8000 });
    expect(mine.told.at(-1)).toMatchObject({ type: 'close_requested' });
    // And what it owned before is still found there.
    const other = attached(ownerNode, 'other');
    const found = { type: 'close_requested', connection: other.id } as const;
    expect(await ownerNode.toOwner('session-2' as SessionID, { event: found })).toBe(true);
    expect(far.told).toMatchObject([found]);
  });

  it('takes nothing in while it cannot answer: nobody has a seat on one side alone', async () => {
    const options = { mostWaitingBytes: 1024 * 1024, answerSeconds: 0.3, deadSeconds: 1000, aliveSeconds: 1000 };
    const { wire, ownerNode, edge, mine, id, commands } = await seatedAcross(true, options);
    const phone = attached(edge, 'phone');
    wire.deafen();
    while (ownerNode.isConnected()) ownerNode.toConnection(id, { type: 'send', frame: new Uint8Array(64 * 1024) });
    const toldBefore = mine.told.length;
    const event = { type: 'close_requested', connection: phone.id } as const;
    await expect((async () => edge.toOwner(session, { event }))()).rejects.toMatchObject({
      code: 'cluster_unavailable',
    });
    expect(mine.told).toHaveLength(toldBefore);
    ownerNode.toConnection(phone.id, { type: 'seat', sessionID: session, role: 'mobile', known: false });
    wire.thaw();
    await soon(() => expect(ownerNode.isConnected()).toBe(true));
    await soon(() => expect(commands.at(-1)).toEqual(lost));
    expect(phone.commands).toEqual([]);
    expect(await edge.toOwner(session, { event })).toBe(true);
  });

  it('nobody else loses anything by it', async () => {
    const { wire, ownerNode, mine } = await seatedAcross(false);
    const local = attached(ownerNode, 'local');
    wire.cut();
    await soon(() => expect(mine.told).toHaveLength(1));
    ownerNode.toConnection(local.id, { type: 'send', frame: 'here' });
    expect(local.commands).toEqual([{ type: 'send', frame: 'here' }]);
    expect(await ownerNode.toOwner(session, { event: { type: 'close_requested', connection: local.id } })).toBe(true);
  });

  it('says so to whoever asks it for a session of others, or for a new one, and takes both when it is back', async () => {
    const { wire, edge, id, ownerNode } = await seatedAcross(false);
    wire.cut();
    await soon(() => expect(edge.isConnected()).toBe(false));
    const event = { type: 'close_requested', connection: id } as const;
    await expect(edge.toOwner(session, { event })).rejects.toMatchObject({ code: 'cluster_unavailable' });
    await expect(edge.claim('session-2' as SessionID, owner())).rejects.toMatchObject({ code: 'cluster_unavailable' });
    wire.mend();
    await soon(() => expect(edge.isConnected()).toBe(true));
    expect(await edge.toOwner(session, { event })).toBe(true);
    expect(await edge.claim('session-2' as SessionID, owner())).toBe(true);
    expect(await ownerNode.claim('session-2' as SessionID, owner())).toBe(false);
  });

  it('finds out that its session was made again elsewhere meanwhile, and gives it up', async () => {
    const { wire, ownerNode, edge, mine } = await seatedAcross(true);
    wire.cut();
    const theirs = owner();
    await soon(() => expect(ownerNode.isConnected()).toBe(false));
    await vi.waitFor(async () => expect(await edge.claim(session, theirs)).toBe(true), { interval: 20, timeout: 8000 });
    wire.mend();
    await soon(() => expect(mine.timesSuperseded()).toBe(1));
    expect(theirs.timesSuperseded()).toBe(0);
    // It hears of the session through its owner again.
    const { id } = attached(ownerNode, 'late');
    expect(await ownerNode.toOwner(session, { event: { type: 'close_requested', connection: id } })).toBe(true);
    expect(theirs.told).toMatchObject([{ type: 'close_requested' }]);
    expect(mine.told.filter(({ type }) => type === 'close_requested')).toEqual([]);
  });
});

describe('two NATS servers of one cluster that lose each other', () => {
  it('leave two owners of one name, of whom the later one remains as soon as they hear each other again', async () => {
    const hub = await startNats(onTestFinished, await clusterMember());
    const way = await layWire(String(hub.clusterUrl));
    const far = await startNats(onTestFinished, await clusterMember(way.url));
    const [node, distant] = await Promise.all([join(hub.url), join(far.url)]);
    const [mine, theirs] = [owner(), owner()];
    const { id, commands } = attached(distant);
    await node.claim(session, mine);
    const event = { type: 'close_requested', connection: id } as const;
    const hears = async () => expect(await distant.toOwner(session, { event })).toBe(true);
    await vi.waitFor(hears, { interval: 20, timeout: 8000 });
    node.toConnection(id, { type: 'seat', sessionID: session, role: 'mobile', known: false });
    await soon(() => expect(commands).toHaveLength(1));
    way.cut();
    // Each misses the other, and both have NATS.
    await soon(() => expect(commands.at(-1)).toEqual(lost));
    await soon(() => expect(mine.told.at(-1)).toMatchObject({ type: 'connection_ended', connection: id, end: 'lost' }));
    const claims = async () => expect(await distant.claim(session, theirs)).toBe(true);
    await vi.waitFor(claims, { interval: 20, timeout: 8000 });
    expect([node.isConnected(), distant.isConnected(), mine.timesSuperseded()]).toEqual([true, true, 0]);
    way.mend();
    await soon(() => expect(mine.timesSuperseded()).toBe(1));
    expect(theirs.timesSuperseded()).toBe(0);
  });
});

describe('a seat that was given by an owner who is gone', () => {
  it('is given up at the first signal that the next owner gets', async () => {
    const { url } = await startNats();
    const [gone, next, edge] = await Promise.all([
      join(url),
      join(url),
      // It takes nobody for dead: nothing but the signal can tell it.
      join(url, { deadSeconds: 1000 }),
    ]);
    await gone.claim(session, owner());
    const { id, commands } = attached(edge);
    gone.toConnection(id, { type: 'seat', sessionID: session, role: 'mobile', known: false });
    await soon(() => expect(commands).toHaveLength(1));
    await gone.close();
    const theirs = owner();
    await vi.waitFor(async () => expect(await next.claim(session, theirs)).toBe(true), { interval: 20, timeout: 8000 });
    await edge.toOwner(session, {
      event: { type: 'signal_sent', connection: id, asked: true },
      frame: new Uint8Array(1),
    });
    await soon(() => expect(commands.at(-1)).toEqual(lost));
    expect(theirs.told).toEqual([]);
  });
});

describe('what is no message of a node', () => {
  it('is passed over, and the node goes on', async () => {
    const { url } = await startNats();
    let warnings = 0;
    const log: Log = { ...silentLog, warn: () => void (warnings += 1) };
    const bus = await join(url, { log });
    const mine = owner();
    await bus.claim(session, mine);
    const { connect } = await import('@nats-io/transport-node');
    const stranger = await connect({ servers: [url] });
    onTestFinished(() => stranger.close());
    const junk = [
      '',
      '\u0001',
      '\u0001\u0001\u00ff',
      '\u0002{',
      '\u0002null',
      '\u0002{"kind":"x"}',
      '\u0002{"kind":"deliver","event":7}',
      '{}',
    ];
    for (const subject of [`proxim.session.${session}`, `proxim.node.${bus.node}`]) {
      for (const bytes of junk) stranger.publish(subject, Buffer.from(bytes, 'latin1'));
    }
    await stranger.flush();
    const other = await join(url);
    const { id } = attached(other);
    expect(await other.toOwner(session, { event: { type: 'close_requested', connection: id } })).toBe(true);
    expect(mine.told.filter(({ type }) => type === 'close_requested')).toHaveLength(1);
    expect(warnings).toBeGreaterThan(0);
  });
});

describe('a frame that is larger than NATS takes', () => {
  it('ends no process: who sends it hears that it does not get through, and the next one does', async () => {
    const { url } = await startNats(onTestFinished, 'max_payload: 1024');
    const errors: string[] = [];
    const log: Log = { ...silentLog, error: (_details, message) => void errors.push(message) };
    const [ownerNode, edge] = await Promise.all([join(url, { log }), join(url)]);
    const mine = owner();
    await ownerNode.claim(session, mine);
    const { id, commands } = attached(edge);
    ownerNode.toConnection(id, { type: 'seat', sessionID: session, role: 'mobile', known: false });
    await soon(() => expect(commands).toHaveLength(1));
    const event = { type: 'signal_sent', connection: id, asked: true } as const;
    const tooLarge = new Uint8Array(1025);
    await expect((async () => edge.toOwner(session, { event, frame: tooLarge }))()).rejects.toMatchObject({
      code: 'cluster_unavailable',
    });
    for (let time = 0; time < 3; time += 1) ownerNode.toConnection(id, { type: 'send', frame: tooLarge });
    expect(errors).toEqual(['NATS takes no messages of this size']);
    ownerNode.toConnection(id, { type: 'send', frame: 'small' });
    await soon(() => expect(commands).toHaveLength(2));
    await edge.toOwner(session, { event, frame: new Uint8Array(8) });
    await soon(() => expect(mine.told).toHaveLength(1));
  });
});

describe('a NATS server that is not there yet', () => {
  it('is waited for, and until then the node says that it cannot ask', async () => {
    const nats = await startNats();
    await nats.kill();
    const bus = createNatsBus({ servers: [nats.url] });
    onTestFinished(() => bus.close());
    await expect(bus.claim(session, owner())).rejects.toMatchObject({ code: 'cluster_unavailable' });
    expect(bus.isConnected()).toBe(false);
    await nats.restart();
    await bus.connected;
    expect(await bus.claim(session, owner())).toBe(true);
  });
});

describe('an owner whose machine is gone without a word', () => {
  it('loses its session to whoever claims it, and learns so should it come back', async () => {
    const { url } = await startNats();
    const wire = await layWire(url);
    const [ownerNode, next] = await Promise.all([join(wire.url), join(url, { answerSeconds: 0.2 })]);
    const mine = owner();
    await ownerNode.claim(session, mine);
    expect(await next.claim(session, owner())).toBe(false);
    wire.freeze();
    const theirs = owner();
    expect(await next.claim(session, theirs)).toBe(true);
    expect(mine.timesSuperseded()).toBe(0);
    wire.thaw();
    await soon(() => expect(mine.timesSuperseded()).toBe(1));
    expect(theirs.timesSuperseded()).toBe(0);
  });

  it('keeps it while it is NATS that does not answer', async () => {
    const { url } = await startNats();
    const wire = await layWire(url);
    const bus = await join(wire.url, { answerSeconds: 0.2 });
    wire.freeze();
    await expect(bus.claim(session, owner())).rejects.toMatchObject({ code: 'cluster_unavailable' });
    wire.thaw();
    expect(await bus.claim(session, owner())).toBe(true);
  });
});

describe('a node that claims a name which another one owns', () => {
  it('answers nobody in the place of its owner', async () => {
    const { url } = await startNats();
    const [ownerNode, claimer, edge] = await Promise.all([join(url), join(url), join(url)]);
    const mine = owner();
    await ownerNode.claim(session, mine);
    const { id } = attached(edge);
    const event = { type: 'close_requested', connection: id } as const;
    const answers: boolean[] = [];
    const claiming = (async () => {
      while (answers.length < 300) expect(await claimer.claim(session, owner())).toBe(false);
    })();
    while (answers.length < 300) answers.push(await edge.toOwner(session, { event }));
    await claiming;
    expect(answers.filter((isDelivered) => !isDelivered)).toEqual([]);
    expect(mine.told).toHaveLength(300);
  });

  it('makes those of its own wait until it is settled', async () => {
    const { url } = await startNats();
    const claimer = await join(url);
    const mine = owner();
    const { id } = attached(claimer);
    const claimed = claimer.claim(session, mine);
    // A desktop that lost its socket meanwhile and comes back: that the name is taken would end its session.
    expect(await claimer.claim(session, owner())).toBe(false);
    const event = { type: 'close_requested', connection: id } as const;
    expect(await claimer.toOwner(session, { event })).toBe(true);
    expect(await claimed).toBe(true);
    expect(mine.told).toEqual([event]);
  });

  it('takes what comes while it claims, once the name is its own', async () => {
    const { url } = await startNats();
    const [claimer, edge] = await Promise.all([join(url), join(url)]);
    const { id } = attached(edge);
    const event = { type: 'close_requested', connection: id } as const;
    for (let round = 0; round < 50; round += 1) {
      const name = `session-${String(round)}` as SessionID;
      const mine = owner();
      let isOpen = false;
      const early: SessionEvent[] = [];
      const claimed = Promise.resolve(
        claimer.claim(name, {
          ...mine,
          deliver: (delivery) => {
            if (isOpen) mine.deliver(delivery);
            else early.push(delivery.event);
          },
        }),
      ).then((isClaimed) => {
        isOpen = isClaimed;
      });
      // Whatever is answered is true.
      const isDelivered = await edge.toOwner(name, { event });
      await claimed;
      expect({ told: mine.told.length, early }).toEqual({ told: isDelivered ? 1 : 0, early: [] });
    }
  });
});
