import { describe, expect, it } from 'vitest';

import type { ScreenCommand, WindowScreen } from '../../../src/host/screen-protocol.js';
import {
  type Capture,
  type ScreenConnection,
  type ScreenHandlers,
  ScreenShares,
} from '../../../src/window/screen-shares.js';

const wish: WindowScreen = { share: 4, step: 'asked', maxWidth: 1688, maxHeight: 1688, iceServers: [] };
const offer = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n';

/** A connection that only writes down what it is told; a real one is in e2e/screen.test.ts. */
class Connection implements ScreenConnection {
  readonly candidates: unknown[] = [];
  isClosed = false;

  createOffer(): Promise<{ sdp: string }> {
    return Promise.resolve({ sdp: offer });
  }

  setLocalDescription(): Promise<void> {
    return Promise.resolve();
  }

  setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    return sdp === offer ? Promise.resolve() : Promise.reject(new Error('no description'));
  }

  addIceCandidate({ candidate }: { candidate: string }): Promise<void> {
    this.candidates.push(candidate);
    return candidate === '' ? Promise.resolve() : Promise.reject(new Error('no candidate'));
  }

  close(): void {
    this.isClosed = true;
  }
}

const setUp = () => {
  const connection = new Connection();
  const sent: ScreenCommand[] = [];
  const sizes: object[] = [];
  const track = { isLive: true, end: (): void => undefined };
  const way: { handlers?: ScreenHandlers } = {};
  const capture: Capture = {
    connect: (_iceServers, handlers) => {
      way.handlers = handlers;
      return connection;
    },
    onEnded: (listener) => (track.end = listener),
    stop: () => (track.isLive = false),
  };
  const dialog: { choose: () => void; refuse: (name: string) => void } = {
    choose: () => undefined,
    refuse: () => undefined,
  };
  const shares = new ScreenShares(
    (size) => {
      sizes.push({ ...size });
      return new Promise((resolve, reject) => {
        dialog.choose = () => resolve(capture);
        dialog.refuse = (name) => reject(new DOMException('', name));
      });
    },
    (command) => sent.push(command),
  );
  shares.keepOnly(new Set([4]));
  return {
    shares,
    sent,
    sizes,
    track,
    way,
    connection,
    dialog,
    start: () => shares.choose(wish),
    choose: async (): Promise<void> => {
      const done = shares.choose(wish);
      dialog.choose();
      await done;
    },
  };
};

describe('what a window shares', () => {
  it('is offered when the user has chosen, as large as the phone can show it', async () => {
    const { shares, sent, sizes, way, choose } = setUp();
    await choose();
    expect(sizes).toEqual([{ maxWidth: 1688, maxHeight: 1688 }]);
    expect(sent).toEqual([
      { command: 'screen_choose', share: 4 },
      { command: 'screen_offer', share: 4, sdp: offer },
    ]);
    expect(shares.steps.value.get(4)).toBe('sharing');
    way.handlers?.onCandidate({ candidate: '', sdpMid: '0', sdpMLineIndex: 0 });
    expect(sent.at(-1)).toEqual({
      command: 'screen_candidate',
      share: 4,
      candidate: '',
      sdpMid: '0',
      sdpMLineIndex: 0,
    });
  });

  it.each([
    ['NotAllowedError', 'declined'],
    ['NotSupportedError', 'unsupported'],
    ['NotReadableError', 'unsupported'],
  ])('is nothing when the browser says %s', async (error, reason) => {
    const { shares, sent, start, dialog } = setUp();
    const done = start();
    expect(shares.steps.value.get(4)).toBe('choosing');
    dialog.refuse(error);
    await done;
    expect(sent.slice(1)).toEqual([{ command: 'screen_stop', share: 4, reason }]);
    expect(shares.steps.value.size).toBe(0);
  });

  it('is not captured for a phone that has left while the user chose', async () => {
    const { shares, sent, track, start, dialog } = setUp();
    const done = start();
    shares.keepOnly(new Set());
    dialog.choose();
    await done;
    expect(track.isLive).toBe(false);
    expect(sent).toHaveLength(1);
    expect(shares.steps.value.size).toBe(0);
  });

  it('stops at once when the app does not want it any more, and says nothing', async () => {
    const { shares, sent, track, connection, choose } = setUp();
    await choose();
    shares.keepOnly(new Set([5]));
    expect([track.isLive, connection.isClosed]).toEqual([false, true]);
    expect(sent).toHaveLength(2);
  });

  it('is not captured when the choice was turned down while the dialog was open, and can be chosen again', async () => {
    const { shares, sent, track, start, dialog, choose } = setUp();
    const done = start();
    await shares.receive({ event: 'screen_not_taken', share: 4 });
    dialog.choose();
    await done;
    expect(track.isLive).toBe(false);
    expect(sent).toHaveLength(1);
    await choose();
    expect(sent.at(-1)).toMatchObject({ command: 'screen_offer' });
  });

  it('stops when another window was faster', async () => {
    const { shares, track, choose } = setUp();
    await choose();
    await shares.receive({ event: 'screen_not_taken', share: 4 });
    expect(track.isLive).toBe(false);
  });

  it('ends by the browser’s own button, and by a way that fails', async () => {
    const first = setUp();
    await first.choose();
    first.track.end();
    expect(first.sent.at(-1)).toEqual({ command: 'screen_stop', share: 4, reason: 'ended_on_computer' });
    const second = setUp();
    await second.choose();
    second.way.handlers?.onFailed();
    expect(second.sent.at(-1)).toEqual({ command: 'screen_stop', share: 4, reason: 'no_path' });
    expect(second.track.isLive).toBe(false);
  });

  it('goes on without a candidate that is none, and ends with an answer that is none', async () => {
    const { shares, sent, track, connection, choose } = setUp();
    await choose();
    await shares.receive({ event: 'screen_candidate', share: 4, candidate: 'x', sdpMid: '0', sdpMLineIndex: 0 });
    await shares.receive({ event: 'screen_candidate', share: 9, candidate: '', sdpMid: '0', sdpMLineIndex: 0 });
    expect(connection.candidates).toEqual(['x']);
    expect(track.isLive).toBe(true);
    await shares.receive({ event: 'screen_answer', share: 4, sdp: 'nonsense' });
    expect(sent.at(-1)).toEqual({ command: 'screen_stop', share: 4, reason: 'no_path' });
    expect(track.isLive).toBe(false);
  });
});
