import type { ConnectionID, SessionEvent, SessionID } from '@proxim/protocol';
import { type Bus, type ConnectionCommand, createMemoryBus, type Delivery } from '@proxim/signaling';
import { createNatsBus } from '@proxim/signaling/nats';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { startNats } from './nats-process.js';

/** Two places that connections and sessions can be at: two nodes of a cluster, or the same server twice. */
interface Places {
  readonly here: Bus;
  readonly there: Bus;
}

const joinCluster = async (url: string): Promise<Bus> => {
  const bus = createNatsBus({ servers: [url] });
  onTestFinished(() => bus.close());
  await bus.connected;
  return bus;
};

const kinds: readonly (readonly [string, () => Promise<Places>])[] = [
  [
    'in memory',
    () => {
      const bus = createMemoryBus();
      return Promise.resolve({ here: bus, there: bus });
    },
  ],
  [
    'on NATS, at one node',
    async () => {
      const bus = await joinCluster((await startNats()).url);
      return { here: bus, there: bus };
    },
  ],
  [
    'on NATS, between two nodes',
    async () => {
      const { url } = await startNats();
      const [here, there] = await Promise.all([joinCluster(url), joinCluster(url)]);
      return { here, there };
    },
  ],
];

const session = 'session-1' as SessionID;

/** A session that keeps what it was told. */
const owner = () => {
  const told: Delivery[] = [];
  return { told, deliver: (delivery: Delivery) => void told.push(delivery), superseded: () => undefined };
};

let connections = 0;
const attached = (bus: Bus) => {
  connections += 1;
  const id = `${bus.node === '' ? '' : `${bus.node}.`}connection-${connections}` as ConnectionID;
  const commands: ConnectionCommand[] = [];
  bus.attach(id, (command) => commands.push(command));
  return { id, commands };
};

const asked = (connection: ConnectionID, asked = true): SessionEvent => ({ type: 'signal_sent', connection, asked });
const closing = (connection: ConnectionID): SessionEvent => ({ type: 'close_requested', connection });
const frameOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (frame: string | Uint8Array | undefined): string =>
  typeof frame === 'string' ? frame : new TextDecoder().decode(frame);
const soon = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: 5000 });

describe.each(kinds)('a bus %s', (_name, open) => {
  it('a name is claimed once, and is free again when it was released', async () => {
    const { here, there } = await open();
    expect(await here.claim(session, owner())).toBe(true);
    expect(await there.claim(session, owner())).toBe(false);
    expect(await here.claim(session, owner())).toBe(false);
    for (let round = 0; round < 20; round += 1) {
      const [from, to] = round % 2 === 0 ? [here, there] : [there, here];
      from.release(session);
      expect(await to.claim(session, owner())).toBe(true);
    }
  });

  it('of many who claim a name in the same moment one gets it', async () => {
    const { here, there } = await open();
    for (let round = 0; round < 20; round += 1) {
      const name = `contested-${round}` as SessionID;
      const results = await Promise.all([here.claim(name, owner()), there.claim(name, owner())]);
      expect(results.filter((isMine) => isMine)).toHaveLength(1);
    }
  });

  it('an event reaches the owner, and who sends it learns whether there is one', async () => {
    const { here, there } = await open();
    const mine = owner();
    await here.claim(session, mine);
    const { id } = attached(there);
    expect(await there.toOwner(session, { event: closing(id) })).toBe(true);
    expect(mine.told).toMatchObject([{ event: { type: 'close_requested', connection: id } }]);
    expect(await there.toOwner('session-2' as SessionID, { event: closing(id) })).toBe(false);
    here.release(session);
    expect(await there.toOwner(session, { event: closing(id) })).toBe(false);
  });

  it('a frame arrives byte for byte, with its sender and whether he had asked', async () => {
    const { here, there } = await open();
    const mine = owner();
    await here.claim(session, mine);
    const { id } = attached(there);
    const frame = frameOf('{"type":"signal","payload":{"sdp":"ü\\u0000 😀"}}');
    await there.toOwner(session, { event: asked(id, false), frame });
    await soon(() => expect(mine.told).toHaveLength(1));
    expect(mine.told[0]?.event).toEqual({ type: 'signal_sent', connection: id, asked: false });
    expect(Buffer.from(mine.told[0]?.frame ?? []).equals(frame)).toBe(true);
  });

  it('deliveries to a session keep their order, those that are asked for and those that are not', async () => {
    const { here, there } = await open();
    const mine = owner();
    await here.claim(session, mine);
    const { id, commands } = attached(there);
    here.toConnection(id, { type: 'seat', sessionID: session, role: 'mobile', known: false });
    await soon(() => expect(commands).toHaveLength(1));
    const pending: (boolean | Promise<boolean>)[] = [];
    for (let index = 0; index < 300; index += 1) {
      const isControl = index % 7 === 0;
      const event = isControl ? closing(id) : asked(id);
      pending.push(there.toOwner(session, isControl ? { event } : { event, frame: frameOf(String(index)) }));
    }
    await Promise.all(pending.map((each) => Promise.resolve(each)));
    await soon(() => expect(mine.told).toHaveLength(300));
    mine.told.forEach(({ event, frame }, index) => {
      if (index % 7 === 0) expect(event.type).toBe('close_requested');
      else expect(textOf(frame)).toBe(String(index));
    });
  });

  it('commands to a connection keep their order, and none comes after it has gone', async () => {
    const { here, there } = await open();
    const { id, commands } = attached(there);
    here.toConnection(id, { type: 'seat', sessionID: session, role: 'mobile', known: true });
    for (let index = 0; index < 200; index += 1) {
      here.toConnection(id, { type: 'send', frame: index % 2 === 0 ? String(index) : frameOf(String(index)) });
    }
    here.toConnection(id, { type: 'unseat', sessionID: session });
    await soon(() => expect(commands).toHaveLength(202));
    expect(commands[0]).toEqual({ type: 'seat', sessionID: session, role: 'mobile', known: true });
    commands.slice(1, -1).forEach((command, index) => {
      expect(command.type === 'send' ? textOf(command.frame) : command.type).toBe(String(index));
    });
    there.detach(id);
    here.toConnection(id, { type: 'send', frame: 'late' });
    const after = attached(there);
    here.toConnection(after.id, { type: 'send', frame: 'now' });
    await soon(() => expect(after.commands).toHaveLength(1));
    expect(commands).toHaveLength(202);
  });

  it('the end of a connection is told, whether anybody owns the session or not', async () => {
    const { here, there } = await open();
    const mine = owner();
    await here.claim(session, mine);
    const { id } = attached(there);
    const event = { type: 'connection_ended', now: 0, connection: id, end: 'left' } as const;
    await there.toOwner(session, { event });
    await there.toOwner('session-2' as SessionID, { event });
    await soon(() => expect(mine.told).toHaveLength(1));
    expect(mine.told[0]?.event).toMatchObject({ type: 'connection_ended', connection: id, end: 'left' });
  });
});
