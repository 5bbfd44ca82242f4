import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { createSignalingServer, type SignalingServer } from '@proxim/signaling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = async (example: string, ...args: readonly string[]): Promise<readonly string[]> => {
  const file = fileURLToPath(new URL(example, import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...args]);
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
};

describe('the examples do what they say', () => {
  let server: SignalingServer;
  let url: string;

  beforeAll(async () => {
    server = createSignalingServer();
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    url = `ws://127.0.0.1:${String(port)}`;
  });

  afterAll(async () => {
    await server.close();
  });

  it('two programs pair and talk directly', async () => {
    expect(await run('pair-two-programs.mjs')).toEqual([
      'desktop: Example phone asks',
      'desktop: received hello',
      'mobile: received and hello to you',
    ]);
  });

  it('the five messages are enough', async () => {
    expect(await run('five-messages.mjs', url)).toEqual([
      'session_created',
      'pair_prompt',
      'pair_result approved',
      'signal an offer',
      'signal an answer',
    ]);
  });
});
