import { type ControlRights, allRights, noRights, type ScreenDesktopMessage } from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import type { SessionID } from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';
import { describe, expect, it } from 'vitest';

import type { ScreenCommand, ScreenEvent } from '../../src/host/screen-protocol.js';
import { screenReceivers } from '../../src/host/screen-receiver.js';
import { ScreenSharing, type ScreenWindow } from '../../src/host/screen-sharing.js';
import { SessionControl } from '../../src/host/session-control.js';

const sdp = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n';
const hiddenCandidate = {
  candidate: 'candidate:1 1 udp 2113937151 6c0fb1cf-0000-4444-8888-3d2f5a6b7c8d.local 52814 typ host generation 0',
  sdpMid: '0',
  sdpMLineIndex: 0,
};
const phoneCandidate = { ...hiddenCandidate, candidate: 'candidate:1 1 udp 2113937151 192.168.1.9 50000 typ host' };

/** A window whose user is the test. */
class TestWindow implements ScreenWindow {
  readonly heard: ScreenEvent[] = [];
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.sharing.addWindow(this);
  }

  readonly send = (event: ScreenEvent): void => {
    this.heard.push(event);
  };

  does(command: ScreenCommand): void {
    this.#stage.sharing.carryOut(this, command);
  }

  close(): void {
    this.#stage.sharing.removeWindow(this);
  }
}

/** A phone that says what the test says, over one direct connection after the other. */
class TestPhone {
  rights: ControlRights = allRights;
  isPaused = false;
  readonly sessionID: SessionID;
  readonly control: SessionControl;
  readonly #stage: Stage;
  #heard: ScreenDesktopMessage[] = [];
  #say: (text: string) => void = () => undefined;
  #hangUp: () => void = () => undefined;

  constructor(stage: Stage, sessionID = 'session-1') {
    this.#stage = stage;
    this.sessionID = sessionID as SessionID;
    this.control = new SessionControl([
      screenReceivers({
        sessionID: this.sessionID,
        sharing: stage.sharing,
        rights: () => (this.isPaused ? noRights : this.rights),
        isPaused: () => this.isPaused,
      }),
    ]);
    this.connect();
  }

  connect(): void {
    const channel: DirectChannel = {
      label: 'screen',
      bufferedBytes: 0,
      send: (data) => {
        this.#heard.push(JSON.parse(String(data)) as ScreenDesktopMessage);
        return true;
      },
      onMessage: (listener) => (this.#say = listener),
      onClose: (listener) => (this.#hangUp = listener),
    };
    this.control.accept(channel);
  }

  says(message: object | string): void {
    this.#say(typeof message === 'string' ? message : JSON.stringify(message));
  }

  hangsUp(): void {
    this.#hangUp();
  }

  /** What it heard since it was asked last. */
  hears(): readonly ScreenDesktopMessage[] {
    return this.#heard.splice(0);
  }

  /** The app's number of what it sees or asks. */
  get share(): number | undefined {
    return this.#stage.sharing.of(this.sessionID)?.share;
  }

  get step(): string | undefined {
    return this.#stage.sharing.of(this.sessionID)?.step;
  }
}

class Stage {
  readonly clock = new ManualClock();
  readonly news: string[] = [];
  readonly changes: string[] = [];
  addresses = ['192.168.1.7'];
  readonly sharing = new ScreenSharing({
    clock: this.clock,
    addresses: () => this.addresses,
    iceServers: () => [{ urls: 'stun:192.0.2.1:3478' }],
    onChange: (what) => this.changes.push(what),
    onNews: (_sessionID, what) => this.news.push(what),
  });

  /** A phone that sees the screen. */
  seeing(): { window: TestWindow; phone: TestPhone; share: number } {
    const window = new TestWindow(this);
    const phone = new TestPhone(this);
    phone.says({ type: 'screen_ask', share: 1 });
    const share = phone.share!;
    window.does({ command: 'screen_offer', share, sdp });
    phone.hears();
    return { window, phone, share };
  }
}

describe('a phone that wants to see the screen', () => {
  it('is shown in the windows, and told that the user is asked', () => {
    const stage = new Stage();
    new TestWindow(stage);
    const phone = new TestPhone(stage);
    phone.says({ type: 'screen_ask', share: 7, maxWidth: 1688, maxHeight: 1688 });
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 7, state: 'asked' }]);
    expect(stage.sharing.of(phone.sessionID)).toMatchObject({ step: 'asked', maxWidth: 1688, maxHeight: 1688 });
    expect(stage.news).toEqual(['screen_asked']);
  });

  it('is refused without a question when it may not, whatever it has heard', () => {
    const stage = new Stage();
    new TestWindow(stage);
    const phone = new TestPhone(stage);
    phone.rights = { ...allRights, view: false };
    phone.says({ type: 'screen_ask', share: 1 });
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 1, state: 'refused', reason: 'not_allowed' }]);
    phone.isPaused = true;
    phone.says({ type: 'screen_ask', share: 2 });
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 2, state: 'refused', reason: 'paused' }]);
    expect(stage.news).toEqual([]);
    expect(phone.step).toBeUndefined();
  });

  it('is told when no window is open, and when the last one closes', () => {
    const stage = new Stage();
    const phone = new TestPhone(stage);
    phone.says({ type: 'screen_ask', share: 1 });
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 1, state: 'refused', reason: 'no_window' }]);
    const window = new TestWindow(stage);
    const other = new TestWindow(stage);
    phone.says({ type: 'screen_ask', share: 2 });
    phone.hears();
    window.close();
    expect(phone.step).toBe('asked');
    other.close();
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 2, state: 'refused', reason: 'no_window' }]);
    expect(stage.changes.filter((what) => what === 'windows')).toHaveLength(2);
  });

  it('is not asked about again for ten seconds after "Not now"', () => {
    const stage = new Stage();
    const window = new TestWindow(stage);
    const phone = new TestPhone(stage);
    const declined = (share: number) => ({ type: 'screen_state', share, state: 'refused', reason: 'declined' });
    phone.says({ type: 'screen_ask', share: 1 });
    window.does({ command: 'screen_stop', share: phone.share!, reason: 'declined' });
    stage.clock.advance(9999);
    phone.says({ type: 'screen_ask', share: 2 });
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 1, state: 'asked' }, declined(1), declined(2)]);
    stage.clock.advance(1);
    phone.says({ type: 'screen_ask', share: 3 });
    expect(phone.step).toBe('asked');
    expect(stage.news).toEqual(['screen_asked', 'screen_asked']);
  });

  it('reaches the user ten times in ten seconds, and no more often', () => {
    const stage = new Stage();
    new TestWindow(stage);
    const phone = new TestPhone(stage);
    for (let share = 1; share <= 11; share += 1) phone.says({ type: 'screen_ask', share });
    expect(phone.hears().at(-1)).toEqual({ type: 'screen_state', share: 11, state: 'refused', reason: 'too_often' });
    expect(stage.news).toHaveLength(10);
    stage.clock.advance(10_000);
    phone.says({ type: 'screen_ask', share: 12 });
    expect(phone.step).toBe('asked');
  });
});

describe('a share', () => {
  it('carries the two descriptions and the candidates between the window and the phone', () => {
    const stage = new Stage();
    const window = new TestWindow(stage);
    const phone = new TestPhone(stage);
    phone.says({ type: 'screen_ask', share: 3 });
    const share = phone.share!;
    phone.hears();
    window.does({ command: 'screen_offer', share, sdp });
    window.does({ command: 'screen_candidate', share, ...hiddenCandidate });
    expect(phone.hears()).toEqual([
      { type: 'screen_state', share: 3, state: 'sharing' },
      { type: 'screen_offer', share: 3, sdp, iceServers: [{ urls: 'stun:192.0.2.1:3478' }] },
      {
        type: 'screen_candidate',
        share: 3,
        ...hiddenCandidate,
        candidate: 'candidate:1 1 udp 2113937151 192.168.1.7 52814 typ host generation 0',
      },
    ]);
    phone.says({ type: 'screen_answer', share: 3, sdp });
    phone.says({ type: 'screen_answer', share: 3, sdp: `${sdp}s=again\r\n` });
    phone.says({ type: 'screen_candidate', share: 3, ...phoneCandidate });
    expect(window.heard).toEqual([
      { event: 'screen_answer', share, sdp },
      { event: 'screen_candidate', share, ...phoneCandidate },
    ]);
    expect(stage.news).toEqual(['screen_asked', 'screen_shared']);
  });

  it('is of the window that offers first; another one is told to stop', () => {
    const stage = new Stage();
    const { window, phone, share } = stage.seeing();
    const other = new TestWindow(stage);
    other.does({ command: 'screen_offer', share, sdp });
    other.does({ command: 'screen_candidate', share, ...hiddenCandidate });
    expect(other.heard).toEqual([{ event: 'screen_not_taken', share }]);
    expect(phone.hears()).toEqual([]);
    phone.says({ type: 'screen_answer', share: 1, sdp });
    expect(window.heard).toHaveLength(1);
    expect(other.heard).toHaveLength(1);
  });

  it('can be stopped in every window', () => {
    const stage = new Stage();
    const { phone, share } = stage.seeing();
    new TestWindow(stage).does({ command: 'screen_stop', share, reason: 'ended_on_computer' });
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 1, state: 'stopped', reason: 'ended_on_computer' }]);
    expect(phone.step).toBeUndefined();
    expect(stage.news.at(-1)).toBe('screen_ended');
  });

  it.each([
    ['its right is taken away', 'not_allowed', { rights: { ...allRights, view: false } }],
    ['the phone is paused', 'paused', { isPaused: true }],
  ] as const)('ends at once when %s', (_what, reason, change) => {
    const stage = new Stage();
    const { window, phone, share } = stage.seeing();
    Object.assign(phone, change);
    phone.control.rightsChanged();
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 1, state: 'stopped', reason }]);
    expect(phone.step).toBeUndefined();
    phone.says({ type: 'screen_answer', share: 1, sdp });
    window.does({ command: 'screen_candidate', share, ...hiddenCandidate });
    expect(window.heard).toEqual([]);
    expect(phone.hears()).toEqual([]);
  });

  it('goes on when another right is changed', () => {
    const stage = new Stage();
    const { phone } = stage.seeing();
    phone.rights = { ...noRights, view: true };
    phone.control.rightsChanged();
    expect(phone.step).toBe('shared');
    expect(phone.hears()).toEqual([]);
  });

  it('ends with the window that captures', () => {
    const stage = new Stage();
    const { window, phone } = stage.seeing();
    new TestWindow(stage);
    window.close();
    expect(phone.hears()).toEqual([{ type: 'screen_state', share: 1, state: 'stopped', reason: 'window_closed' }]);
    expect(phone.step).toBeUndefined();
  });

  it('ends when the phone stops it, without another word', () => {
    const stage = new Stage();
    const { phone } = stage.seeing();
    phone.says({ type: 'screen_stop', share: 1 });
    expect(phone.step).toBeUndefined();
    expect(phone.hears()).toEqual([]);
  });

  it('gives way to the next wish of the same phone', () => {
    const stage = new Stage();
    const { window, phone, share } = stage.seeing();
    phone.says({ type: 'screen_ask', share: 2 });
    expect(phone.share).not.toBe(share);
    expect(phone.step).toBe('asked');
    window.does({ command: 'screen_stop', share, reason: 'ended_on_computer' });
    phone.says({ type: 'screen_stop', share: 1 });
    expect(phone.step).toBe('asked');
  });

  it.each([
    ['hangs up', (phone: TestPhone) => phone.hangsUp()],
    ['falls silent', (phone: TestPhone) => phone.control.release()],
    ['ends its session', (phone: TestPhone) => phone.control.stop()],
  ])('ends when the phone %s, and that is said on its next connection, once', (_what, go) => {
    const stage = new Stage();
    const { phone } = stage.seeing();
    go(phone);
    expect(phone.step).toBeUndefined();
    phone.hears();
    phone.connect();
    const interrupted = { type: 'screen_state', share: 1, state: 'stopped', reason: 'interrupted' };
    expect(phone.hears()).toEqual([interrupted]);
    phone.connect();
    expect(phone.hears()).toEqual([]);
  });

  it('ends when a newer connection takes over', () => {
    const stage = new Stage();
    const { phone } = stage.seeing();
    phone.connect();
    expect(phone.step).toBeUndefined();
    expect(phone.hears().at(-1)).toMatchObject({ state: 'stopped', reason: 'interrupted' });
  });

  it('is each phone’s own', () => {
    const stage = new Stage();
    const { window, phone, share } = stage.seeing();
    const second = new TestPhone(stage, 'session-2');
    second.says({ type: 'screen_ask', share: 1 });
    window.does({ command: 'screen_offer', share: second.share!, sdp });
    expect(second.share).not.toBe(share);
    second.rights = noRights;
    second.control.rightsChanged();
    expect([phone.step, second.step]).toEqual(['shared', undefined]);
  });

  it('takes no more than 64 candidates from each side', () => {
    const stage = new Stage();
    const { window, phone, share } = stage.seeing();
    for (let count = 0; count < 100; count += 1) {
      phone.says({ type: 'screen_candidate', share: 1, ...phoneCandidate });
      window.does({ command: 'screen_candidate', share, ...phoneCandidate });
    }
    expect(window.heard).toHaveLength(64);
    expect(phone.hears()).toHaveLength(64);
  });

  it('is not changed by what cannot be read', () => {
    const stage = new Stage();
    const { phone } = stage.seeing();
    for (const text of ['', 'nonsense', '{"type":"screen_stop"}', '{"type":"screen_stop","share":"1"}'])
      phone.says(text);
    expect(phone.step).toBe('shared');
  });
});
