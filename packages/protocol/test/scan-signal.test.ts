import { parseClientMessage, type SessionID, scanSignal } from '@proxim/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { seedExamples } from './seed-examples.js';

const sessionID = 'abc123' as SessionID;
const longer = 'abc1234' as SessionID;
const other = 'A-_z09'.repeat(10) as SessionID;
const sessions = [other, longer, sessionID];

const scan = (text: string) => scanSignal(Buffer.from(text), sessions);
const parsed = (text: string) => {
  const result = parseClientMessage(text);
  return result.ok && result.value.type === 'signal' ? result.value.sessionID : undefined;
};
const signal = (payload: string, id: string = sessionID) =>
  `{"type":"signal","sessionID":"${id}","payload":${payload}}`;

const deep = (count: number) => `{"sdp":${'['.repeat(count)}${']'.repeat(count)}}`;

describe('what peers write is found to be a signal without being read', () => {
  const offer = { sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n', type: 'offer', auth: '8'.repeat(43) };
  const candidate = {
    candidate: 'candidate:1 1 udp 2122260223 192.168.1.7 52311 typ host',
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  };
  const frames: readonly (readonly [string, string])[] = [
    ['an offer', signal(JSON.stringify(offer))],
    ['a candidate', signal(JSON.stringify(candidate))],
    [
      'the end of the candidates',
      signal('{"candidate":"","sdpMid":null,"sdpMLineIndex":null,"usernameFragment":null}'),
    ],
    ['a refusal', signal('{"candidate":"","refused":"auth_wrong"}')],
    ['a whole RTCSessionDescriptionInit', signal(JSON.stringify({ sdp: offer }))],
    ['a whole RTCIceCandidateInit', signal(JSON.stringify({ candidate }))],
    ['a candidate that is null', signal('{"candidate":null}')],
    ["the original specification's description", seedExamples.signal],
    ["the original specification's candidate", seedExamples.signal_candidate],
    ['another order', `{"payload":{"more":[1,{"a":[]}],"sdp":""},"sessionID":"${sessionID}","type":"signal"}`],
    ['much space', ` {\t"payload" :\r\n{ "sdp" : [ 1 , 2 ] , "a" : { } } , "sessionID":"abc123","type" : "signal" }\n`],
    ['every escape', signal('{"sdp":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ud800","\\u0061":1}')],
    ['every number', signal('{"sdp":[0,-0,10,1.50,1e5,1E+5,-1.0e-10,12345678901234567890]}')],
    ['every literal', signal('{"candidate":[true,false,null]}')],
    ['a key twice inside the payload', signal('{"sdp":1,"sdp":2,"__proto__":{}}')],
    ['16 arrays in each other', signal(deep(16))],
  ];
  for (const [name, text] of frames) {
    it(`[SG2] [SG5] ${name}`, () => {
      expect(parsed(text)).toBe(sessionID);
      expect(scan(text)).toBe(sessionID);
    });
  }

  it('[SG2] of the sessions it is told of, and no other', () => {
    for (const id of sessions) expect(scan(signal('{"sdp":""}', id))).toBe(id);
    for (const id of ['abc12', 'abc12345', 'abc124', '']) expect(scan(signal('{"sdp":""}', id))).toBeUndefined();
    expect(scanSignal(Buffer.from(signal('{"sdp":""}')), [])).toBeUndefined();
  });
});

describe('anything else has to be read', () => {
  const frames: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['half a frame', signal('{"sdp":""}').slice(0, -1)],
    ['two frames', signal('{"sdp":""}').repeat(2)],
    ['a comma at the end', signal('{"sdp":""}').replace(/\}$/, ',}')],
    ['a comma at the start', signal('{"sdp":""}').replace(/^\{/, '{,')],
    ['a byte order mark', `\ufeff${signal('{"sdp":""}')}`],
    ['an array around it', `[${signal('{"sdp":""}')}]`],
    ['another type', signal('{"sdp":""}').replace('signal', 'signals')],
    ['a type that is spelled otherwise', signal('{"sdp":""}').replace('signal', '\\u0073ignal')],
    ['a key that is spelled otherwise', signal('{"sdp":""}').replace('"type', '"t\\u0079pe')],
    ['an unknown key', signal('{"sdp":""}').replace('{', '{"more":1,')],
    ['no type', `{"sessionID":"abc123","payload":{"sdp":""}}`],
    ['no payload', `{"type":"signal","sessionID":"abc123"}`],
    ['no session', `{"type":"signal","payload":{"sdp":""}}`],
    ['a payload that is no object', signal('[{"sdp":""}]')],
    ['a payload without either', signal('{"sdpx":1,"sd":2,"SDP":3,"a":{"sdp":""}}')],
    ['either as a value alone', signal('{"a":"sdp","b":"candidate"}')],
    ['a string that does not end', `${signal('{"sdp":""}').slice(0, -3)}}}`],
    ['a line feed in a string', signal('{"sdp":"\n"}')],
    ['NUL in a string', signal('{"sdp":"\0"}')],
    ['letters beyond ASCII', signal('{"sdp":"é"}')],
    ['an escape that is none', signal('{"sdp":"\\x41"}')],
    ['half an escape', signal('{"sdp":"\\u00e"}')],
    ['single quotes', signal("{'sdp':''}")],
    ['a zero in front', signal('{"sdp":01}')],
    ['a plus in front', signal('{"sdp":+1}')],
    ['a dot without digits', signal('{"sdp":1.}')],
    ['an exponent without digits', signal('{"sdp":1e}')],
    ['a minus alone', signal('{"sdp":-}')],
    ['NaN', signal('{"sdp":NaN}')],
    ['a literal that goes on', signal('{"sdp":nullx}')],
    ['brackets that do not match', signal('{"sdp":[{]}}')],
    ['a colon that is missing', signal('{"sdp" 1}')],
    ['17 arrays in each other', signal(deep(17))],
    ['30,000 arrays in each other', signal(deep(30_000))],
    ...['type', 'sessionID', 'payload'].map(
      (key) => [`${key} twice`, signal('{"sdp":""}').replace('{', `{"${key}":"signal",`)] as const,
    ),
    ['the payload twice', signal('{"sdp":""},"payload":{"sdp":""}')],
  ];
  for (const [name, text] of frames) {
    it(`[TR3] [TR9] ${name}`, () => {
      expect(scan(text)).toBeUndefined();
    });
  }

  it('[TR3] bytes that are no UTF-8', () => {
    const bytes = Buffer.from(signal('{"sdp":"x"}'));
    bytes[bytes.indexOf('x')] = 0xff;
    expect(scanSignal(bytes, sessions)).toBeUndefined();
  });
});

/** Pieces that matter to JSON, and to a signal. */
const piece = fc.oneof(
  fc.constantFrom(
    ...Array.from('{}[]:,"\\/ \t\n\r\v\0-+.0123456789eEtrufalsn\x7fé'),
    '"sdp"',
    '"type":"signal"',
    '\\u0073',
    'null',
  ),
  fc.json({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r\n ');
const member = (key: string, value: fc.Arbitrary<string>) =>
  fc.tuple(space, space, value, space).map(([a, b, text, c]) => `${a}"${key}"${b}:${text}${c}`);
const anyJson = fc.oneof(fc.json({ maxDepth: 4 }), fc.json({ maxDepth: 2, stringUnit: 'binary' }));
const payload = fc
  .array(fc.tuple(fc.constantFrom('sdp', 'candidate', 'type', 'sd'), anyJson), { minLength: 1, maxLength: 3 })
  .map((members) => `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`);
const members = fc.tuple(
  member('type', fc.oneof({ weight: 9, arbitrary: fc.constant('"signal"') }, fc.constant('"ping"'))),
  member('sessionID', fc.constantFrom(...sessions.flatMap((id) => [`"${id}"`, `"${id}"`]), '"abc12"')),
  member('payload', payload),
);
const layout = members.chain((list) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.shuffledSubarray([...list], { minLength: 3 }) },
    fc.shuffledSubarray([...list, ...list], { minLength: 2, maxLength: 4 }),
  ),
);
const frame = layout.map((list) => `{${list.join(',')}}`);
/** Puts pieces in, or in the place of what is there. */
const changed = fc
  .tuple(frame, fc.array(fc.tuple(fc.nat(), fc.nat(3), piece), { maxLength: 2 }))
  .map(([text, changes]) =>
    changes.reduce((before, [place, length, put]) => {
      const at = place % (before.length + 1);
      return before.slice(0, at) + put + before.slice(at + length);
    }, text),
  );

describe('the scan and the parser', () => {
  it('[TR3] [TR9] [SG2] never differ on what the scan takes for a signal', () => {
    let scanned = 0;
    fc.assert(
      fc.property(changed, (text) => {
        const found = scan(text);
        if (found === undefined) return;
        scanned += 1;
        expect(parsed(text)).toBe(found);
      }),
      { numRuns: 20_000 },
    );
    expect(scanned).toBeGreaterThan(1000);
  });

  it('[SG2] never differ on a frame of ASCII as JSON.stringify lays it out', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const message = fc.record({
      type: fc.constant('signal'),
      sessionID: fc.constantFrom(...sessions),
      payload: fc.oneof(fc.record({ sdp: value, type: value }), fc.record({ candidate: value })),
    });
    fc.assert(
      fc.property(message, (made) => {
        const text = JSON.stringify(made);
        fc.pre(/^[\0-\x7f]*$/.test(text));
        expect(scan(text)).toBe(made.sessionID);
      }),
      { numRuns: 2000 },
    );
  });
});
