import type { Prompt } from '@proxim/peer';
import { type Clock, isProximError, type SessionID } from '@proxim/protocol';

import type { DesktopApp } from '../host/desktop-app.js';
import { durationText, endText, turnedAwayText } from './texts.js';
import { terminalQr } from './terminal-qr.js';

interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly hasColour: boolean;
}

/** A key that was meant for something else does not answer a question that has only just appeared. */
const guardMs = 500;

/** Text that comes from elsewhere moves no cursor and sets no title: what could is taken out. */
const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '').slice(0, 300);

/** What terminals send for keys such as the arrows (ECMA-48, section 5.4): the last byte may be a letter, and is none. */
const escapeSequence = new RegExp(`${String.fromCharCode(27)}(?:\\[[0-9;?]*[ -/]*[@-~]|O.|.)?`, 'g');

/** Fingers are no faster than this; more at once was pasted. */
const mostKeysAtOnce = 4;

/** The plain keys in what a terminal sent, which are several when this program was busy. */
const keysOf = (input: string): readonly string[] => {
  const keys = Array.from(input.replace(escapeSequence, ''));
  return keys.length > mostKeysAtOnce ? [] : keys;
};

/** What a person sees in the terminal, and the keys that answer. */
export class TerminalView {
  readonly #app: DesktopApp;
  readonly #terminal: Terminal;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #quit: () => void;
  /** The questions that are open, oldest first: the first one is the one that is shown and answered. */
  #prompts: readonly Prompt[] = [];
  #shownAt = 0;
  readonly #used = new Set<SessionID>();

  constructor(app: DesktopApp, terminal: Terminal, clock: Pick<Clock, 'now'>, quit: () => void) {
    this.#app = app;
    this.#terminal = terminal;
    this.#clock = clock;
    this.#quit = quit;
    this.#listen();
    this.#readKeys();
  }

  #listen(): void {
    const app = this.#app;
    app.on('session', ({ link, expiresAt, sessionType }) => {
      this.#showCode(link, expiresAt, sessionType);
    });
    app.on('prompt', (prompt) => {
      this.#prompts = [...this.#prompts, prompt];
      if (this.#prompts.length === 1) this.#showPrompt(prompt);
      else this.#say(`${prompt.deviceInfo.name} asks too, and waits for its turn.`);
    });
    app.on('prompt_gone', ({ promptID, reason }) => {
      this.#onPromptGone(promptID, reason);
    });
    app.on('peer', ({ sessionID, state }) => {
      if (state === 'connected') {
        this.#used.add(sessionID);
        this.#say('Connected. The phone controls this computer.  [e] end session');
      }
      if (state === 'disconnected') this.#say('The phone is away. It may come back by itself.');
    });
    app.on('turned_away', ({ deviceName, why }) => {
      this.#say(`${deviceName ?? 'A device'} was turned away: ${turnedAwayText(why)}`);
    });
    app.on('session_closed', ({ sessionID, reason }) => {
      // A code that was replaced before anybody used it is no news.
      if (this.#used.delete(sessionID) || reason !== 'closed_by_desktop') this.#say(endText(reason));
    });
    app.on('error', ({ message }) => {
      this.#say(harmless(message));
    });
  }

  #say(text: string): void {
    this.#terminal.output.write(`${text}\n`);
  }

  #showCode(link: string, expiresAt: number | null, sessionType: string): void {
    const until =
      expiresAt === null
        ? 'It works until you remove it.'
        : `It works for ${durationText(this.#app.secondsUntil(expiresAt))}${sessionType === 'one_time' ? ', once' : ''}.`;
    this.#say(`\nScan this with your phone's camera. ${until}\n`);
    this.#say(terminalQr(link, this.#terminal.hasColour));
    this.#say(`\n${link}\n`);
    if (this.#app.isWithoutNetwork) this.#say('This computer is in no network: no phone can follow that link yet.');
    if (this.#terminal.input.isTTY) this.#say('[n] new code   [q] quit');
  }

  #showPrompt(prompt: Prompt): void {
    this.#shownAt = this.#clock.now();
    const { name, id } = prompt.deviceInfo;
    const proof = prompt.verified
      ? 'It proved that it read this code.'
      : 'It did NOT prove that it read this code. If you scanned it with our page, reject.';
    this.#say(`\u0007\n${name} wants to control this computer.\n  id ${id}\n  ${proof}`);
    this.#say('  Approving gives it full control: pointer, keys, everything you can do.');
    this.#say(prompt.verified ? '  [a] approve   [r] reject' : '  [A] approve anyway   [r] reject');
  }

  #onPromptGone(promptID: string, reason: 'timeout' | 'mobile_left' | 'answered' | 'session_over'): void {
    const [shown] = this.#prompts;
    this.#prompts = this.#prompts.filter((prompt) => prompt.promptID !== promptID);
    if (reason === 'timeout') this.#say('Nobody answered in time. The phone was told.');
    if (reason === 'mobile_left') this.#say('The phone has left.');
    const [next] = this.#prompts;
    if (next && next !== shown) this.#showPrompt(next);
  }

  #readKeys(): void {
    const { input } = this.#terminal;
    if (!input.isTTY) return;
    input.setRawMode(true);
    input.setEncoding('utf8');
    // A terminal that is closed says so by a signal as well.
    input.on('error', () => undefined);
    input.on('data', (keys: string) => {
      for (const key of keysOf(keys)) this.#onKey(key);
    });
  }

  #onKey(key: string): void {
    try {
      switch (key) {
        case 'a':
        case 'A':
          this.#approve(key === 'A');
          break;
        case 'r':
          this.#reject();
          break;
        case 'n':
          this.#app.renewSession(this.#app.state().nextSession);
          break;
        case 'e':
          for (const { sessionID, device } of this.#app.sessions) if (device) this.#app.closeSession(sessionID);
          break;
        case 'q':
        case '\u0003':
        case '\u0004':
          this.#quit();
          break;
        default:
        // Any other key means nothing here.
      }
    } catch (error) {
      if (!isProximError(error)) throw error;
      this.#say(error.message);
    }
  }

  #approve(isDeliberate: boolean): void {
    const [prompt] = this.#prompts;
    if (!prompt || this.#clock.now() - this.#shownAt < guardMs) return;
    if (!prompt.verified && !isDeliberate) {
      this.#say('  This device did not prove that it read the code: Shift+A approves it all the same.');
      return;
    }
    this.#app.approve(prompt.sessionID, { promptID: prompt.promptID, unverified: !prompt.verified });
    this.#say('Approved. The phone connects …');
  }

  #reject(): void {
    const [prompt] = this.#prompts;
    if (prompt) this.#app.reject(prompt.sessionID, { promptID: prompt.promptID });
  }
}
