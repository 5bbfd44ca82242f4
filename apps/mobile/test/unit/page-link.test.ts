import { makeLink, parseLink } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { readDestination, takePageLink } from '../../src/page-link.js';

const origin = 'http://192.168.1.7:47800';
const link = `${origin}/#v=1&s=sessionsession&u=7f3f1b0e-6a58-4a43-9d1a-0d2f5f0a7c11&k=AAECAwQFBgcICQoLDA0ODw&n=Desk`;

const openedAt = (url: string) => {
  const replaced: string[] = [];
  const { hash, pathname, search } = new URL(url);
  const read = takePageLink({
    location: { origin: new URL(url).origin, pathname, search, hash },
    history: { replaceState: (_data, _unused, to) => replaced.push(String(to)) },
  });
  return { read, replaced };
};

describe('the link in the address bar', () => {
  it('is read, and taken out of the address bar and the history', () => {
    const { read, replaced } = openedAt(link);
    expect(read).toMatchObject({ kind: 'link', link: { computerName: 'Desk', origin } });
    expect(replaced).toEqual(['/']);
  });

  it('is taken out as well when a part of it is missing', () => {
    const { read, replaced } = openedAt(`${origin}/?from=camera#v=1&s=sessionsession`);
    expect(read).toEqual({ kind: 'fault', fault: 'incomplete' });
    expect(replaced).toEqual(['/?from=camera']);
  });

  it('is not there on a page that was opened by hand, nor behind another fragment', () => {
    expect(openedAt(`${origin}/`)).toEqual({ read: { kind: 'none' }, replaced: [] });
    expect(openedAt(`${origin}/#top`).read).toEqual({ kind: 'none' });
  });

  it('belongs to the origin of the page, whatever path served it', () => {
    const { read } = openedAt(link.replace('/#', '/index.html#'));
    expect(read).toMatchObject({ kind: 'link', link: { origin } });
  });
});

describe('what was scanned, pasted or typed', () => {
  it('is used here when it is of this origin', () => {
    expect(readDestination(` ${link}\n`, origin)).toMatchObject({ kind: 'link', link: { computerName: 'Desk' } });
  });

  it('is opened at its own origin otherwise, whole', () => {
    const destination = readDestination(link, 'https://proxim.example');
    expect(destination).toEqual({ kind: 'elsewhere', url: link });
    const read = parseLink(link);
    expect(read.ok && makeLink(read.value)).toBe(link);
  });

  it.each([
    ['192.168.1.9:47800', 'http://192.168.1.9:47800/'],
    ['http://192.168.1.9:47800', 'http://192.168.1.9:47800/'],
    ['https://desk.local', 'https://desk.local/'],
    ['desk.local/', 'http://desk.local/'],
    ['desk:47800', 'http://desk:47800/'],
    ['[fd00::2]:47800', 'http://[fd00::2]:47800/'],
  ])('opens the page at the address %s', (text, url) => {
    expect(readDestination(text, origin)).toEqual({ kind: 'elsewhere', url });
  });

  it('says that an address without a code is this very page', () => {
    expect(readDestination('192.168.1.7:47800', origin)).toEqual({ kind: 'here' });
  });

  it.each(['hello', 'javascript:alert(1)', 'desk.local/page', '1.2.3.4:99999', 'WIFI:S:home;;', ''])(
    'is no link: %s',
    (text) => {
      expect(readDestination(text, origin)).toEqual({ kind: 'fault', fault: 'not_a_link' });
    },
  );

  it('tells a damaged link from something else', () => {
    expect(readDestination(`${origin}/#v=1&s=x`, origin)).toEqual({ kind: 'fault', fault: 'incomplete' });
    expect(readDestination(`${origin}/#v=2`, origin)).toEqual({ kind: 'fault', fault: 'other_version' });
  });
});
