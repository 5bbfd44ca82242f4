import type { SystemAction, SystemGoing, SystemRefusal, SystemResult } from '@proxim/control';
import { type Clock, ProximError, type SessionID, type Timer } from '@proxim/protocol';

import type { SystemBackend } from '../backends/system/system-backend.js';

/** How long the computer's user has for an answer, in seconds. */
export const systemQuestionSeconds = 20;
/**
 * After a question without a yes its phone has to wait so long for the next one, and twice as long after each further one:
 * while a question is open no phone points or types, so whoever asked on and on would hold up all others.
 */
const firstPauseMs = 10_000;
const longestPauseMs = 600_000;
/** This many requests of one phone in a minute; more are not even looked at. */
const requestsAMinute = 12;
const minuteMs = 60_000;

/** The commands that end what is open on the computer: its own user is asked about them. */
export type AskedAction = Extract<SystemAction, 'restart' | 'shut_down'>;

/** What the computer's own user is asked. */
export interface SystemQuestion {
  readonly promptID: string;
  readonly sessionID: SessionID;
  readonly action: AskedAction;
  /** On the app's clock. */
  readonly expiresAt: number;
}

/** Why a question is over. `withdrawn`: its phone has gone or wants it no more. `not_allowed`: it may not any more. */
export type SystemQuestionEnd = 'allowed' | 'rejected_by_user' | 'timeout' | 'withdrawn' | 'not_allowed';

/** What a phone is told. */
export type SystemAnswer = Pick<SystemResult, 'outcome' | 'reason' | 'seconds'>;

/** What one phone wants. */
export interface SystemRequest {
  readonly sessionID: SessionID;
  readonly action: SystemAction;
  /** Whether its phone may do this at this moment: asked when it comes, and again before it is done. */
  readonly isAllowed: () => boolean;
  readonly answer: (answer: SystemAnswer) => void;
}

export interface SystemCommandsHandlers {
  /** Whether the computer's user is being asked something else: two questions at once are one too many. */
  readonly isBusy: () => boolean;
  readonly onQuestion: (question: SystemQuestion) => void;
  readonly onQuestionGone: (question: SystemQuestion, end: SystemQuestionEnd) => void;
  /** The system is about to be told: nothing may stay pressed. */
  readonly beforeGoing: () => void;
  /** The system has taken it: the phones are told while there is time. */
  readonly onGoing: (action: SystemGoing) => void;
  /** What came of a request in the end, for those who keep a log. */
  readonly onEnd: (request: Pick<SystemRequest, 'sessionID' | 'action'>, refusal: SystemRefusal | null) => void;
  /** What can be done here has changed. */
  readonly onActions: () => void;
}

type State =
  | { readonly at: 'idle' }
  | {
      readonly at: 'asking';
      readonly request: SystemRequest;
      readonly question: SystemQuestion;
      readonly timer: Timer;
    }
  | { readonly at: 'working' };

const idle: State = { at: 'idle' };

const isAsked = (action: SystemAction): action is AskedAction => action === 'restart' || action === 'shut_down';

/** Locks, sleeps, restarts and shuts down for the phones that may: one request at a time, and one question. */
export class SystemCommands {
  readonly #backend: SystemBackend;
  readonly #clock: Clock;
  readonly #newPromptID: () => string;
  readonly #handlers: SystemCommandsHandlers;
  #actions: readonly SystemAction[] = [];
  #state: State = idle;
  /** When each phone asked, in the last minute. */
  readonly #asked = new Map<SessionID, readonly number[]>();
  /** Until when each phone has to wait for its next question, and how long that is in all. */
  readonly #pauses = new Map<SessionID, { readonly until: number; readonly ms: number }>();

  constructor(options: {
    readonly backend: SystemBackend;
    readonly clock: Clock;
    readonly newPromptID: () => string;
    readonly handlers: SystemCommandsHandlers;
  }) {
    this.#backend = options.backend;
    this.#clock = options.clock;
    this.#newPromptID = options.newPromptID;
    this.#handlers = options.handlers;
  }

  /** What can be done on this computer; nothing, until it has been asked. */
  get actions(): readonly SystemAction[] {
    return this.#actions;
  }

  /** The question that is open. */
  get question(): SystemQuestion | null {
    return this.#state.at === 'asking' ? this.#state.question : null;
  }

  /** Asks the system what can be done here; changes nothing there. */
  async findOut(): Promise<void> {
    const actions = await this.#backend.actions();
    if (actions.join() === this.#actions.join()) return;
    this.#actions = actions;
    this.#handlers.onActions();
  }

  /** Does what a phone wants, asks about it, or refuses. */
  request(request: SystemRequest): void {
    const { sessionID, action } = request;
    const { isNoted, reason } = this.#refusalOf(request);
    if (reason !== undefined) {
      request.answer({ outcome: 'refused', reason });
      if (isNoted) this.#handlers.onEnd(request, reason);
      return;
    }
    if (!isAsked(action)) {
      void this.#carryOut(request);
      return;
    }
    const ms = systemQuestionSeconds * 1000;
    const question = { promptID: this.#newPromptID(), sessionID, action, expiresAt: this.#clock.now() + ms };
    const timer = this.#clock.setTimer(ms, () => {
      this.#end('timeout');
    });
    this.#state = { at: 'asking', request, question, timer };
    request.answer({ outcome: 'asked', seconds: systemQuestionSeconds });
    this.#handlers.onQuestion(question);
  }

  /** The user's answer. @throws ProximError `question_over` */
  answer(sessionID: string, promptID: string, isAllowed: boolean): void {
    const { question } = this;
    if (question?.promptID !== promptID || question.sessionID !== sessionID) {
      throw new ProximError('question_over', 'That question is over.');
    }
    this.#end(isAllowed ? 'allowed' : 'rejected_by_user');
  }

  /** The phone has gone, or wants it no more. */
  withdraw(sessionID: SessionID): void {
    if (this.question?.sessionID === sessionID) this.#end('withdrawn');
  }

  /** Some phone may do more, or less. */
  rightsChanged(): void {
    if (this.#state.at === 'asking' && !this.#state.request.isAllowed()) this.#end('not_allowed');
  }

  /** A session is over, and its name will not come again. */
  forget(sessionID: SessionID): void {
    this.withdraw(sessionID);
    this.#asked.delete(sessionID);
    this.#pauses.delete(sessionID);
  }

  stop(): void {
    if (this.#state.at === 'asking') this.#state.timer.cancel();
    this.#state = idle;
  }

  #refusalOf({ sessionID, action, isAllowed }: SystemRequest): { isNoted: boolean; reason?: SystemRefusal } {
    const now = this.#clock.now();
    const before = (this.#asked.get(sessionID) ?? []).filter((at) => now - at < minuteMs);
    // A phone that asks all the time is refused, and does not fill the log either.
    if (before.length >= requestsAMinute) return { isNoted: false, reason: isAllowed() ? 'busy' : 'not_allowed' };
    this.#asked.set(sessionID, [...before, now]);
    if (!isAllowed()) return { isNoted: true, reason: 'not_allowed' };
    if (!this.#actions.includes(action)) return { isNoted: true, reason: 'unavailable' };
    const hasToWait = isAsked(action) && (this.#handlers.isBusy() || now < (this.#pauses.get(sessionID)?.until ?? 0));
    return this.#state.at !== 'idle' || hasToWait ? { isNoted: true, reason: 'busy' } : { isNoted: true };
  }

  #end(end: SystemQuestionEnd): void {
    if (this.#state.at !== 'asking') return;
    const { request, question, timer } = this.#state;
    timer.cancel();
    this.#state = idle;
    // Asked again, whoever has said yes: the phone may have lost the right within this very moment.
    const known = end === 'allowed' && !request.isAllowed() ? 'not_allowed' : end;
    switch (known) {
      case 'allowed':
        this.#pauses.delete(request.sessionID);
        this.#handlers.onQuestionGone(question, known);
        void this.#carryOut(request);
        break;
      case 'rejected_by_user':
      case 'timeout':
      case 'not_allowed':
      case 'withdrawn': {
        this.#makeWait(request.sessionID);
        this.#handlers.onQuestionGone(question, known);
        if (known === 'withdrawn') break;
        request.answer({ outcome: 'refused', reason: known });
        this.#handlers.onEnd(request, known);
        break;
      }
      default:
        known satisfies never;
    }
  }

  #makeWait(sessionID: SessionID): void {
    const now = this.#clock.now();
    const before = this.#pauses.get(sessionID);
    const goesOn = before !== undefined && now - before.until < longestPauseMs;
    const ms = goesOn ? Math.min(2 * before.ms, longestPauseMs) : firstPauseMs;
    this.#pauses.set(sessionID, { until: now + ms, ms });
  }

  async #carryOut(request: SystemRequest): Promise<void> {
    const { action } = request;
    this.#state = { at: 'working' };
    if (action !== 'lock') this.#handlers.beforeGoing();
    const outcome = await this.#backend.carryOut(action);
    this.#state = idle;
    const reason = outcome === 'done' ? null : 'failed';
    request.answer(reason === null ? { outcome: 'done' } : { outcome: 'refused', reason });
    this.#handlers.onEnd(request, reason);
    if (reason === null && action !== 'lock') this.#handlers.onGoing(action);
  }
}
