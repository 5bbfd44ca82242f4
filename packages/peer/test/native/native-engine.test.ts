import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readDescription, writeDescription } from '../../src/index.js';
import { realCandidates, realDescriptions } from '../stage/real-descriptions.js';
import { anyCandidate, anyDescription } from '../stage/sdp-arbitraries.js';
import type { Feed } from './feed-engine.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let directory = '';

/** The program is built for Node as it stands, so that the engine can die in a process of its own. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'proxim-peer-'));
  await symlink(here('../../../../node_modules'), join(directory, 'node_modules'));
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@proxim/source'] },
    ssr: { noExternal: true, external: ['node-datachannel', 'ws'], resolve: { conditions: ['@proxim/source'] } },
    build: { ssr: here('feed-engine.ts'), outDir: directory, emptyOutDir: false, target: 'node20', minify: false },
  });
});

afterAll(() => rm(directory, { recursive: true }));

const feedInChild = (
  feeds: readonly Feed[],
): Promise<{ code: number | null; signal: string | null; said: string; errors: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(directory, 'feed-engine.js')], { stdio: 'pipe' });
    let said = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, said, errors });
    });
    child.stdin.end(JSON.stringify(feeds));
  });

/** Feeds these, and names the one that the process died of. */
const survives = async (feeds: readonly Feed[]): Promise<number> => {
  const { code, signal, said, errors } = await feedInChild(feeds);
  const [, taken] = /survived, (\d+) taken\n$/.exec(said) ?? [];
  const last = Number(said.trimEnd().split('\n').at(-1));
  expect({ code, signal, errors, diedOf: taken === undefined ? feeds[last] : undefined }).toEqual({
    code: 0,
    signal: null,
    errors: '',
    diedOf: undefined,
  });
  return Number(taken);
};

const asAnswer = (sdp: string): string => sdp.replace('a=setup:actpass', 'a=setup:active');

describe('the native engine', () => {
  it('takes what engines write, as an offer and as an answer', async () => {
    const feeds = Object.values(realDescriptions).flatMap((sdp): Feed[] => [
      { type: 'offer', sdp, candidates: realCandidates },
      { type: 'answer', sdp: asAnswer(sdp), candidates: realCandidates },
    ]);
    expect(await survives(feeds)).toBe(feeds.length);
  });

  it('survives what is at the edge of what we let through', async () => {
    const read = readDescription(realDescriptions.chromium);
    if (!read.ok) throw new Error(read.error);
    const edges = [
      { originId: '0' },
      { originId: '9'.repeat(20) },
      { mid: '_-'.repeat(8) },
      { iceUfrag: 'a'.repeat(256) },
      { icePwd: '/'.repeat(256) },
      { icePwd: 'a'.repeat(22) },
      { sctpPort: 1 },
      { sctpPort: 65_535 },
      { maxMessageSize: 0 },
      { maxMessageSize: 4_294_967_295 },
      { setup: 'passive' as const },
      { fingerprint: Array.from({ length: 32 }, () => '00').join(':') },
    ].map((edge) => writeDescription({ ...read.value, setup: 'active', ...edge }));
    const candidates = [
      'candidate:1 1 udp 0 1.2.3.4 1 typ host',
      `candidate:${'/'.repeat(32)} 1 udp 4294967295 255.255.255.254 65535 typ host`,
      'candidate:1 1 udp 4294967295 127.0.0.1 65535 typ relay',
      'candidate:1 1 udp 1 ::1 9 typ prflx',
      'candidate:1 1 udp 1 64:ff9b::192.0.2.7 9 typ host',
      'candidate:1 1 udp 1 1:2:3:4:5:6:7:: 9 typ srflx raddr x rport y',
      ...Array.from({ length: 500 }, (_, index) => `candidate:${index} 1 udp 1 192.0.2.1 ${index + 1} typ host`),
    ];
    const feeds = edges.flatMap((sdp) => [
      { type: 'offer' as const, sdp, candidates },
      { type: 'answer' as const, sdp, candidates },
    ]);
    expect(await survives(feeds)).toBe(feeds.length);
  });

  it('survives what hostile peers make of descriptions and candidates', async () => {
    // Of two hundred, most are such that our own reading lets through: the others never reach the engine.
    const accepted = anyDescription.filter((sdp) => readDescription(sdp, 'answer').ok || readDescription(sdp).ok);
    const feed = fc.record({
      type: fc.constantFrom('offer', 'answer'),
      sdp: fc.oneof({ weight: 4, arbitrary: accepted }, { weight: 1, arbitrary: anyDescription }),
      candidates: fc.array(anyCandidate, { maxLength: 8 }),
    });
    const seed = Math.trunc(performance.timeOrigin + performance.now()) | 0;
    const feeds = fc.sample(feed, { numRuns: 200, seed });
    const prepared = feeds.map((each): Feed => (each.type === 'answer' ? { ...each, sdp: asAnswer(each.sdp) } : each));
    expect(await survives(prepared), `seed ${seed}`).toBeGreaterThan(100);
  });
});
