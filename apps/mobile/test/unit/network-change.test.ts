import { describe, expect, it } from 'vitest';

import { listenForNetworkChange } from '../../src/network-change.js';

const begin = (connection?: EventTarget & { type?: string }) => {
  const heard: string[] = [];
  const window = new EventTarget();
  listenForNetworkChange({
    window,
    navigator: connection ? { connection } : {},
    onChange: () => heard.push('change'),
    onHint: () => heard.push('hint'),
  });
  return { heard, window };
};

describe('another network', () => {
  it('is there when the phone is online again, with and without more to go by', () => {
    const { heard, window } = begin();
    window.dispatchEvent(new Event('online'));
    expect(heard).toEqual(['change']);
  });

  it('is another kind of network, and not another speed of the same', () => {
    const connection = Object.assign(new EventTarget(), { type: 'wifi' });
    const { heard } = begin(connection);
    connection.dispatchEvent(new Event('change'));
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
    connection.dispatchEvent(new Event('change'));
    expect(heard).toEqual(['hint', 'change', 'hint']);
  });

  it('may be any change where the browser does not tell the kind', () => {
    const connection = new EventTarget();
    const { heard } = begin(connection);
    connection.dispatchEvent(new Event('change'));
    expect(heard).toEqual(['change']);
  });
});
