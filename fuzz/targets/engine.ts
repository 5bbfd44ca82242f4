import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { judgeCandidate, readDescription } from '@proxim/peer';

import type { Feed } from '../../packages/peer/test/native/feed-engine.js';
import { anyCandidate, anyDescription } from '../generate/descriptions.js';
import { Broken, type Target } from '../target.js';

/** Both are built: the program that feeds the engine stands beside this one. */
const program = fileURLToPath(new URL('engine.js', import.meta.url));
const batch = 40;

/** The engine begins to send to whatever address it is told: it is told of this machine's alone. */
const isOwn = (candidate: string): boolean => / UDP \d+ (?:127\.[\d.]+|::1) /.test(candidate);

/** The child would wait for ever for an engine that hangs. */
const limitMs = 60_000;

export const engine: Target<readonly Feed[]> = {
  name: 'native-engine',
  // Each description takes a connection of its own, with its threads and sockets.
  weight: 0.02,
  budgetMs: limitMs,
  open: () => ({
    generate: (random) => {
      const feeds: Feed[] = [];
      while (feeds.length < batch) {
        const sdp = anyDescription(random);
        const type = random.once(2) ? 'offer' : 'answer';
        const read = readDescription(sdp, type);
        if (!read.ok || !read.value.candidates.every(isOwn)) continue;
        const candidates = Array.from({ length: random.int(5) }, () => anyCandidate(random)).filter((candidate) => {
          const verdict = judgeCandidate(candidate);
          return verdict.kind === 'use' && isOwn(verdict.candidate);
        });
        feeds.push({ type, sdp, candidates });
      }
      return feeds;
    },
    feed: async (feeds) => {
      const child = spawn(process.execPath, [program], { stdio: 'pipe', timeout: limitMs, killSignal: 'SIGKILL' });
      let said = '';
      let errors = '';
      child.stdout.on('data', (data: Buffer) => (said += data.toString()));
      child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
      const closed = once(child, 'close');
      child.stdin.end(JSON.stringify(feeds));
      const [code, signal] = (await closed) as [number | null, string | null];
      if (code !== 0 || errors !== '' || !said.includes('survived')) {
        const last = said.trimEnd().split('\n').at(-1) ?? '';
        throw new Broken(
          `the engine's process ended at description ${last}: ${code ?? signal ?? ''} ${errors.slice(0, 300)}`,
        );
      }
      return feeds.length;
    },
  }),
};
