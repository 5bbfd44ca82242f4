import type { Clock, SessionID } from '@proxim/protocol';

import { allowsMore, checkUsersOwnHand } from '../host/users-own-hand.js';
import type { WindowSession } from '../host/window-protocol.js';
import type { TerminalApp } from './terminal-app.js';
import { pickNumber } from './terminal-keys.js';
import { type ListedPhone, listPhones, phoneName } from './terminal-phones.js';
import { rightsLine, toggleRight } from './terminal-rights.js';
import { harmless } from './terminal-text.js';
import { texts } from './texts.js';

/** What is to be done to one of the phones. */
type Purpose = 'remove' | 'rights';

/** What the next keys are for: the number of a phone in the list, as it was shown, or those of one phone's rights. */
type Picking =
  | {
      readonly kind: 'phone';
      readonly purpose: Purpose;
      readonly phones: readonly ListedPhone[];
      readonly digits: string;
    }
  | { readonly kind: 'rights'; readonly sessionID: SessionID };

/** For how long a number is awaited: a key that comes later is meant for something else. */
const pickMs = 10_000;

/** The list of phones in the terminal, and the numbers that choose from it. */
export class PhonePicker {
  readonly #app: TerminalApp;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #say: (text: string) => void;
  readonly #remove: (session: WindowSession) => void;
  #picking: (Picking & { readonly since: number }) | undefined;

  constructor(options: {
    readonly app: TerminalApp;
    readonly clock: Pick<Clock, 'now'>;
    readonly say: (text: string) => void;
    readonly remove: (session: WindowSession) => void;
  }) {
    this.#app = options.app;
    this.#clock = options.clock;
    this.#say = options.say;
    this.#remove = options.remove;
  }

  /** Lists the phones. */
  show(): readonly ListedPhone[] {
    const { sessions, memoryProblem } = this.#app.state();
    const phones = listPhones(sessions, this.#app.time.unix(this.#clock.now()));
    this.#say(phones.length === 0 ? texts.noPhones : `\n${texts.phones}`);
    for (const { line } of phones) this.#say(line);
    if (phones.length > 0 && memoryProblem !== null) this.#say(harmless(memoryProblem));
    return phones;
  }

  /** Asks which phone is meant. */
  begin(purpose: Purpose): void {
    const phones = this.show();
    const [first] = phones;
    if (!first) return;
    if (purpose === 'rights' && phones.length === 1) {
      this.#beginRights(first.sessionID, first.name);
      return;
    }
    this.#say(purpose === 'remove' ? texts.whichPhone(phones.length) : texts.whichMay(phones.length));
    this.#await({ kind: 'phone', purpose, phones, digits: '' });
  }

  /** Something else is asked: no number is awaited any more. */
  forget(): void {
    this.#picking = undefined;
  }

  /** Takes a key; false when it is meant for something else. */
  take(key: string): boolean {
    const picking = this.#picking;
    this.#picking = undefined;
    if (!picking || this.#clock.now() - picking.since >= pickMs) return false;
    switch (picking.kind) {
      case 'phone':
        this.#pick(picking, key);
        return true;
      case 'rights':
        return this.#changeRight(picking.sessionID, key);
      default:
        return picking satisfies never;
    }
  }

  #await(picking: Picking): void {
    this.#picking = { ...picking, since: this.#clock.now() };
  }

  #session(sessionID: string): WindowSession | undefined {
    return this.#app.state().sessions.find((session) => session.sessionID === sessionID);
  }

  #pick({ purpose, phones, digits }: Extract<Picking, { kind: 'phone' }>, key: string): void {
    const picked = pickNumber(digits, key, phones.length);
    switch (picked.kind) {
      case 'chosen': {
        const phone = phones[picked.number - 1];
        const session = phone && this.#session(phone.sessionID);
        if (!session) break;
        if (purpose === 'remove') this.#remove(session);
        else this.#beginRights(phone.sessionID, phone.name);
        break;
      }
      case 'partial':
        this.#await({ kind: 'phone', purpose, phones, digits: picked.digits });
        break;
      case 'none':
        this.#say(purpose === 'remove' ? texts.nothingRemoved : texts.nothingChanged);
        break;
      default:
        picked satisfies never;
    }
  }

  #beginRights(sessionID: string, name: string): void {
    const session = this.#session(sessionID);
    if (!session) return;
    this.#say(texts.changing(name, rightsLine(this.#app.state().abilities, session.rights)));
    this.#await({ kind: 'rights', sessionID: sessionID as SessionID });
  }

  #changeRight(sessionID: SessionID, key: string): boolean {
    const session = this.#session(sessionID);
    const rights = session && toggleRight(this.#app.state().abilities, session.rights, key);
    const name = session && phoneName(session);
    if (!rights || name === undefined || name === null) return false;
    if (allowsMore(session.rights, rights)) checkUsersOwnHand(this.#app);
    this.#app.setRights(sessionID, rights);
    this.#beginRights(sessionID, name);
    return true;
  }
}
