import { type Link, type LinkFault, makeLink, parseLink, type SessionID, signalingUrl } from '@proxim/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const link: Link = {
  origin: 'http://192.168.1.7:47800',
  sessionID: 'Zm9vYmFyYmF6cXV4MTIzNA' as SessionID,
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  secret: Uint8Array.from({ length: 16 }, (_, index) => index),
};
const text =
  'http://192.168.1.7:47800/#v=1&s=Zm9vYmFyYmF6cXV4MTIzNA&u=123e4567-e89b-42d3-a456-426614174000&k=AAECAwQFBgcICQoLDA0ODw';

const faultOf = (pasted: string): LinkFault | 'none' => {
  const parsed = parseLink(pasted);
  return parsed.ok ? 'none' : parsed.error;
};

describe('a link', () => {
  it('[LK1] [LK4] [LK5] is written with everything behind the #', () => {
    expect(makeLink(link)).toBe(text);
    expect(new URL(text).pathname + new URL(text).search).toBe('/');
  });

  it('[LK1] is read as it was written', () => {
    expect(parseLink(text)).toEqual({ ok: true, value: link });
  });

  it('[LK2] [LK3] with n and a', () => {
    const full = { ...link, computerName: 'Zoë’s & Max=1 #PC', signaling: 'wss://relay.example.org:8443/signal' };
    expect(makeLink(full)).toBe(
      `${text}&n=Zo%C3%AB%E2%80%99s%20%26%20Max%3D1%20%23PC&a=wss%3A%2F%2Frelay.example.org%3A8443%2Fsignal`,
    );
    expect(parseLink(makeLink(full))).toEqual({ ok: true, value: full });
  });

  it('[LK1] [LK2] [LK3] any link survives the way there and back', () => {
    const host = fc.oneof(
      fc.ipV4(),
      fc.domain(),
      fc
        .ipV6()
        .filter((address) => !address.includes('.'))
        .map((address) => `[${address.toLowerCase()}]`),
      fc.constant('localhost'),
    );
    const hostPort = fc.tuple(host, fc.integer({ min: 1, max: 65_535 })).map(([name, port]) => `${name}:${port}`);
    const anyLink = fc.record(
      {
        origin: fc.tuple(fc.constantFrom('http://', 'https://'), hostPort).map((parts) => parts.join('').toLowerCase()),
        sessionID: fc.stringMatching(/^[A-Za-z0-9_-]{6,64}$/).map((id) => id as SessionID),
        uuid: fc.uuid(),
        secret: fc.uint8Array({ minLength: 16, maxLength: 16 }),
        computerName: fc.stringMatching(/^[ -~äöüß电话📱]{0,60}$/u),
        signaling: fc.tuple(fc.constantFrom('', 'ws://', 'wss://'), hostPort).map((parts) => parts.join('')),
      },
      { requiredKeys: ['origin', 'sessionID', 'uuid', 'secret'] },
    );
    fc.assert(
      fc.property(anyLink, (any) => {
        expect(parseLink(makeLink(any))).toEqual({ ok: true, value: { ...any, secret: Uint8Array.from(any.secret) } });
      }),
      { numRuns: 1000 },
    );
  });

  const accepted: readonly (readonly [string, string, Partial<Link>])[] = [
    ['with white space around it, as pasted', `  ${text}\n`, {}],
    ['without the slash before the #', text.replace('/#', '#'), {}],
    ['with its fields in another order', text.replace(/#(v=1)&(.*)$/, '#$2&$1'), {}],
    ['with a field that a newer Proxim added', `${text}&z=9&flag`, {}],
    ['over https', text.replace('http', 'https'), { origin: 'https://192.168.1.7:47800' }],
    ['typed with a capital', text.replace('http', 'Http'), {}],
    ['of a name in capitals', text.replace('192.168.1.7', 'Zoes-PC.local'), { origin: 'http://zoes-pc.local:47800' }],
    ['of an IPv6 address', text.replace('192.168.1.7', '[fd00::1]'), { origin: 'http://[fd00::1]:47800' }],
    ['of a port that goes without saying', text.replace(':47800', ''), { origin: 'http://192.168.1.7' }],
  ];
  for (const [name, pasted, changes] of accepted) {
    it(`[LK1] ${name} is read`, () => {
      expect(parseLink(pasted)).toEqual({ ok: true, value: { ...link, ...changes } });
    });
  }

  const refused: readonly (readonly [string, string, LinkFault])[] = [
    ['nothing', '', 'not_a_link'],
    ['words', 'scan me', 'not_a_link'],
    ['the address alone', 'http://192.168.1.7:47800/', 'not_a_link'],
    ['another page', 'https://example.org/', 'not_a_link'],
    ['another page with a fragment', 'https://example.org/#about', 'not_a_link'],
    ['a path before the fragment', text.replace('/#', '/app#'), 'not_a_link'],
    ['a query', text.replace('/#', '/?x=1#'), 'not_a_link'],
    ['user and password', text.replace('http://', 'http://me:secret@'), 'not_a_link'],
    ['another scheme', text.replace('http', 'javascript'), 'not_a_link'],
    ['two links in a row', `${text} ${text}`, 'not_a_link'],
    ['version 2', text.replace('v=1', 'v=2'), 'other_version'],
    ['version 01', text.replace('v=1', 'v=01'), 'other_version'],
    ['no version', text.replace('v=1&', ''), 'not_a_link'],
    ['no session', text.replace(/s=[^&]*&/, ''), 'incomplete'],
    ['no uuid', text.replace(/u=[^&]*&/, ''), 'incomplete'],
    ['no secret', text.replace(/&k=.*/, ''), 'incomplete'],
    ['a session that is none', text.replace(/s=[^&]*/, 's=a b'), 'not_a_link'],
    ['a session that is too short', text.replace(/s=[^&]*/, 's=abc'), 'incomplete'],
    ['a uuid that is none', text.replace(/u=[^&]*/, 'u=123'), 'incomplete'],
    ['a secret that is not base64url', text.replace('AAECAw', 'AAEC+w'), 'incomplete'],
    ['a secret of 15 bytes', text.replace('DA0ODw', 'DA0O'), 'incomplete'],
    ['a secret of 17 bytes', `${text}DA`, 'incomplete'],
    ['a secret with bits to spare', text.replace('ODw', 'ODx'), 'incomplete'],
    ['a session that stands twice', `${text}&s=Zm9vYmFyYmF6cXV4MTIzNA`, 'incomplete'],
    ['a secret that stands twice', `${text}&k=AAECAwQFBgcICQoLDA0ODw`, 'incomplete'],
    ['a name that is not UTF-8', `${text}&n=%FF`, 'incomplete'],
    ['a server that is no address', `${text}&a=not%20an%20address`, 'incomplete'],
    ['a server over http', `${text}&a=http%3A%2F%2Frelay.example.org`, 'incomplete'],
    ['a server with user and password', `${text}&a=wss%3A%2F%2Fme%40relay.example.org`, 'incomplete'],
  ];
  for (const [name, pasted, fault] of refused) {
    it(`[LK1] [LK3] ${name}: ${fault}`, () => {
      expect(faultOf(pasted)).toBe(fault);
    });
  }

  it('[LK1] pasted by half, it says so or is no link, and is never taken for whole', () => {
    for (let length = 0; length < text.length; length += 1) {
      expect(['not_a_link', 'incomplete']).toContain(faultOf(text.slice(0, length)));
    }
  });

  it('[LK1] any text at all is read without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((end) => text + end),
        ),
        (any) => {
          expect(typeof parseLink(any).ok).toBe('boolean');
        },
      ),
    );
  });
});

describe('the name of a computer', () => {
  const nameIn = (computerName: string): string | undefined => {
    const parsed = parseLink(makeLink({ ...link, computerName }));
    return parsed.ok ? parsed.value.computerName : undefined;
  };

  it('[LK2] [MS6] loses what could disguise it', () => {
    expect(nameIn('exe\u202Egpj\u0000\n\u2066')).toBe('exegpj');
  });

  it('[LK2] [MS6] is cut after 128 characters, and never through one', () => {
    expect(nameIn('x'.repeat(500))).toBe('x'.repeat(128));
    expect(nameIn(`x${'📱'.repeat(200)}`)).toBe(`x${'📱'.repeat(127)}`);
  });

  it('[LK2] [MS6] with half a character in it can be written', () => {
    expect(nameIn('Zoe\uD83D')).toBe('Zoe');
  });
});

describe('where signaling is', () => {
  const origin = 'http://192.168.1.7:47800';
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    [origin, undefined, 'ws://192.168.1.7:47800/signal'],
    ['https://192.168.1.7:47800', undefined, 'wss://192.168.1.7:47800/signal'],
    ['https://[fd00::1]:47800', undefined, 'wss://[fd00::1]:47800/signal'],
    [origin, 'relay.example.org:8443', 'ws://relay.example.org:8443/signal'],
    ['https://192.168.1.7', 'relay.example.org', 'wss://relay.example.org/signal'],
    [origin, 'wss://relay.example.org/', 'wss://relay.example.org/'],
    ['https://192.168.1.7', 'ws://[fd00::2]:1', 'ws://[fd00::2]:1'],
  ];
  for (const [page, signaling, url] of cases) {
    it(`[TR1] [LK3] ${page} with ${signaling ?? 'no a'}: ${url}`, () => {
      expect(signalingUrl({ origin: page, ...(signaling === undefined ? {} : { signaling }) })).toBe(url);
    });
  }

  it('[LK3] takes a host that is called ws for the host that it is, and half a character for none', () => {
    const base =
      'http://192.168.1.7:47800/#v=1&s=abc123&u=123e4567-e89b-42d3-a456-426614174000&k=AAECAwQFBgcICQoLDA0ODw';
    const named = parseLink(`${base}&a=ws:8080`);
    expect(named.ok && signalingUrl(named.value)).toBe('ws://ws:8080/signal');
    expect(parseLink(`${base}&a=\ud800`)).toEqual({ ok: false, error: 'incomplete' });
  });
});
