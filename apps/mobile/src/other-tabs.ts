import { type Clock, isSessionID, type SessionID } from '@proxim/protocol';

import { parseRecord, recordFields, type SessionRecord } from './session-record.js';
import { fieldsOf } from './storage.js';

/** What is used of a `BroadcastChannel`. */
export interface TabChannel {
  post(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The name of the channel between this page's tabs. */
export const tabChannelName = 'proxim.tabs';

/** How a tab holds a session: it uses it, or it could come back to it. */
export type Hold = 'in_use' | 'at_rest';

export interface OtherTabsHandlers {
  /** Whether this tab holds the session. */
  holds(sessionID: SessionID): Hold | undefined;
  /** Another tab's user wants the session there: what it takes to go on with it. */
  give(sessionID: SessionID): SessionRecord | undefined;
  /** Another tab is connected to the session. */
  onTaken(sessionID: SessionID): void;
}

/** A tab in front answers within a few milliseconds, one in the background a little later, and one that sleeps not at all. */
const answerWithinMs = 250;
/** Here the user is waiting for just this, and going on without it would ask the computer anew. */
const giveWithinMs = 1000;

/**
 * The other tabs of this phone that show the same page. A code that is scanned a second time opens in a new tab, which
 * knows nothing of the one that controls the computer already.
 *
 * What is posted reaches pages of this very origin in this very browser and nobody else, and each of those runs the
 * same script and could have read the code itself. A session's secrets are posted nevertheless only in answer to a
 * user who has chosen to go on in the other tab, and no tab keeps what was meant for another one.
 */
export class OtherTabs {
  readonly #channel: TabChannel | undefined;
  readonly #clock: Clock;
  readonly #tab: string;
  readonly #handlers: OtherTabsHandlers;
  readonly #holdWaiters = new Map<SessionID, (hold: Hold) => void>();
  readonly #recordWaiters = new Map<SessionID, (record: SessionRecord) => void>();

  /**
   * @param options `channel`: undefined where the browser has none, and then no other tab is ever found;
   * `tab`: a random name for this one
   */
  constructor(options: {
    readonly channel: TabChannel | undefined;
    readonly clock: Clock;
    readonly tab: string;
    readonly handlers: OtherTabsHandlers;
  }) {
    this.#channel = options.channel;
    this.#clock = options.clock;
    this.#tab = options.tab;
    this.#handlers = options.handlers;
    this.#channel?.onMessage((message) => {
      this.#onMessage(message);
    });
  }

  /** Asks whether another tab holds the session; undefined when none says so in time. */
  whoHolds(sessionID: SessionID): Promise<Hold | undefined> {
    return this.#ask('who_holds', sessionID, this.#holdWaiters, answerWithinMs);
  }

  /** Has the tab that holds the session hand it over; undefined when none does so in time. */
  take(sessionID: SessionID): Promise<SessionRecord | undefined> {
    return this.#ask('take', sessionID, this.#recordWaiters, giveWithinMs);
  }

  /** Says that this tab is connected: a tab that was looking for the way back looks no longer. */
  announce(sessionID: SessionID): void {
    this.#channel?.post({ type: 'taken', from: this.#tab, sessionID });
  }

  #ask<Answer>(
    type: 'who_holds' | 'take',
    sessionID: SessionID,
    waiters: Map<SessionID, (answer: Answer) => void>,
    withinMs: number,
  ): Promise<Answer | undefined> {
    const channel = this.#channel;
    if (!channel) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (answer: Answer | undefined): void => {
        timer.cancel();
        if (waiters.get(sessionID) === settle) waiters.delete(sessionID);
        resolve(answer);
      };
      const timer = this.#clock.setTimer(withinMs, () => {
        settle(undefined);
      });
      waiters.set(sessionID, settle);
      channel.post({ type, from: this.#tab, sessionID });
    });
  }

  #onMessage(message: unknown): void {
    // Another tab may show an older page, so it is read like anything that comes from outside.
    const { type, from, to, sessionID, hold, record } = fieldsOf(message) ?? {};
    if (typeof sessionID !== 'string' || !isSessionID(sessionID) || from === this.#tab) return;
    if (to !== undefined && to !== this.#tab) return;
    switch (type) {
      case 'who_holds': {
        const held = this.#handlers.holds(sessionID);
        if (held) this.#channel?.post({ type: 'holds', from: this.#tab, to: from, sessionID, hold: held });
        break;
      }
      case 'holds':
        this.#holdWaiters.get(sessionID)?.(hold === 'in_use' ? 'in_use' : 'at_rest');
        break;
      case 'take': {
        const mine = this.#handlers.give(sessionID);
        if (!mine) break;
        this.#channel?.post({ type: 'given', from: this.#tab, to: from, sessionID, record: recordFields(mine) });
        break;
      }
      case 'given': {
        const given = parseRecord(fieldsOf(record) ?? {});
        if (given?.link.sessionID === sessionID) this.#recordWaiters.get(sessionID)?.(given);
        break;
      }
      case 'taken':
        this.#handlers.onTaken(sessionID);
        break;
      default:
        break;
    }
  }
}
