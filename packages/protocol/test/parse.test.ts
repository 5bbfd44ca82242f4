import { type ParseFailure, parseClientMessage, parseServerMessage } from '@proxim/protocol';
import { clientSchemas, serverSchemas } from '@proxim/protocol/schemas';
import fc from 'fast-check';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';

import { clientChecks, serverChecks } from '../src/generated/validators.js';
import { seedExamples } from './seed-examples.js';

const session = { sessionID: 'abc123' };
const uuid = '123e4567-e89b-42d3-a456-426614174000';
const peerToken = 'abcdefghijklmnopqrstuv';
const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };

const create = { type: 'session_create', ...session, uuid };
const request = { type: 'pair_request', ...session, deviceInfo };
const response = { type: 'pair_response', ...session, approved: true };
const signal = { type: 'signal', ...session, payload: { sdp: 'v=0' } };

const parse = (message: unknown) => parseClientMessage(JSON.stringify(message));
const faultOf = (text: string): ParseFailure | undefined => {
  const parsed = parseClientMessage(text);
  return parsed.ok ? undefined : parsed.error;
};

describe('the examples of the original specification', () => {
  const { pair_prompt, pair_result, ...toServer } = seedExamples;
  for (const [name, text] of Object.entries(toServer)) {
    it(`[TR13] [MS10] [MS11] [MS21] the server accepts ${name} as printed`, () => {
      expect(parseClientMessage(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    });
  }
  for (const [name, text] of Object.entries({ pair_prompt, pair_result, signal: seedExamples.signal })) {
    it(`[TR13] [MS1] [MS12] a peer accepts ${name} as printed, with none of the additions`, () => {
      expect(parseServerMessage(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    });
  }
});

describe('frames that are no message', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['words', 'hello'],
    ['half a message', '{"type":"ping"'],
    ['two messages', '{"type":"ping"}{"type":"ping"}'],
    ['single quotes', "{'type':'ping'}"],
    ['a trailing comma', '{"type":"ping",}'],
    ['a byte order mark', '\uFEFF{"type":"ping"}'],
    ['an array', '[]'],
    ['an array around a message', '[{"type":"ping"}]'],
    ['a number', '7'],
    ['a huge number', '1e999'],
    ['a string', '"ping"'],
    ['null', 'null'],
    ['true', 'true'],
    ['an empty object', '{}'],
    ['a type that is null', '{"type":null}'],
    ['a type that is a number', '{"type":1}'],
    ['a type that is an array', '{"type":["ping"]}'],
    ['a type that is an object', '{"type":{"toString":"ping"}}'],
    ['30,000 arrays in each other', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['30,000 objects in each other', '{"a":'.repeat(30_000) + '1' + '}'.repeat(30_000)],
    ['30,000 arrays that never close', '['.repeat(30_000)],
  ];
  for (const [name, text] of texts) {
    it(`[TR3] [ER2] ${name}: bad_message`, () => {
      expect(faultOf(text)).toMatchObject({ code: 'bad_message' });
      expect(parseServerMessage(text)).toMatchObject({ ok: false, error: { code: 'bad_message' } });
    });
  }

  it('[TR3] [SG5] 30,000 arrays in each other inside a payload are none of our business', () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    expect(faultOf(`{"type":"signal","sessionID":"abc123","payload":{"sdp":${deep}}}`)).toBeUndefined();
  });

  it('[TR3] no text makes the parser throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(typeof parseClientMessage(text).ok).toBe('boolean');
        expect(typeof parseServerMessage(text).ok).toBe('boolean');
      }),
    );
  });
});

describe('unknown types', () => {
  for (const type of [
    'pair_hug',
    'session_created',
    'pair_prompt',
    'pong',
    'error',
    'PING',
    'constructor',
    '__proto__',
    'toString',
    '',
  ]) {
    it(`[TR8] [ER3] "${type}" from a client: unknown_type`, () => {
      expect(faultOf(JSON.stringify({ ...session, type }))).toMatchObject({
        code: 'unknown_type',
        sessionID: 'abc123',
      });
    });
  }

  it('[ER1] the reply names the type and the session, when they are plain', () => {
    expect(faultOf('{"type":"pair_hug","sessionID":"abc123"}')).toEqual({
      code: 'unknown_type',
      message: expect.any(String) as string,
      replyTo: 'pair_hug',
      sessionID: 'abc123',
    });
    expect(faultOf(JSON.stringify({ type: '<script>', sessionID: 'a b' }))).toEqual({
      code: 'unknown_type',
      message: expect.any(String) as string,
    });
  });

  it('[ER1] the reply never grows with what it replies to', () => {
    const fault = faultOf(JSON.stringify({ type: 'x'.repeat(60_000), sessionID: 'y'.repeat(5000) }));
    expect(JSON.stringify(fault).length).toBeLessThan(200);
  });
});

describe('fields that are missing or wrong', () => {
  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    sessionID: [
      undefined,
      null,
      7,
      true,
      [],
      {},
      '',
      'abc12',
      'x'.repeat(65),
      'abc 123',
      'abc/123',
      'äbc123',
      'abc123\n',
    ],
    uuid: [
      undefined,
      null,
      7,
      '',
      'abc',
      uuid.slice(1),
      `${uuid}0`,
      `{${uuid}}`,
      uuid.replaceAll('-', ''),
      `${uuid}\n`,
    ],
    sessionType: [null, 7, '', 'forever', 'Temporary', ['temporary']],
    ttlSeconds: [null, 0, -1, 1.5, 2_000_001, '900', 1e300, true],
    peerToken: [null, 7, '', 'short', `${peerToken}x`, `${peerToken.slice(1)}=`, `${peerToken.slice(1)}+`],
    token: [null, 7, {}, 'x'.repeat(257)],
    deviceInfo: [
      undefined,
      null,
      7,
      'Galaxy S23',
      [],
      {},
      { name: 'x' },
      { id: 'x' },
      { name: 1, id: 'x' },
      { name: 'x', id: null },
    ],
    auth: [null, 7, {}, 'x'.repeat(257)],
    approved: [undefined, null, 0, 1, 'true', 'yes', []],
    promptID: [null, 7, '', 'x'.repeat(65), 'a b'],
    reason: [null, 7, '', 'Rejected', 'because of <b>', 'x'.repeat(65)],
    payload: [undefined, null, 7, 'v=0', [], {}, { other: 1 }, { SDP: 'v=0' }, [{ sdp: 'v=0' }]],
  };
  const messages = [
    [create, ['sessionID', 'uuid', 'sessionType', 'ttlSeconds', 'peerToken', 'token']],
    [{ type: 'session_close', ...session }, ['sessionID']],
    [request, ['sessionID', 'deviceInfo', 'peerToken', 'auth']],
    [response, ['sessionID', 'approved', 'promptID', 'reason']],
    [signal, ['sessionID', 'payload']],
  ] as const;
  const rulesOf: Readonly<Record<string, string>> = {
    session_create: '[MS15]',
    session_close: '[MS17]',
    pair_request: '[MS10]',
    pair_response: '[MS11]',
    signal: '[MS21]',
    sessionID: '[MS2]',
    uuid: '[MS4]',
    deviceInfo: '[MS6]',
    peerToken: '[MS8]',
    payload: '[SG5]',
    ttlSeconds: '[EX2]',
  };
  for (const [message, fields] of messages) {
    it(`${rulesOf[message.type] ?? ''} ${message.type} as it should be is accepted`, () => {
      expect(parse(message)).toEqual({ ok: true, value: message });
    });
    for (const field of fields) {
      it(`${[rulesOf[message.type], rulesOf[field]].join(' ')} [ER2] ${message.type} with a wrong ${field}: bad_message that names it`, () => {
        for (const value of wrong[field] ?? []) {
          const fault = faultOf(JSON.stringify({ ...message, [field]: value }));
          expect(fault, JSON.stringify(value)).toMatchObject({ code: 'bad_message', replyTo: message.type });
          expect(fault?.message).toContain(`\`${field}\` is ${value === undefined ? 'missing' : 'not'}`);
        }
      });
    }
  }

  it('[MS2] every character of a sessionID is allowed, from 6 to 64 of them', () => {
    for (const sessionID of ['abcdef', 'A-_z09', 'x'.repeat(64), '------']) {
      expect(parse({ ...request, sessionID }).ok, sessionID).toBe(true);
    }
  });

  it('[MS4] a uuid of any version is allowed, in either case', () => {
    for (const good of [
      uuid,
      uuid.toUpperCase(),
      '00000000-0000-0000-0000-000000000000',
      '01890a5d-ac96-774b-bcce-b302099a8057',
    ]) {
      expect(parse({ ...create, uuid: good }).ok, good).toBe(true);
    }
  });

  it('[EX2] ttlSeconds may be from 1 to 2,000,000', () => {
    for (const ttlSeconds of [1, 900, 2_000_000]) expect(parse({ ...create, ttlSeconds }).ok).toBe(true);
  });

  it('[MS15] [MS8] every addition to session_create is accepted', () => {
    const full = { ...create, sessionType: 'one_time', ttlSeconds: 60, peerToken, token: 'anything at all' };
    expect(parse(full)).toEqual({ ok: true, value: full });
  });

  it("[MS13] a reason of the desktop's own is accepted", () => {
    for (const reason of ['unverified', 'blocked']) {
      expect(parse({ ...response, approved: false, reason }).ok).toBe(true);
    }
  });

  it('[TR7] unknown fields are passed over at every level', () => {
    const more = { ...request, colour: 'green', deviceInfo: { ...deviceInfo, model: 'SM-S911B' } };
    expect(parse(more).ok).toBe(true);
    const prompt = { type: 'pair_prompt', ...session, deviceInfo, mood: { good: true } };
    expect(parseServerMessage(JSON.stringify(prompt)).ok).toBe(true);
  });
});

describe('names of devices', () => {
  const allowed = [
    'x',
    'Galaxy S23',
    'Ümläut',
    '电话',
    '📱 of Zoë',
    '<b>bold</b>',
    'x'.repeat(128),
    '📱'.repeat(128),
    "O'Neill\\",
    '👨‍👩‍👧',
  ];
  const refused: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['129 characters', 'x'.repeat(129)],
    ['129 characters beyond the BMP', '📱'.repeat(129)],
    ['60,000 characters', 'x'.repeat(60_000)],
    ['a line feed', 'Galaxy\nS23'],
    ['NUL', 'Galaxy\0S23'],
    ['an escape', '\u001b[31mGalaxy'],
    ['DEL', 'Galaxy\u007f'],
    ['a C1 control', 'Galaxy\u0085'],
    ['a right-to-left override', 'exe.\u202Egpj'],
    ['a right-to-left mark', 'x\u200F'],
    ['a left-to-right mark', 'x\u200E'],
    ['an Arabic letter mark', 'x\u061C'],
    ['a first strong isolate', 'x\u2068y'],
    ['a pop directional isolate', 'x\u2069y'],
    ['a high surrogate alone', 'x\uD83D'],
    ['a low surrogate alone', '\uDCF1x'],
    ['surrogates in the wrong order', '\uDCF1\uD83D'],
  ];
  for (const field of ['name', 'id'] as const) {
    it(`[MS6] ${field}: ${String(allowed.length)} that are odd and right`, () => {
      for (const text of allowed) {
        expect(parse({ ...request, deviceInfo: { ...deviceInfo, [field]: text } }).ok, text).toBe(true);
      }
    });
    for (const [name, text] of refused) {
      it(`[MS6] ${field}: ${name} is refused`, () => {
        const fault = faultOf(JSON.stringify({ ...request, deviceInfo: { ...deviceInfo, [field]: text } }));
        expect(fault).toMatchObject({ code: 'bad_message', replyTo: 'pair_request', sessionID: 'abc123' });
      });
    }
  }
});

describe('a signal with a key that stands twice', () => {
  const repeated: readonly (readonly [string, string])[] = [
    ['payload', '{"type":"signal","sessionID":"abc123","payload":{"sdp":"a"},"payload":{"sdp":"b"}}'],
    ['type', '{"type":"ping","type":"signal","sessionID":"abc123","payload":{"sdp":"a"}}'],
    ['sessionID', '{"type":"signal","sessionID":"other1","sessionID":"abc123","payload":{"sdp":"a"}}'],
    [
      'sessionID, once escaped',
      '{"type":"signal","sessionI\\u0044":"other1","sessionID":"abc123","payload":{"sdp":"a"}}',
    ],
    [
      'payload, once escaped whole',
      '{"type":"signal","sessionID":"abc123","payload":{"sdp":"a"},"\\u0070\\u0061\\u0079\\u006c\\u006f\\u0061\\u0064":{"sdp":"b"}}',
    ],
    ['a key of no meaning', '{"x":1,"type":"signal","sessionID":"abc123","payload":{"sdp":"a"},"x":2}'],
    [
      'sdp beside the payload, escaped',
      '{"sdp":1,"\\u0073dp":2,"type":"signal","sessionID":"abc123","payload":{"sdp":"a"}}',
    ],
    ['__proto__', '{"__proto__":1,"__proto__":2,"type":"signal","sessionID":"abc123","payload":{"sdp":"a"}}'],
    ['the empty key', '{"":1,"type":"signal","":2,"sessionID":"abc123","payload":{"sdp":"a"}}'],
    ['after an escaped quote', '{"a\\"":1,"type":"signal","a\\"":2,"sessionID":"abc123","payload":{"sdp":"a"}}'],
  ];
  for (const [name, text] of repeated) {
    it(`[TR9] ${name}: bad_message`, () => {
      expect(faultOf(text)).toMatchObject({ code: 'bad_message' });
    });
  }

  it('[TR9] inside the payload the same key is between the peers', () => {
    expect(faultOf('{"type":"signal","sessionID":"abc123","payload":{"sdp":"a","\\u0073dp":"b"}}')).toBeUndefined();
    expect(
      faultOf('{"type":"signal","sessionID":"abc123","payload":{"sdp":"a"},"more":{"type":1,"payload":2}}'),
    ).toBeUndefined();
  });

  it('[TR9] a value that looks like a key is none', () => {
    expect(
      faultOf('{"type":"signal","sessionID":"abc123","payload":{"sdp":"\\",\\"type\\":"},"x":"type","y":["type"]}'),
    ).toBeUndefined();
  });
});

describe('the generated validators', () => {
  type Checks = Readonly<Record<string, (value: unknown) => boolean>>;
  const tables: readonly (readonly [side: string, schemas: Readonly<Record<string, TObject>>, checks: Checks])[] = [
    ['from clients', clientSchemas, clientChecks],
    ['from the server', serverSchemas, serverChecks],
  ];
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      0,
      1.5,
      -1,
      true,
      '',
      'abc123',
      uuid,
      peerToken,
      [],
      {},
      deviceInfo,
      { sdp: 1 },
      'approved',
      'lost',
      'temporary',
      Number.NaN,
    ),
    fc.jsonValue(),
  );
  for (const [side, schemas, checks] of tables) {
    for (const [type, schema] of Object.entries(schemas)) {
      it(`[MS1] ${type} ${side} says what its schema says`, () => {
        const fields = Object.fromEntries(Object.keys(schema.properties).map((name) => [name, odd]));
        const check = checks[type]!;
        fc.assert(
          fc.property(fc.record({ ...fields, type: fc.constant(type) }, { requiredKeys: ['type'] }), (value) => {
            expect(check(value)).toBe(Value.Check(schema, value));
          }),
        );
      });
    }
  }
});
