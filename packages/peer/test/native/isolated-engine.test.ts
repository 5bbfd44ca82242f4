import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ManualClock } from '@proxim/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { DirectState } from '../../src/index.js';
import { type IsolatedRtcEngine, isolatedRtcEngine, nodeEnvironment } from '../../src/node/index.js';

/** Writes the time of its start where a test can read it. */
const noteStart = `
  import { appendFileSync } from 'node:fs';
  appendFileSync(new URL('./starts', import.meta.url), 'start\\n');
`;

describe('the program that an isolated engine runs', () => {
  let directory: string;
  let engine: IsolatedRtcEngine | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'proxim-peer-'));
  });

  afterEach(async () => {
    await engine?.unload();
    await rm(directory, { recursive: true });
  });

  const run = async (source: string, clock = nodeEnvironment().clock): Promise<IsolatedRtcEngine> => {
    const path = join(directory, 'program.mjs');
    await writeFile(path, noteStart + source);
    engine = isolatedRtcEngine({ clock, program: pathToFileURL(path) });
    return engine;
  };
  const starts = async (): Promise<number> =>
    (await readFile(join(directory, 'starts'), 'utf8')).trimEnd().split('\n').length;

  it('may end at once: whoever loads it is told, and it is started once a second at most', async () => {
    const clock = new ManualClock();
    const isolated = await run('process.exit(3);', clock);
    await expect(isolated.load()).rejects.toThrow('has ended');
    const second = isolated.load();
    const third = isolated.load();
    clock.advance(999);
    expect(await starts()).toBe(1);
    clock.advance(1);
    await expect(second).rejects.toThrow('has ended');
    await expect(third).rejects.toThrow('has ended');
    expect(await starts()).toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('may end with an offer that it was given: the offer is tried once more, and then the connection has failed', async () => {
    const isolated = await run(`
      process.on('message', ({ type }) => { if (type === 'question') process.exit(3); });
      process.send({ type: 'ready' });
    `);
    const states: DirectState[] = [];
    const connection = (await isolated.load()).answer({
      iceServers: [],
      handlers: {
        onCandidate: () => undefined,
        onState: (state) => states.push(state),
        onChannel: () => undefined,
      },
    });
    await expect(connection.acceptOffer('v=0')).rejects.toThrow('over');
    expect(states).toEqual(['failed']);
    expect(await starts()).toBe(2);
    expect(await connection.path()).toBeUndefined();
    connection.close();
  });

  it('may lie: what it makes up is bounded, and goes nowhere', async () => {
    const isolated = await run(`
      const lie = (connection, news) => process.send({ type: 'news', connection, news });
      process.on('message', ({ type, connection, request }) => {
        if (type !== 'question') return;
        for (const nonsense of [null, 7, 'ready', [], { type: 'news' }, { type: 'done' }]) process.send(nonsense);
        lie(99, { type: 'state', state: 'failed' });
        lie(connection, { type: 'message', channel: 5, data: 'to a channel that is not open' });
        lie(connection, { type: 'reply', request: 99, value: 'to a question that nobody asked' });
        for (let index = 0; index < 1000; index += 1) {
          lie(connection, { type: 'channel', channel: index, label: 'many' });
          lie(connection, { type: 'candidate', candidate: { candidate: 'c', sdpMid: null, sdpMLineIndex: null } });
        }
        lie(connection, { type: 'taken', channel: 0, bytes: 1e9, buffered: 0 });
        lie(connection, { type: 'reply', request, value: 'v=0' });
      });
      process.send({ type: 'ready' });
    `);
    const seen = { states: 0, channels: 0, candidates: 0 };
    const buffered: number[] = [];
    const connection = (await isolated.load()).answer({
      iceServers: [],
      handlers: {
        onCandidate: () => (seen.candidates += 1),
        onState: () => (seen.states += 1),
        onChannel: (channel) => {
          seen.channels += 1;
          if (seen.channels > 1) return;
          expect(channel.send('four')).toBe(true);
          buffered.push(channel.bufferedBytes);
        },
      },
    });
    expect(await connection.acceptOffer('v=0')).toBe('v=0');
    expect(seen).toEqual({ states: 0, channels: 32, candidates: 256 });
    expect(buffered).toEqual([4]);
    connection.close();
  });

  it('may ignore that it is told to end: it is killed', async () => {
    const isolated = await run(`
      process.on('SIGTERM', () => undefined);
      process.on('message', () => undefined);
      process.on('disconnect', () => undefined);
      setInterval(() => undefined, 1000);
      process.send({ type: 'ready', pid: process.pid });
    `);
    await isolated.load();
    await isolated.unload();
    expect(await starts()).toBe(1);
  });
});
