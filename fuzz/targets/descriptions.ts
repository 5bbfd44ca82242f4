import { judgeCandidate, readDescription, writeDescription } from '@proxim/peer';

import { anyCandidate, anyDescription } from '../generate/descriptions.js';
import { must, type Target } from '../target.js';

const written = /^candidate:[A-Za-z0-9+/]{1,32} 1 UDP \d{1,10} [0-9a-fA-F.:]+ \d{1,5} typ (?:host|srflx|prflx|relay)/;

export const candidates: Target<string> = {
  name: 'candidates',
  weight: 6,
  open: () => ({
    generate: anyCandidate,
    feed: (text) => {
      const verdict = judgeCandidate(text);
      if (verdict.kind === 'use') {
        must(written.test(verdict.candidate), 'a candidate in a form of its own');
        const again = judgeCandidate(verdict.candidate);
        must(again.kind === 'use' && again.candidate === verdict.candidate, 'written anew, it is another one');
      }
      return 1;
    },
  }),
};

export const descriptions: Target<string> = {
  name: 'descriptions',
  weight: 4,
  open: () => ({
    generate: anyDescription,
    feed: (sdp) => {
      for (const type of ['offer', 'answer'] as const) {
        const read = readDescription(sdp, type);
        if (!read.ok) continue;
        must(
          read.value.candidates.every((candidate) => written.test(candidate)),
          'a candidate in a form of its own',
        );
        const anew = writeDescription(read.value);
        must(/^(?:[a-z]=[\x20-\x7e]*\r\n){15}$/.test(anew), 'not the fifteen lines');
        const again = readDescription(anew, type);
        must(again.ok && writeDescription(again.value) === anew, 'written anew, it is another one');
      }
      return 1;
    },
  }),
};
