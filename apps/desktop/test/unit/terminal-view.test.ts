import { allRights } from '@proxim/control';
import { TypedEvents } from '@proxim/peer';
import type { SessionID } from '@proxim/protocol';
import { beforeEach, describe, expect, it } from 'vitest';

import type { TerminalApp } from '../../src/cli/terminal-app.js';
import { WallTime } from '../../src/host/wall-time.js';
import { TerminalView } from '../../src/cli/terminal-view.js';
import type { DesktopAppEvents } from '../../src/host/desktop-app-options.js';
import type { WindowRights, WindowSession, WindowState } from '../../src/host/window-protocol.js';
import { connectedSession, sessionWith, stateWith } from './window/states.js';

/** The app, as the test wants it to be. */
class StagedApp extends TypedEvents<DesktopAppEvents> implements TerminalApp {
  sessions: readonly WindowSession[] = [];
  nextSession: WindowState['nextSession'] = { sessionType: 'temporary', ttlSeconds: 900 };
  memoryProblem: string | null = null;
  readonly closed: string[] = [];
  readonly isWithoutNetwork = false;
  isPhonePressing = false;
  readonly renewed: string[] = [];

  state = (): WindowState =>
    stateWith({ sessions: this.sessions, nextSession: this.nextSession, memoryProblem: this.memoryProblem });
  renewSession = (kind: {
    readonly sessionType: WindowSession['sessionType'];
    readonly ttlSeconds?: number | undefined;
  }) => {
    this.nextSession = { sessionType: kind.sessionType, ttlSeconds: kind.ttlSeconds ?? 900 };
    this.renewed.push(`${kind.sessionType} ${String(kind.ttlSeconds)}`);
  };
  approve = (sessionID: SessionID, { rights }: { readonly rights?: WindowRights } = {}): void => {
    this.deeds.push(`approve ${sessionID} ${JSON.stringify(rights)}`);
  };
  reject = (): void => undefined;
  readonly deeds: string[] = [];
  block = (sessionID: SessionID): void => {
    this.deeds.push(`block ${sessionID}`);
  };
  setRights = (sessionID: SessionID, rights: WindowRights): void => {
    this.#change(sessionID, { rights });
  };
  pause = (sessionID: SessionID, isPaused: boolean): void => {
    this.#change(sessionID, { isPaused });
  };
  endControl = (): number => {
    const ending = this.sessions.filter(
      ({ device, direct, sessionType }) => device && (sessionType !== 'persistent' || direct === 'connected'),
    );
    for (const { sessionID } of ending) this.closeSession(sessionID as SessionID);
    return ending.length;
  };
  #change(sessionID: string, changes: Partial<WindowSession>): void {
    this.sessions = this.sessions.map((session) =>
      session.sessionID === sessionID ? { ...session, ...changes } : session,
    );
  }
  readonly systemAnswers: boolean[] = [];
  answerSystem = (_sessionID: string, _promptID: string, isAllowed: boolean): void => {
    this.systemAnswers.push(isAllowed);
  };
  closeSession = (sessionID: SessionID): void => {
    const session = this.sessions.find((other) => other.sessionID === sessionID);
    this.sessions = this.sessions.filter((other) => other !== session);
    this.closed.push(sessionID);
    this.emit('session_closed', { sessionID, reason: 'closed_by_desktop' });
  };
  readonly time = new WallTime({ clock: { now: () => 0 }, wallClock: () => 0 });

  /** The server knows a session, or it has a new link. */
  announce(session: WindowSession): void {
    this.sessions = [...this.sessions.filter(({ sessionID }) => sessionID !== session.sessionID), session];
    const { sessionType, expiresAt, link } = session;
    this.emit('session', { sessionID: session.sessionID as SessionID, sessionType, expiresAt, link });
  }

  peer(session: WindowSession): void {
    this.sessions = this.sessions.map((other) => (other.sessionID === session.sessionID ? session : other));
    this.emit('peer', { sessionID: session.sessionID as SessionID, state: session.direct });
  }

  wantsRestart(name: string): void {
    const deviceInfo = { name, id: 'device-xyz' };
    this.emit('system_prompt', { sessionID: 's1' as SessionID, promptID: 'p1', action: 'restart', deviceInfo });
  }

  waitedInVain(): void {
    this.emit('system_prompt_gone', { sessionID: 's1' as SessionID, promptID: 'p1', reason: 'timeout' });
  }

  asks(name: string): void {
    const deviceInfo = { name, id: 'device-xyz' };
    this.emit('prompt', {
      sessionID: 's1' as SessionID,
      promptID: 'p1',
      deviceInfo,
      verified: true,
      expiresAt: 40_000,
    });
  }
}

const remembered = (sessionID: string, changes: Partial<WindowSession> = {}): WindowSession =>
  connectedSession({
    sessionID,
    sessionType: 'persistent',
    expiresAt: null,
    isRemembered: true,
    direct: 'closed',
    lastSeenAt: 0,
    ...changes,
  });

describe('the terminal', () => {
  let app: StagedApp;
  let written: string;
  let now: number;
  let press: (keys: string) => void;

  beforeEach(() => {
    app = new StagedApp();
    written = '';
    now = 0;
    const input = {
      isTTY: true,
      setRawMode: () => undefined,
      setEncoding: () => undefined,
      on: (event: 'data' | 'error', listener: ((keys: string) => void) | (() => void)) => {
        if (event === 'data') press = listener;
      },
    };
    const output = {
      write: (text: string) => {
        written += text;
      },
    };
    new TerminalView(app, { input, output, hasColour: false }, { now: () => now }, () => {
      written += 'quit';
    });
  });

  /** What was written since the last look. */
  const shown = (): string => {
    const text = written;
    written = '';
    return text;
  };

  it('goes through the kinds of session by a key, each with a code of its own', () => {
    press('ttt');
    expect(app.renewed).toEqual(['persistent 900', 'one_time 900', 'temporary 900']);
  });

  it('says what each kind of session means', () => {
    app.announce(sessionWith({ sessionType: 'one_time' }));
    expect(shown()).toContain('can be scanned for 15 minutes, once');
    app.announce(sessionWith({ sessionID: 's2' }));
    expect(shown()).toContain('It works for 15 minutes: until then the phone may come and go.');
    app.memoryProblem = 'The disk is full: make room.';
    app.announce(sessionWith({ sessionID: 's3', sessionType: 'persistent', expiresAt: null }));
    expect(shown()).toMatch(/come back without asking until you remove it\.\nThe disk is full: make room\./);
  });

  it('draws the code anew, once, when its address has changed', () => {
    app.announce(sessionWith());
    expect(shown()).toMatch(/Scan this[^]*▀[^]*192\.168\.1\.2[^]*\[q\] quit\n$/);
    app.announce(sessionWith({ link: 'http://10.0.0.7:47800/#v=1' }));
    expect(shown()).toMatch(/^\nThis computer's address has changed.*\n[^]*▀[^]*10\.0\.0\.7/);
    app.announce(sessionWith({ link: 'http://10.0.0.7:47800/#v=1' }));
    expect(shown()).toBe('');
  });

  it('gives a phone that is remembered one line and no code, and is silent about its new address', () => {
    app.announce(remembered('s1', { label: 'Kitchen\u202E phone\u0007' }));
    expect(shown()).toBe('Kitchen phone may come back without asking.  [p] phones\n');
    app.announce(remembered('s1', { link: 'http://10.0.0.7:47800/#v=1' }));
    expect(shown()).toBe('');
    app.peer(remembered('s1', { direct: 'connected' }));
    expect(shown()).toBe('Galaxy S23 is back and controls this computer.  [e] end session\n');
  });

  it('says when a phone is lost, and when it is back', () => {
    app.announce(sessionWith());
    app.peer(connectedSession());
    expect(shown()).toContain('Connected. Galaxy S23 controls this computer.');
    app.peer(connectedSession({ direct: 'disconnected' }));
    expect(shown()).toBe('Galaxy S23 lost its connection. Nothing stays pressed. It may come back by itself.\n');
    app.peer(connectedSession());
    expect(shown()).toContain('is back');
  });

  it('promises no return where the session ends with the connection', () => {
    app.announce(sessionWith({ sessionType: 'one_time' }));
    app.peer(connectedSession({ sessionType: 'one_time' }));
    shown();
    app.peer(connectedSession({ sessionType: 'one_time', direct: 'disconnected' }));
    app.closeSession('s1' as SessionID);
    expect(shown()).toBe(
      'Galaxy S23 lost its connection. Nothing stays pressed.\nThe session of Galaxy S23 is over.\n',
    );
  });

  it('lists the phones and how it stands with them', () => {
    press('p');
    expect(shown()).toBe('No phone has been let in.\n');
    now = 7_200_000;
    app.sessions = [
      remembered('s1', { label: 'Kitchen phone' }),
      connectedSession({ sessionID: 's2', expiresAt: now + 840_000 }),
      remembered('s3', { lastSeenAt: null, isRemembered: false }),
      sessionWith({ sessionID: 's4' }),
    ];
    press('p');
    expect(shown()).toBe(`
Phones:
   1  Kitchen phone (Galaxy S23): away, last seen 2 hours ago; remembered until you remove it
   2  Galaxy S23: connected; for another 14 minutes
   3  Galaxy S23: away; until you remove it or Proxim ends
`);
  });

  it('removes a phone by its number, and by nothing else', () => {
    app.announce(remembered('s1', { label: 'Kitchen phone' }));
    app.announce(remembered('s2'));
    press('x');
    expect(shown()).toContain('Press its number');
    press('q');
    expect(shown()).toBe('They all stay.\n');
    press('1');
    expect(app.closed).toEqual([]);
    press('x1');
    expect(app.closed).toEqual(['s1']);
    expect(shown()).toContain('Kitchen phone was removed: it has to be approved again.');
  });

  it('waits for a number only so long, and lets a question go first', () => {
    app.announce(remembered('s1'));
    press('x');
    now = 10_000;
    press('1');
    press('x');
    app.asks('Pixel');
    press('1');
    expect(app.closed).toEqual([]);
  });

  it('counts the phones as they were listed', () => {
    app.announce(remembered('s1'));
    app.announce(remembered('s2'));
    press('x');
    app.closeSession('s1' as SessionID);
    press('2');
    expect(app.closed).toEqual(['s1', 's2']);
  });

  it('takes numbers of two digits', () => {
    for (let number = 1; number <= 12; number += 1) app.announce(remembered(`s${String(number)}`));
    press('x1');
    expect(app.closed).toEqual([]);
    press('2');
    press('x1\r');
    expect(app.closed).toEqual(['s12', 's1']);
  });

  it('ends what goes on, and leaves a remembered phone that is away in peace', () => {
    app.sessions = [
      remembered('s1'),
      remembered('s2', { direct: 'disconnected' }),
      connectedSession({ sessionID: 's3' }),
    ];
    press('e');
    expect(app.closed).toEqual(['s3']);
    shown();
    press('e');
    expect(shown()).toBe('Nobody is connected.\n');
  });

  it('says what a phone may do once it is let in, and a number changes it before', () => {
    app.announce(sessionWith());
    app.asks('Pixel');
    expect(shown()).toContain('It may: 1 [x] point   2 [x] type');
    press('2');
    // A key that was meant for something else changes nothing.
    expect(shown()).toBe('');
    now = 600;
    press('27');
    expect(shown()).toContain('1 [x] point   2 [ ] type');
    press('a');
    // What stood nowhere is not granted.
    expect(app.deeds).toEqual(['approve s1 {"view":false,"point":true,"type":false,"clipboard":false,"system":false}']);
  });

  it('grants nothing while a phone presses keys, which may be these, and takes away all the same', () => {
    app.announce(sessionWith());
    app.peer(connectedSession({ isPaused: true, rights: { ...allRights, type: false } }));
    app.announce(sessionWith({ sessionID: 's2' }));
    app.asks('Pixel');
    now = 600;
    app.isPhonePressing = true;
    shown();
    press('a');
    expect(shown()).toContain('use this computer’s own mouse or keyboard');
    press('s');
    press('m2');
    expect(app.deeds).toEqual([]);
    expect(app.sessions[0]).toMatchObject({ isPaused: true, rights: { type: false } });
    press('m1');
    expect(app.sessions[0]).toMatchObject({ rights: { point: false } });
    app.isPhonePressing = false;
    press('a');
    expect(app.deeds).toHaveLength(1);
  });

  it('rejects a device for good by a key, but not by one that came too soon', () => {
    app.announce(sessionWith());
    app.asks('Pixel');
    press('b');
    expect(app.deeds).toEqual([]);
    now = 600;
    press('b');
    expect(app.deeds).toEqual(['block s1']);
  });

  it('changes what the one phone may do, number by number, until another key is pressed', () => {
    app.announce(sessionWith());
    app.peer(connectedSession());
    shown();
    press('m1');
    expect(shown()).toContain('Galaxy S23 may: 1 [ ] point   2 [x] type');
    press('21');
    expect(app.sessions[0]?.rights).toMatchObject({ point: true, type: false });
    press('p2');
    expect(app.sessions[0]?.rights).toMatchObject({ point: true, type: false });
  });

  it('asks which one of several phones is meant', () => {
    app.announce(remembered('s1'));
    app.announce(remembered('s2', { label: 'Kitchen phone' }));
    press('m2');
    expect(shown()).toContain('Kitchen phone may: 1 [x] point   2 [x] type');
    press('2');
    expect(app.sessions.map(({ rights }) => rights.type)).toEqual([true, false]);
    press('mz');
    expect(shown()).toContain('Nothing was changed.');
  });

  it('pauses every phone that is there by a key, and lets them go on by the same', () => {
    press('s');
    expect(shown()).toBe('Nobody is connected.\n');
    app.sessions = [
      remembered('s1'),
      connectedSession({ sessionID: 's2', isPaused: true }),
      connectedSession({ sessionID: 's3' }),
    ];
    press('s');
    expect(app.sessions.map(({ isPaused }) => isPaused)).toEqual([false, true, true]);
    press('s');
    expect(app.sessions.map(({ isPaused }) => isPaused)).toEqual([false, false, false]);
  });

  it('shows no name that moves the cursor or turns the line around', () => {
    app.announce(sessionWith({ sessionType: 'persistent', expiresAt: null }));
    shown();
    app.asks('\u001B]0;x\u0007Pixel\u202E');
    const text = shown();
    expect(text).toContain('\n]0;xPixel wants to control this computer.');
    expect(text).toContain('It may come back at any time without asking, until you remove it.');
  });

  describe('when a phone wants to restart the computer', () => {
    beforeEach(() => {
      app.announce(connectedSession());
      shown();
      now = 10_000;
      app.wantsRestart('Galaxy S23');
    });

    it('rings, and says what is lost and which keys answer', () => {
      const text = shown();
      expect(text).toContain('\u0007');
      expect(text).toContain('Galaxy S23 wants to restart this computer.');
      expect(text).toContain('[A] restart   [r] don');
    });

    it('takes Shift+A alone for a yes, and not at once', () => {
      press('A');
      now += 600;
      press('a');
      expect(app.systemAnswers).toEqual([]);
      press('A');
      expect(app.systemAnswers).toEqual([true]);
    });

    it('takes r for a no at any time', () => {
      press('r');
      expect(app.systemAnswers).toEqual([false]);
    });

    it('comes before a phone that asks to be let in, which is shown after it', () => {
      shown();
      app.asks('Pixel 9');
      expect(shown()).toContain('Pixel 9 asks too, and waits for its turn.');
      press('r');
      expect(app.systemAnswers).toEqual([false]);
      app.waitedInVain();
      expect(shown()).toContain('Pixel 9 wants to control this computer.');
    });

    it('says how it ended, and takes no answer afterwards', () => {
      shown();
      app.waitedInVain();
      expect(shown()).toContain('Nobody answered in time.');
      now += 600;
      press('A');
      press('r');
      expect(app.systemAnswers).toEqual([]);
    });
  });
});
