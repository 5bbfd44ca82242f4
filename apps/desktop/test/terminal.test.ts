import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { MobilePeer, type MobileState } from '@proxim/peer';
import { nodeEnvironment, unloadNodeRtcEngine } from '@proxim/peer/node';
import { parseLink } from '@proxim/protocol';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openSeedClient } from '../../../conformance/src/seed-client.js';
import { endProcess } from './support/x-process.js';

const program = fileURLToPath(new URL('../bin/proxim.js', import.meta.url));

/** The app in a real terminal (a pty of `script`), as a person has it. */
class Terminal {
  readonly child: ChildProcess;
  #text = '';
  #look: (() => void) | undefined;

  constructor(...flags: readonly string[]) {
    const command = [process.execPath, program, '--no-open', '--port', '0', ...flags].join(' ');
    this.child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, DISPLAY: '', TERM: 'xterm' },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      this.#look?.();
    });
  }

  /** Waits until the terminal has shown this; what came before it is done with. */
  shows(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      this.#look = () => {
        const match = pattern.exec(this.#text);
        if (!match) return;
        this.#look = undefined;
        this.#text = this.#text.slice(match.index + match[0].length);
        resolve(match[0]);
      };
      this.#look();
    });
  }

  /** Presses a key until the terminal shows this: a fresh question takes no answer for a moment. */
  async answers(key: string, pattern: RegExp): Promise<void> {
    const pressAndLook = (): boolean => {
      this.press(key);
      return pattern.test(this.#text);
    };
    await expect.poll(pressAndLook, { interval: 100, timeout: 10_000 }).toBe(true);
    await this.shows(pattern);
  }

  press(key: string): void {
    this.child.stdin?.write(key);
  }
}

describe('proxim in a terminal', () => {
  let terminal: Terminal;
  let phone: MobilePeer | undefined;

  beforeEach(() => {
    terminal = new Terminal('--address', '127.0.0.1');
  });

  afterEach(async () => {
    phone?.leave();
    phone = undefined;
    await endProcess(terminal.child, 'SIGKILL');
  });

  afterAll(async () => {
    await unloadNodeRtcEngine();
  });

  const linkShown = async () => {
    const link = parseLink(await terminal.shows(/http:\/\/\S+#v=1\S+/));
    if (!link.ok) throw new Error(`the link is ${link.error}`);
    return link.value;
  };

  /** A phone that has scanned the code asks; resolves with its states as they come. */
  const ask = async (): Promise<(status: MobileState['status']) => Promise<MobileState>> => {
    const asking = new MobilePeer({
      environment: nodeEnvironment(),
      link: await linkShown(),
      deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
      channels: [],
    });
    phone = asking;
    asking.ask();
    return (status) =>
      new Promise((resolve) => {
        const look = (state: MobileState): void => {
          if (state.status === status) resolve(state);
        };
        asking.on('state', look);
        look(asking.state);
      });
  };

  it('shows the code in black on white with its quiet zone, and lets a phone in by a key', async () => {
    await terminal.shows(/38;2;0;0;0;48;2;255;255;255m {4}/);
    const reaches = await ask();
    await terminal.shows(/Galaxy S23 wants to control this computer/);
    await terminal.shows(/\[a\] approve/);
    await terminal.answers('a', /Approved/);
    await terminal.shows(/Connected/);
    expect(await reaches('connected')).toMatchObject({ status: 'connected' });
    terminal.press('e');
    expect(await reaches('ended')).toMatchObject({ reason: 'closed_by_desktop' });
    // The next code follows by itself.
    await linkShown();
  });

  it('asks about one phone after the other', async () => {
    const first = await linkShown();
    const mobile = await openSeedClient(first.origin.replace('http', 'ws'));
    mobile.requestPairing(first.sessionID);
    await terminal.shows(/Galaxy S23 wants to control this computer/);
    terminal.press('n');
    const reaches = await ask();
    await terminal.shows(/asks too, and waits for its turn/);
    terminal.press('r');
    expect(await mobile.receive('pair_result')).toMatchObject({ status: 'rejected' });
    await terminal.shows(/It proved that it read this code/);
    await terminal.answers('a', /Approved/);
    await terminal.shows(/Connected/);
    expect(await reaches('connected')).toMatchObject({ status: 'connected' });
    await mobile.close();
  });

  it('turns a phone away by a key', async () => {
    const reaches = await ask();
    await terminal.shows(/\[r\] reject/);
    terminal.press('r');
    expect(await reaches('ended')).toMatchObject({ reason: 'rejected_by_user' });
  });

  it('lets a phone that did not prove anything in only by a key of its own', async () => {
    const { origin, sessionID } = await linkShown();
    const mobile = await openSeedClient(origin.replace('http', 'ws'));
    mobile.requestPairing(sessionID);
    await terminal.shows(/did NOT prove/);
    // A key that comes at once was meant for something else: until then it does nothing.
    await terminal.answers('a', /Shift\+A/);
    // The arrow key Up ends in an A too, and is none; nor is an A in the midst of what is pasted.
    terminal.press('\u001B[A');
    await terminal.answers('a', /Shift\+A/);
    terminal.press('PASTED TEXT');
    await terminal.answers('a', /Shift\+A/);
    await terminal.answers('A', /Approved/);
    expect(await mobile.receive('pair_result')).toMatchObject({ status: 'approved' });
    await mobile.close();
  });

  it('makes codes of each kind by a key, lists the phones, and removes one by its number', async () => {
    await linkShown();
    terminal.press('t');
    await terminal.shows(/come back without asking until you remove it/);
    const reaches = await ask();
    await terminal.shows(/at any time without asking, until you remove it/);
    await terminal.answers('a', /Approved/);
    await terminal.shows(/Connected\. Galaxy S23 controls this computer/);
    await reaches('connected');
    terminal.press('p');
    await terminal.shows(/ 1 {2}Galaxy S23: connected; /);
    terminal.press('x');
    await terminal.shows(/Press its number/);
    terminal.press('q');
    await terminal.shows(/They all stay/);
    terminal.press('x');
    await terminal.shows(/Press its number/);
    terminal.press('1');
    expect(await reaches('ended')).toMatchObject({ reason: 'closed_by_desktop' });
    await terminal.shows(/Galaxy S23 was removed/);
    await linkShown();
  });

  it('says when a phone is lost', async () => {
    const reaches = await ask();
    await terminal.answers('a', /Approved/);
    await reaches('connected');
    await terminal.shows(/Connected/);
    phone?.leave();
    phone = undefined;
    await terminal.shows(/Galaxy S23 lost its connection\. Nothing stays pressed\. It may come back by itself\./);
  });

  it('ends with status 0 at q', async () => {
    await linkShown();
    const ended = new Promise((resolve) => terminal.child.once('exit', resolve));
    terminal.press('q');
    expect(await ended).toBe(0);
  });
});
