import { createHmac, hkdfSync } from 'node:crypto';

import {
  authOfAnswer,
  authOfOffer,
  authOfPairRequest,
  deriveAuthKey,
  equalInConstantTime,
  judgeAuth,
  type SessionID,
} from '@proxim/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { authVectors as vectors } from './auth-vectors.js';

const sessionID = vectors.sessionID as SessionID;
const linkSecret = Buffer.from(vectors.k, 'base64url');
const deviceSecret = Buffer.from(vectors.d, 'base64url');

/** The same, by another library and from the words of the rules. */
const reference = {
  key: (session: string, inputKey: Uint8Array): Buffer =>
    Buffer.from(hkdfSync('sha256', inputKey, Buffer.from(session), Buffer.from('proxim/1/signal'), 32)),
  auth: (key: Uint8Array, parts: readonly string[]): string =>
    createHmac('sha256', key)
      .update(Buffer.concat(parts.flatMap((part, index) => [Buffer.from(index === 0 ? '' : '\0'), Buffer.from(part)])))
      .digest('base64url'),
};

const cases = [
  { name: 'before d', secrets: { linkSecret }, expected: vectors.withoutDeviceSecret },
  { name: 'with d', secrets: { linkSecret, deviceSecret }, expected: vectors.withDeviceSecret },
] as const;

describe('fixed vectors', () => {
  for (const { name, secrets, expected } of cases) {
    const key = deriveAuthKey(sessionID, secrets);

    it(`[AU1] [AU8] K ${name}`, () => {
      expect(Buffer.from(key).toString('hex')).toBe(expected.key);
      expect(key).toHaveLength(32);
    });
    it(`[AU2] [AU3] auth of a pair_request ${name}`, () => {
      expect(authOfPairRequest(key, vectors.galaxy)).toBe(expected.pairGalaxy);
      expect(authOfPairRequest(key, vectors.unicode)).toBe(expected.pairUnicode);
    });
    it(`[AU2] [AU4] auth of an offer ${name}`, () => {
      expect(authOfOffer(key, vectors.offer)).toBe(expected.offer);
    });
    it(`[AU2] [AU5] auth of an answer ${name}`, () => {
      expect(authOfAnswer(key, vectors.offer, vectors.answer)).toBe(expected.answer);
    });
  }
});

describe('against node:crypto', () => {
  const secret = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const optionalSecret = fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined });
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{6,64}$/);

  it('[AU1] [AU2] [AU3] [AU4] [AU5] any secrets and any texts', () => {
    fc.assert(
      fc.property(secret, optionalSecret, name, text, text, (k, d, session, first, second) => {
        const key = deriveAuthKey(session as SessionID, { linkSecret: k, deviceSecret: d });
        const theirs = reference.key(session, Buffer.concat([k, d ?? new Uint8Array()]));
        expect(Buffer.from(key)).toEqual(theirs);
        expect(authOfPairRequest(key, { id: first, name: second })).toBe(
          reference.auth(theirs, ['pair', first, second]),
        );
        expect(authOfOffer(key, first)).toBe(reference.auth(theirs, ['offer', first]));
        expect(authOfAnswer(key, first, second)).toBe(reference.auth(theirs, ['answer', first, second]));
      }),
    );
  });
});

describe('what an auth stands for', () => {
  const key = deriveAuthKey(sessionID, { linkSecret });
  const right = authOfPairRequest(key, vectors.galaxy);

  it('[AU8] [AU9] what k alone makes is wrong once d counts', () => {
    const later = deriveAuthKey(sessionID, { linkSecret, deviceSecret });
    expect(judgeAuth(authOfPairRequest(later, vectors.galaxy), right)).toBe('wrong');
  });

  it('[AU1] the auth of one session is wrong in another', () => {
    const other = deriveAuthKey('abc124' as SessionID, { linkSecret });
    expect(judgeAuth(authOfPairRequest(other, vectors.galaxy), right)).toBe('wrong');
  });

  it('[AU3] name and id cannot change places, nor letters between them', () => {
    const { id, name } = vectors.galaxy;
    expect(authOfPairRequest(key, { id: name, name: id })).not.toBe(right);
    expect(authOfPairRequest(key, { id: `${id}G`, name: name.slice(1) })).not.toBe(right);
  });

  it('[AU5] [AU7] an answer to another offer, or with another fingerprint, is wrong', () => {
    const answer = authOfAnswer(key, vectors.offer, vectors.answer);
    expect(judgeAuth(authOfAnswer(key, `${vectors.offer} `, vectors.answer), answer)).toBe('wrong');
    expect(judgeAuth(authOfAnswer(key, vectors.offer, vectors.answer.replace('CC:DD', 'CC:DE')), answer)).toBe('wrong');
    expect(judgeAuth(authOfOffer(key, vectors.answer), answer)).toBe('wrong');
  });

  it('[AU10] an auth is right, wrong, or missing', () => {
    expect(judgeAuth(right, right)).toBe('right');
    expect(judgeAuth(right, `${right.slice(0, -1)}A`)).toBe('wrong');
    expect(judgeAuth(right, '')).toBe('wrong');
    expect(judgeAuth(right, `${right}=`)).toBe('wrong');
    expect(judgeAuth(right, undefined)).toBe('missing');
  });
});

describe('comparing in constant time', () => {
  it('[AU6] [MS9] finds the same that === finds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.string({ unit: 'binary', maxLength: 30 }),
        (left, right) => {
          expect(equalInConstantTime(left, right)).toBe(left === right);
          expect(equalInConstantTime(left, `${left} `.slice(0, -1))).toBe(true);
        },
      ),
    );
  });

  it('[AU6] [MS9] looks at every character, whichever is the first that differs', () => {
    const looked: number[] = [];
    const spied = (text: string): string =>
      ({
        length: text.length,
        charCodeAt: (index: number) => {
          looked.push(index);
          return text.charCodeAt(index);
        },
      }) as unknown as string;
    expect(equalInConstantTime(spied('abcd'), 'xbcd')).toBe(false);
    expect(equalInConstantTime(spied('abcd'), 'abcx')).toBe(false);
    expect(looked).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });
});
