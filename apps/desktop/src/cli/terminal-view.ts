import type { Prompt } from '@proxim/peer';
import { type Clock, isProximError, type SessionID } from '@proxim/protocol';

import type { DesktopAppEvents } from '../host/desktop-app-options.js';
import { shownRights } from '../host/shown-rights.js';
import { checkUsersOwnHand } from '../host/users-own-hand.js';
import type { WindowRights, WindowSession, WindowSessionType } from '../host/window-protocol.js';
import type { Terminal, TerminalApp } from './terminal-app.js';
import { keysOf } from './terminal-keys.js';
import { phoneName } from './terminal-phones.js';
import { PhonePicker } from './terminal-picker.js';
import { rightsLine, toggleRight } from './terminal-rights.js';
import { terminalQr } from './terminal-qr.js';
import { harmless } from './terminal-text.js';
import { codeText, endText, staysText, texts } from './texts.js';

/** What was said of a session, so that nothing is said twice. */
interface Said {
  readonly sessionType: WindowSessionType;
  link: string;
  /** What its phone is called, once one was let in. */
  phone: string | null;
  wasConnected: boolean;
}

/** What a phone wants to do to the computer, and since when that stands here. */
type SystemPrompt = DesktopAppEvents['system_prompt'] & { readonly shownAt: number };

/** A key that was meant for something else does not answer a question that has only just appeared. */
const guardMs = 500;

/** The kinds of session in the order in which a key goes through them. */
const afterKind: Readonly<Record<WindowSessionType, WindowSessionType>> = {
  one_time: 'temporary',
  temporary: 'persistent',
  persistent: 'one_time',
};
const temporarySeconds = 900;

/** What a person sees in the terminal, and the keys that answer. */
export class TerminalView {
  readonly #app: TerminalApp;
  readonly #terminal: Terminal;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #quit: () => void;
  /** The questions that are open, oldest first: the first one is the one that is shown and answered. */
  #prompts: readonly Prompt[] = [];
  #shownAt = 0;
  /** What a phone wants to do to the computer: answered before everything else. */
  #systemPrompt: SystemPrompt | undefined;
  readonly #said = new Map<SessionID, Said>();
  readonly #picker: PhonePicker;
  /** What the phone that asks may do once it is let in. */
  #promptRights: WindowRights | undefined;

  constructor(app: TerminalApp, terminal: Terminal, clock: Pick<Clock, 'now'>, quit: () => void) {
    this.#app = app;
    this.#terminal = terminal;
    this.#clock = clock;
    this.#quit = quit;
    this.#picker = new PhonePicker({
      app,
      clock,
      say: (text) => {
        this.#say(text);
      },
      remove: (session) => {
        this.#close(session);
      },
    });
    this.#listen();
    this.#readKeys();
  }

  #listen(): void {
    const app = this.#app;
    app.on('session', (session) => {
      this.#onSession(session);
    });
    app.on('prompt', (prompt) => {
      // A question comes before what was begun: its keys answer it.
      this.#picker.forget();
      this.#prompts = [...this.#prompts, prompt];
      if (this.#prompts.length === 1 && !this.#systemPrompt) this.#showPrompt(prompt);
      else this.#say(texts.asksToo(harmless(prompt.deviceInfo.name)));
    });
    app.on('prompt_gone', ({ promptID, reason }) => {
      this.#onPromptGone(promptID, reason);
    });
    app.on('system_prompt', (prompt) => {
      this.#picker.forget();
      this.#showSystemPrompt(prompt);
    });
    app.on('system_prompt_gone', ({ reason }) => {
      this.#systemPrompt = undefined;
      this.#say(texts.systemOver[reason]);
      const [waiting] = this.#prompts;
      if (waiting) this.#showPrompt(waiting);
    });
    app.on('system', ({ sessionID, action, reason }) => {
      const session = this.#session(sessionID);
      const name = session && phoneName(session);
      if (reason === null && name !== null && name !== undefined) this.#say(texts.systemDone(name, action));
    });
    app.on('peer', ({ sessionID, state }) => {
      this.#onPeer(sessionID, state);
    });
    app.on('turned_away', ({ deviceName, why }) => {
      this.#say(texts.turnedAway(deviceName === null ? null : harmless(deviceName), why));
    });
    app.on('session_closed', ({ sessionID, reason }) => {
      const said = this.#said.get(sessionID);
      this.#said.delete(sessionID);
      const phone = said?.phone ?? null;
      // A code that was replaced before anybody used it is no news.
      if (phone !== null || reason !== 'closed_by_desktop') this.#say(endText(reason, phone, said?.sessionType));
    });
    app.on('error', ({ message }) => {
      this.#say(harmless(message));
    });
  }

  #say(text: string): void {
    this.#terminal.output.write(`${text}\n`);
  }

  #session(sessionID: string): WindowSession | undefined {
    return this.#app.state().sessions.find((session) => session.sessionID === sessionID);
  }

  #onSession({ sessionID, sessionType, expiresAt, link }: DesktopAppEvents['session']): void {
    const said = this.#said.get(sessionID);
    if (said?.link === link) return;
    const session = this.#session(sessionID);
    const phone = session ? phoneName(session) : null;
    if (said) said.link = link;
    else this.#said.set(sessionID, { sessionType, link, phone, wasConnected: phone !== null });
    // Where a phone is in already its code is of no use to another.
    if (phone === null) this.#showCode(link, expiresAt, sessionType, said !== undefined);
    else if (!said) this.#say(texts.remembered(phone));
  }

  #showCode(link: string, expiresAt: number | null, sessionType: WindowSessionType, isNewAddress: boolean): void {
    const seconds = expiresAt === null ? null : this.#app.time.secondsUntil(expiresAt);
    const problem = sessionType === 'persistent' ? this.#app.state().memoryProblem : null;
    this.#say(isNewAddress ? `\n${texts.newAddress}\n` : `\n${texts.scan} ${codeText(sessionType, seconds)}`);
    if (problem !== null && !isNewAddress) this.#say(harmless(problem));
    if (!isNewAddress) this.#say('');
    this.#say(terminalQr(link, this.#terminal.hasColour));
    this.#say(`\n${link}\n`);
    if (this.#app.isWithoutNetwork) this.#say(texts.noNetwork);
    if (this.#terminal.input.isTTY === true) this.#say(texts.keys);
  }

  #onPeer(sessionID: SessionID, state: DesktopAppEvents['peer']['state']): void {
    const session = this.#session(sessionID);
    const said = this.#said.get(sessionID);
    const name = session ? phoneName(session) : null;
    if (!said || name === null) return;
    said.phone = name;
    if (state === 'connected') {
      this.#say(said.wasConnected ? texts.back(name) : texts.connected(name));
      said.wasConnected = true;
    }
    if (state === 'disconnected') {
      const mayComeBack = said.sessionType === 'one_time' ? '' : ` ${texts.mayComeBack}`;
      this.#say(`${texts.lost(name)}${mayComeBack}`);
    }
  }

  #showPrompt(prompt: Prompt): void {
    this.#shownAt = this.#clock.now();
    const { name, id } = prompt.deviceInfo;
    const session = this.#session(prompt.sessionID);
    this.#say(`\u0007\n${texts.wants(harmless(name))}\n  id ${harmless(id)}`);
    this.#say(`  ${prompt.verified ? texts.verified : texts.unverified}`);
    this.#say(`  ${texts.fullControl}`);
    this.#promptRights = session && shownRights(this.#app.state().abilities, session.rights);
    this.#sayPromptRights();
    if (session) {
      const { sessionType, expiresAt } = session;
      this.#say(`  ${staysText(sessionType, expiresAt === null ? null : this.#app.time.secondsUntil(expiresAt))}`);
    }
    this.#say(`  ${prompt.verified ? texts.answers : texts.answersUnverified}`);
  }

  #showSystemPrompt(prompt: DesktopAppEvents['system_prompt']): void {
    const session = this.#session(prompt.sessionID);
    const name = (session && phoneName(session)) ?? harmless(prompt.deviceInfo.name);
    this.#systemPrompt = { ...prompt, shownAt: this.#clock.now() };
    this.#say(`\u0007\n${texts.wantsSystem(name, prompt.action)}`);
    this.#say(`  ${texts.unsaved}`);
    this.#say(`  ${texts.systemAnswers(prompt.action)}`);
  }

  #answerSystem({ sessionID, promptID, shownAt }: SystemPrompt, key: 'a' | 'A' | 'r'): void {
    if (key === 'a') this.#say(`  ${texts.systemDeliberately}`);
    else if (key === 'r') this.#app.answerSystem(sessionID, promptID, false);
    else if (this.#clock.now() - shownAt >= guardMs) {
      checkUsersOwnHand(this.#app);
      this.#app.answerSystem(sessionID, promptID, true);
    }
  }

  #onPromptGone(promptID: string, reason: DesktopAppEvents['prompt_gone']['reason']): void {
    const [shown] = this.#prompts;
    this.#prompts = this.#prompts.filter((prompt) => prompt.promptID !== promptID);
    if (reason === 'timeout') this.#say(texts.timeout);
    if (reason === 'mobile_left') this.#say(texts.left);
    const [next] = this.#prompts;
    if (next && next !== shown && !this.#systemPrompt) this.#showPrompt(next);
  }

  #readKeys(): void {
    const { input } = this.#terminal;
    if (input.isTTY !== true) return;
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
      if (isQuit(key)) this.#quit();
      else if (!this.#picker.take(key)) this.#command(key);
    } catch (error) {
      if (!isProximError(error)) throw error;
      this.#say(harmless(error.message));
    }
  }

  #command(key: string): void {
    switch (key) {
      case 'a':
      case 'A':
        if (this.#systemPrompt) this.#answerSystem(this.#systemPrompt, key);
        else this.#approve(key === 'A');
        break;
      case 'r':
        if (this.#systemPrompt) this.#answerSystem(this.#systemPrompt, key);
        else this.#reject();
        break;
      case 'n':
        this.#app.renewSession(this.#app.state().nextSession);
        break;
      case 't':
        this.#app.renewSession({
          sessionType: afterKind[this.#app.state().nextSession.sessionType],
          ttlSeconds: temporarySeconds,
        });
        break;
      case 'p':
        this.#picker.show();
        break;
      case 'x':
        this.#picker.begin('remove');
        break;
      case 'm':
        this.#picker.begin('rights');
        break;
      case 'b':
        if (!this.#systemPrompt) this.#block();
        break;
      case 's':
        this.#pauseOrResume();
        break;
      case 'e':
        this.#end();
        break;
      default:
        // Any other key means nothing here.
        if (key === 'q') this.#quit();
        else this.#changePromptRight(key);
    }
  }

  #changePromptRight(key: string): void {
    if (
      this.#systemPrompt ||
      !this.#promptRights ||
      this.#prompts.length === 0 ||
      this.#clock.now() - this.#shownAt < guardMs
    )
      return;
    const rights = toggleRight(this.#app.state().abilities, this.#promptRights, key);
    if (!rights) return;
    this.#promptRights = rights;
    this.#sayPromptRights();
  }

  #sayPromptRights(): void {
    if (this.#promptRights) this.#say(`  ${texts.mayDo(rightsLine(this.#app.state().abilities, this.#promptRights))}`);
  }

  #pauseOrResume(): void {
    const connected = this.#app.state().sessions.filter(({ direct, device }) => device && direct === 'connected');
    if (connected.length === 0) {
      this.#say(texts.nobodyToPause);
      return;
    }
    const isPaused = connected.some((session) => !session.isPaused);
    if (!isPaused) checkUsersOwnHand(this.#app);
    for (const { sessionID } of connected) this.#app.pause(sessionID as SessionID, isPaused);
    this.#say(isPaused ? texts.paused : texts.resumed);
  }

  #end(): void {
    for (const session of this.#app.state().sessions) this.#rememberName(session);
    if (this.#app.endControl() === 0) this.#say(texts.nobodyToEnd);
  }

  #close(session: WindowSession): void {
    this.#rememberName(session);
    this.#app.closeSession(session.sessionID as SessionID);
  }

  /** What is said of its end calls the phone by the name that it has now. */
  #rememberName(session: WindowSession): void {
    const said = this.#said.get(session.sessionID as SessionID);
    if (said) said.phone = phoneName(session);
  }

  #approve(isDeliberate: boolean): void {
    const [prompt] = this.#prompts;
    if (!prompt || this.#clock.now() - this.#shownAt < guardMs) return;
    if (!prompt.verified && !isDeliberate) {
      this.#say(`  ${texts.deliberately}`);
      return;
    }
    checkUsersOwnHand(this.#app);
    this.#app.approve(prompt.sessionID, {
      promptID: prompt.promptID,
      unverified: !prompt.verified,
      ...(this.#promptRights ? { rights: this.#promptRights } : {}),
    });
    const said = this.#said.get(prompt.sessionID);
    if (said) said.phone = harmless(prompt.deviceInfo.name);
    this.#say(texts.approved);
  }

  #block(): void {
    const [prompt] = this.#prompts;
    if (!prompt || this.#clock.now() - this.#shownAt < guardMs) return;
    this.#app.block(prompt.sessionID, { promptID: prompt.promptID });
    this.#say(texts.blocked);
  }

  #reject(): void {
    const [prompt] = this.#prompts;
    if (prompt) this.#app.reject(prompt.sessionID, { promptID: prompt.promptID });
  }
}

/** Ctrl+C and Ctrl+D, which mean the same at any time. */
const isQuit = (key: string): boolean => key === '\u0003' || key === '\u0004';
