import type { Prompt } from '@proxim/peer';
import { isProximError, type SessionID } from '@proxim/protocol';

import type { DesktopApp } from '../host/desktop-app.js';
import { durationText, endText, turnedAwayText } from './texts.js';
import { terminalQr } from './terminal-qr.js';

interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly hasColour: boolean;
}

/** What a person sees in the terminal, and the keys that answer. */
export class TerminalView {
  readonly #app: DesktopApp;
  readonly #terminal: Terminal;
  readonly #quit: () => void;
  #prompt: Prompt | undefined;

  constructor(app: DesktopApp, terminal: Terminal, quit: () => void) {
    this.#app = app;
    this.#terminal = terminal;
    this.#quit = quit;
    app.on('session', ({ link, expiresAt, sessionType }) => {
      this.#showCode(link, expiresAt, sessionType);
    });
    app.on('prompt', (prompt) => {
      this.#showPrompt(prompt);
    });
    app.on('prompt_gone', ({ reason }) => {
      this.#prompt = undefined;
      if (reason === 'timeout') this.#say('Nobody answered in time. The phone was told.');
      if (reason === 'mobile_left') this.#say('The phone has left.');
    });
    app.on('peer', ({ state }) => {
      if (state === 'connected') this.#say('Connected. The phone controls this computer.  [e] end session');
      if (state === 'disconnected') this.#say('The phone is away. It may come back by itself.');
    });
    app.on('turned_away', ({ deviceName, why }) => {
      this.#say(`${deviceName ?? 'A device'} was turned away: ${turnedAwayText(why)}`);
    });
    app.on('session_closed', ({ reason }) => {
      this.#say(endText(reason));
    });
    app.on('error', ({ message }) => {
      this.#say(message);
    });
    this.#readKeys();
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
    if (this.#terminal.input.isTTY) this.#say('[n] new code   [q] quit');
  }

  #showPrompt(prompt: Prompt): void {
    this.#prompt = prompt;
    const { name, id } = prompt.deviceInfo;
    const proof = prompt.verified
      ? 'It proved that it read this code.'
      : 'It did NOT prove that it read this code. If you scanned it with our page, reject.';
    this.#say(`\u0007\n${name} wants to control this computer.\n  id ${id}\n  ${proof}`);
    this.#say('  Approving gives it full control: pointer, keys, everything you can do.');
    this.#say(prompt.verified ? '  [a] approve   [r] reject' : '  [A] approve anyway   [r] reject');
  }

  #readKeys(): void {
    const { input } = this.#terminal;
    if (!input.isTTY) return;
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', (keys: string) => {
      for (const key of keys) this.#onKey(key);
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
          if (this.#prompt) this.#app.reject(this.#prompt.sessionID, { promptID: this.#prompt.promptID });
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
    const prompt = this.#prompt;
    if (!prompt) return;
    if (!prompt.verified && !isDeliberate) {
      this.#say('  This device did not prove that it read the code: Shift+A approves it all the same.');
      return;
    }
    const sessionID: SessionID = prompt.sessionID;
    this.#app.approve(sessionID, { promptID: prompt.promptID, unverified: !prompt.verified });
  }
}
