import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Desk, startDesk } from '../support/desk.js';
import { type LivingRoom, makeLivingRoom } from '../support/lab.js';
import { report } from '../support/measured.js';
import { linkOfRelay } from '../support/relay-link.js';
import { Scene } from '../support/scene.js';

describe('a signaling server that crashes and is started again', () => {
  let room: LivingRoom;
  let scene: Scene;
  let server: Desk;
  let port: string;

  /** `proxim serve` on a host of its own; on the port that it had before. */
  const startServer = async (onPort: string): Promise<void> => {
    const { namespace, address } = room.hub;
    const args = ['serve', '--json', '--web', '--open', '--host', address, '--port', onPort];
    server = startDesk({ args, namespace });
    port = String((await server.after(0, 'listening')).line['port']);
  };

  const crash = async (): Promise<void> => {
    server.signal('SIGKILL');
    await server.ended();
  };

  beforeAll(async () => {
    room = makeLivingRoom();
    scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace });
  });
  beforeEach(async () => {
    await startServer('0');
    const url = `ws://${room.hub.address}:${port}`;
    await scene.connect(linkOfRelay(await scene.startDesk('--signaling', url), url));
  });
  afterEach(async () => {
    room.lab.clear(room.phone);
    room.lab.clear(room.desk);
    await scene.desk.stop();
    await server.stop();
  });
  afterAll(async () => {
    await scene.close();
    room.lab.remove();
  });

  it('while connected: control goes on, and both are there for the next fault', async ({ task }) => {
    const { outcome, ...figures } = await scene.run({ begin: crash });
    expect(outcome).toBe('in control');
    expect(figures).toMatchObject({ phoneNoticedMs: null, deskNoticedMs: null });
    report(task, { fault: 'the signaling server is killed', happens: 'Control goes on', ...figures });

    await startServer(port);
    const cut = await scene.run({
      begin: () => room.lab.dropIncoming(room.phone, ['meta l4proto udp drop']),
      lastsMs: 7000,
      end: () => room.lab.clear(room.phone),
    });
    expect(cut.outcome).toBe('in control');
    expect(await scene.prompts()).toBe(1);
  });

  it('while the direct connection is cut as well: it comes back without a question', async ({ task }) => {
    const { outcome, ...figures } = await scene.run({
      begin: async () => {
        room.lab.dropIncoming(room.phone, ['drop']);
        room.lab.dropIncoming(room.desk, [`ip saddr ${room.phone.address} drop`]);
        await crash();
      },
      lastsMs: 8000,
      end: async () => {
        await startServer(port);
        room.lab.clear(room.phone);
        room.lab.clear(room.desk);
      },
    });
    expect(outcome).toBe('in control');
    expect(await scene.prompts()).toBe(1);
    report(task, {
      fault: 'the server is killed and every packet is swallowed, 8 s',
      happens: 'It comes back by itself',
      ...figures,
    });
  });
});
