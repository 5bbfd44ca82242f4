import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

import { type Desk, startDesk } from '../support/desk.js';
import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';
import { linkOfRelay } from '../support/relay-link.js';

describe('a signaling server that crashes and is started again', () => {
  const shared = shareLivingRoom();
  let server: Desk;
  let port: string;

  /** `proxim serve` on a host of its own; on the port that it had before. */
  const startServer = async (onPort: string): Promise<void> => {
    const { namespace, address } = shared.room.hub;
    const args = ['serve', '--json', '--web', '--open', '--host', address, '--port', onPort];
    server = startDesk({ args, namespace });
    port = String((await server.after(0, 'listening')).line['port']);
  };

  const crash = async (): Promise<void> => {
    server.signal('SIGKILL');
    await server.ended();
  };

  beforeEach(async () => {
    await startServer('0');
    const url = `ws://${shared.room.hub.address}:${port}`;
    await shared.scene.connect(linkOfRelay(await shared.scene.startDesk('--signaling', url), url));
  });
  afterEach(async () => {
    shared.room.lab.clear(shared.room.phone);
    shared.room.lab.clear(shared.room.desk);
    await shared.scene.desk.stop();
    await server.stop();
  });

  it('while connected: control goes on, and both are there for the next fault', async ({ task }) => {
    const { outcome, ...figures } = await shared.scene.run({ begin: crash });
    expect(outcome).toBe('in control');
    expect(figures).toMatchObject({ phoneNoticedMs: null, deskNoticedMs: null });
    report(task, { fault: 'the signaling server is killed', happens: 'Control goes on', ...figures });

    await startServer(port);
    const cut = await shared.scene.run({
      begin: () => shared.room.lab.dropIncoming(shared.room.phone, ['meta l4proto udp drop']),
      lastsMs: 6000,
      end: () => shared.room.lab.clear(shared.room.phone),
    });
    expect(cut.outcome).toBe('in control');
    expect(await shared.scene.prompts()).toBe(1);
  });

  // The short form has the crash, and the cut after it.
  if (inject('faultLength') === 'long') {
    it('while the direct connection is cut as well: it comes back without a question', async ({ task }) => {
      const { outcome, ...figures } = await shared.scene.run({
        begin: async () => {
          shared.room.lab.dropIncoming(shared.room.phone, ['drop']);
          shared.room.lab.dropIncoming(shared.room.desk, [`ip saddr ${shared.room.phone.address} drop`]);
          await crash();
        },
        lastsMs: 8000,
        end: async () => {
          await startServer(port);
          shared.room.lab.clear(shared.room.phone);
          shared.room.lab.clear(shared.room.desk);
        },
      });
      expect(outcome).toBe('in control');
      expect(await shared.scene.prompts()).toBe(1);
      report(task, {
        fault: 'the server is killed and every packet is swallowed, 8 s',
        happens: 'It comes back by itself',
        ...figures,
      });
    });
  }
});
