import { parseScreenPhoneMessage, type ScreenPhoneMessage } from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { describe, expect, it } from 'vitest';

import { type PictureConnection, type PictureHandlers, ScreenViewer } from '../../src/screen-view/screen-viewer.js';
import { screenTexts } from '../../src/screen-view/texts.js';
import { settle } from '../support/phone.js';

const sdp = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n';
const candidate = { candidate: 'candidate:1 1 udp 1 192.168.1.7 5000 typ host', sdpMid: '0', sdpMLineIndex: 0 };

/** A connection that only writes down what it is told; a real one is in e2e/screen.test.ts. */
class Connection implements PictureConnection {
  readonly calls: string[] = [];
  isClosed = false;
  readonly handlers: PictureHandlers<string>;

  constructor(handlers: PictureHandlers<string>) {
    this.handlers = handlers;
  }

  setRemoteDescription({ sdp: given }: { sdp: string }): Promise<void> {
    this.calls.push('remote');
    return given === sdp ? Promise.resolve() : Promise.reject(new Error('no description'));
  }

  createAnswer(): Promise<{ sdp: string }> {
    return Promise.resolve({ sdp });
  }

  setLocalDescription(): Promise<void> {
    this.calls.push('local');
    return Promise.resolve();
  }

  addIceCandidate(): Promise<void> {
    this.calls.push('candidate');
    return Promise.reject(new Error('of no use here'));
  }

  close(): void {
    this.isClosed = true;
  }
}

const setUp = () => {
  const connections: Connection[] = [];
  const viewer = new ScreenViewer<string>({
    openConnection: (_iceServers, handlers) => {
      const connection = new Connection(handlers);
      connections.push(connection);
      return connection;
    },
    size: () => ({ width: 1688.4, height: 20_000 }),
  });
  const connect = () => {
    const sent: ScreenPhoneMessage[] = [];
    let listener: ((data: string) => void) | undefined;
    const channel: DirectChannel = {
      label: 'screen',
      bufferedBytes: 0,
      send: (data) => {
        const read = parseScreenPhoneMessage(String(data));
        if (!read.ok) throw new Error(`${read.fault}: ${String(data)}`);
        sent.push(read.message);
        return true;
      },
      onMessage: (next) => (listener = next),
      onClose: () => undefined,
    };
    viewer.use(channel);
    return { sent, hears: (message: object) => listener?.(JSON.stringify(message)) };
  };
  const computer = connect();
  return {
    viewer,
    connections,
    connect,
    computer,
    /** Asks, and is shown the screen. */
    see: async (): Promise<Connection> => {
      viewer.ask();
      computer.hears({ type: 'screen_state', share: 1, state: 'asked' });
      computer.hears({ type: 'screen_state', share: 1, state: 'sharing' });
      computer.hears({ type: 'screen_offer', share: 1, sdp });
      await settle();
      const connection = connections.at(-1)!;
      connection.handlers.onStream('picture');
      return connection;
    },
  };
};

describe('the screen on the phone', () => {
  it('is asked for, answered, and seen', async () => {
    const { viewer, computer, connections } = setUp();
    viewer.ask();
    expect(computer.sent).toEqual([{ type: 'screen_ask', share: 1, maxWidth: 1688, maxHeight: 8192 }]);
    expect(viewer.view.value).toEqual({ at: 'asked' });
    computer.hears({ type: 'screen_state', share: 1, state: 'sharing' });
    expect(viewer.view.value).toEqual({ at: 'coming' });
    computer.hears({ type: 'screen_offer', share: 1, sdp });
    await settle();
    expect(connections[0]!.calls).toEqual(['remote', 'local']);
    expect(computer.sent.at(-1)).toEqual({ type: 'screen_answer', share: 1, sdp });
    connections[0]!.handlers.onStream('picture');
    expect(viewer.view.value).toEqual({ at: 'seen', stream: 'picture' });
  });

  it('keeps the candidates that come before the answer is made', async () => {
    const { viewer, computer, connections } = setUp();
    viewer.ask();
    computer.hears({ type: 'screen_offer', share: 1, sdp });
    computer.hears({ type: 'screen_candidate', share: 1, ...candidate });
    await settle();
    expect(connections[0]!.calls).toEqual(['remote', 'local', 'candidate']);
    connections[0]!.handlers.onCandidate({ candidate: '', sdpMid: '0', sdpMLineIndex: 0 });
    expect(computer.sent.at(-1)).toMatchObject({ type: 'screen_candidate', candidate: '' });
  });

  it('ends by the user, and the computer is told', async () => {
    const { viewer, computer, see } = setUp();
    const connection = await see();
    viewer.stop();
    expect(computer.sent.at(-1)).toEqual({ type: 'screen_stop', share: 1 });
    expect(viewer.view.value).toEqual({ at: 'off', why: null });
    expect(connection.isClosed).toBe(true);
    // What comes now was on its way.
    computer.hears({ type: 'screen_offer', share: 1, sdp });
    connection.handlers.onStream('late');
    await settle();
    expect(viewer.view.value).toEqual({ at: 'off', why: null });
  });

  it.each(['refused', 'stopped'])('ends when the computer says %s, with the reason', async (state) => {
    const { viewer, computer, see } = setUp();
    const connection = await see();
    computer.hears({ type: 'screen_state', share: 1, state, reason: 'not_allowed' });
    expect(viewer.view.value).toEqual({ at: 'off', why: 'not_allowed' });
    expect(connection.isClosed).toBe(true);
    viewer.allowed();
    expect(viewer.view.value).toEqual({ at: 'off', why: null });
  });

  it('hears nothing of an earlier wish', () => {
    const { viewer, computer, connections } = setUp();
    viewer.ask();
    viewer.stop();
    viewer.ask();
    computer.hears({ type: 'screen_state', share: 1, state: 'refused', reason: 'declined' });
    computer.hears({ type: 'screen_offer', share: 1, sdp });
    expect(viewer.view.value).toEqual({ at: 'asked' });
    expect(connections).toHaveLength(0);
  });

  it('ends with the direct connection that it was agreed upon over', async () => {
    const { viewer, connect, see } = setUp();
    const connection = await see();
    connect();
    expect(viewer.view.value).toEqual({ at: 'off', why: 'interrupted' });
    expect(connection.isClosed).toBe(true);
  });

  it('says after a reload that it ended', () => {
    const { viewer, computer } = setUp();
    computer.hears({ type: 'screen_state', share: 9, state: 'stopped', reason: 'interrupted' });
    expect(viewer.view.value).toEqual({ at: 'off', why: 'interrupted' });
    viewer.dismiss();
    computer.hears({ type: 'screen_state', share: 9, state: 'stopped', reason: 'declined' });
    expect(viewer.view.value).toEqual({ at: 'off', why: null });
  });

  it('gives up where there is no way, and says so to the computer', async () => {
    const { viewer, computer, see } = setUp();
    const connection = await see();
    connection.handlers.onFailed();
    expect(viewer.view.value).toEqual({ at: 'off', why: 'no_path' });
    expect(computer.sent.at(-1)).toEqual({ type: 'screen_stop', share: 1 });
  });

  it('gives up on an offer that its browser cannot read', async () => {
    const { viewer, computer } = setUp();
    viewer.ask();
    computer.hears({ type: 'screen_offer', share: 1, sdp: `${sdp}s=\r\n` });
    await settle();
    expect(viewer.view.value).toEqual({ at: 'off', why: 'no_path' });
  });

  it('has a sentence for each reason, and one for those of a newer computer', () => {
    for (const reason of ['declined', 'not_allowed', 'constructor', 'later']) {
      expect(screenTexts.over(reason)).toMatch(/^[A-Z].*\.$/);
    }
    expect(screenTexts.over('later')).toBe(screenTexts.over('constructor'));
  });
});
