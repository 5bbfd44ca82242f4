import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

import { shareLivingRoom } from '../support/living-room-scene.js';
import { report } from '../support/measured.js';

const awaySeconds = inject('faultLength') === 'long' ? 30 : 2;

describe('a desktop app that ends, and is started again with a session until it is removed', () => {
  const shared = shareLivingRoom();
  let folder: string;
  let args: readonly string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-data-'));
    const lasting = ['--session-type', 'persistent', '--data-dir', folder];
    await shared.scene.connect(await shared.scene.startDesk(...lasting));
    const { port } = (await shared.scene.desk.after(0, 'listening')).line;
    args = [...lasting, '--port', String(port)];
  });
  afterEach(async () => {
    await shared.scene.desk.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [signal, name] of [
    ['SIGKILL', 'is killed'],
    ['SIGTERM', 'is ended'],
  ] as const) {
    it(`${name}: the phone comes back without a question`, async ({ task }) => {
      const { outcome, phoneNoticedMs, backMs } = await shared.scene.run({
        begin: async () => {
          shared.scene.desk.signal(signal);
          await shared.scene.desk.ended();
        },
        lastsMs: awaySeconds * 1000,
        end: async () => {
          await shared.scene.startDesk(...args);
        },
      });
      expect(outcome).toBe('in control');
      expect(phoneNoticedMs).not.toBeNull();
      // This app is the new one: whom the other approved it does not ask about.
      expect(await shared.scene.prompts()).toBe(0);
      report(task, {
        fault: `the desktop app ${name} and started again ${String(awaySeconds)} s later, in a persistent session`,
        happens: 'It comes back by itself',
        phoneNoticedMs,
        deskNoticedMs: null,
        backMs,
      });
    });
  }
});
