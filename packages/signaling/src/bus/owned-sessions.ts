import { randomBytes } from 'node:crypto';

import type { SessionID } from '@proxim/protocol';

import type { Owner } from './bus.js';

/** What an owner, or one that claims the same, says to a claim and to a delivery: one byte. */
export const answers = {
  no: 0,
  yes: 1,
  /** I asked for it in the same moment, and step back: ask again. */
  after: 2,
} as const;

/** Claims of the same name at the same moment are sorted out in one round; three nodes may need two. */
const claimRounds = 5;
const claimPauseMs = 50;

/** How a claim reaches the other nodes. */
export interface ClaimBallot {
  /** Asks whoever listens to the session's subject; undefined when nobody does. */
  readonly ask: (bid: string) => Promise<number | undefined>;
  readonly pass: (ms: number) => Promise<void>;
}

interface OwnedSession {
  readonly owner: Owner;
  readonly bid: string;
  /** Stops listening to the session's subject. */
  readonly leave: () => void;
  /** Unix milliseconds; of two nodes that both believe to own it, the later one does. */
  since: number;
  status: 'claiming' | 'yielded' | 'owned';
}

/** The sessions of this node in a cluster: each name has one owner, which the nodes settle among themselves. */
export class OwnedSessions {
  readonly #node: string;
  readonly #wallClock: () => number;
  readonly #sessions = new Map<SessionID, OwnedSession>();

  constructor(node: string, wallClock: () => number) {
    this.#node = node;
    this.#wallClock = wallClock;
  }

  /** The owner, when the session is this node's without any doubt. */
  get(sessionID: SessionID): Owner | undefined {
    const session = this.#sessions.get(sessionID);
    return session?.status === 'owned' ? session.owner : undefined;
  }

  /** Names, and since when. */
  *all(): Generator<{ readonly sessionID: SessionID; readonly since: number }> {
    for (const [sessionID, { status, since }] of this.#sessions) {
      if (status === 'owned') yield { sessionID, since };
    }
  }

  /** Since when this node owns it, in Unix milliseconds; undefined when it does not. */
  since(sessionID: SessionID): number | undefined {
    const session = this.#sessions.get(sessionID);
    return session?.status === 'owned' ? session.since : undefined;
  }

  has(sessionID: SessionID): boolean {
    return this.#sessions.has(sessionID);
  }

  /**
   * Claims a name that this node has not. It listens to the session's subject already: of two that claim at once each
   * hears the other, and the higher bid wins.
   *
   * @throws what `ask` throws; nothing is claimed then
   */
  async claim(sessionID: SessionID, owner: Owner, leave: () => void, ballot: ClaimBallot): Promise<boolean> {
    const bid = randomBytes(9).toString('base64url');
    const session: OwnedSession = { owner, bid, leave, since: 0, status: 'claiming' };
    this.#sessions.set(sessionID, session);
    try {
      if ((await isFree(session, ballot)) && this.#sessions.get(sessionID) === session) {
        session.since = this.#wallClock();
        session.status = 'owned';
        return true;
      }
    } catch (error) {
      this.#drop(sessionID, session);
      throw error;
    }
    this.#drop(sessionID, session);
    return false;
  }

  release(sessionID: SessionID): void {
    const session = this.#sessions.get(sessionID);
    if (session) this.#drop(sessionID, session);
  }

  /** What another node hears that claims this name. */
  answerClaim(sessionID: SessionID, bid: string): number {
    const session = this.#sessions.get(sessionID);
    if (!session) return answers.after;
    if (session.status === 'owned') return answers.yes;
    if (session.status === 'claiming' && session.bid > bid) return answers.yes;
    session.status = 'yielded';
    return answers.after;
  }

  /** Whether this node's claim is the later one, of two that could not hear of each other. */
  outlives(sessionID: SessionID, other: { readonly node: string; readonly since: number }): boolean {
    const session = this.#sessions.get(sessionID);
    if (session?.status !== 'owned') return false;
    return session.since === other.since ? this.#node > other.node : session.since > other.since;
  }

  /** Another node is the owner now. */
  giveUp(sessionID: SessionID): void {
    const session = this.#sessions.get(sessionID);
    if (session?.status !== 'owned') return;
    this.#drop(sessionID, session);
    session.owner.superseded();
  }

  #drop(sessionID: SessionID, session: OwnedSession): void {
    if (this.#sessions.get(sessionID) === session) this.#sessions.delete(sessionID);
    session.leave();
  }
}

const isFree = async (session: OwnedSession, { ask, pass }: ClaimBallot): Promise<boolean> => {
  for (let round = 0; round < claimRounds; round += 1) {
    const answer = await ask(session.bid);
    // The status may have changed meanwhile: whoever asked with a higher bid was told to go first.
    const hasYielded = (session.status as string) !== 'claiming';
    if (answer === undefined) return !hasYielded;
    if (answer === answers.yes || hasYielded) return false;
    await pass(claimPauseMs);
  }
  return false;
};
