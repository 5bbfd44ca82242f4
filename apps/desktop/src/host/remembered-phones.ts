import { allRights, type ControlRights } from '@proxim/control';
import type { KeptSession } from '@proxim/peer';
import { ProximError, type SessionID, type SessionType } from '@proxim/protocol';

import type { PhoneMemory } from './phone-memory.js';

/** A server takes 16 sessions of one desktop: this many phones leave room for codes. */
const maxPhones = 12;
const maxLabelLength = 64;
/** Controls, those that turn the writing around, and halves of characters. */
const forbidden = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

interface Facts {
  label: string | null;
  lastSeenAt: number | null;
  rights: ControlRights;
}

/** What the app knows of its sessions' phones by itself: what its user calls them, when they were here, which may return. */
export class RememberedPhones {
  readonly #memory: PhoneMemory;
  /** Where the phones look for their sessions; null for the embedded server. */
  readonly #signaling: string | null;
  readonly #wallClock: () => number;
  readonly #facts = new Map<SessionID, Facts>();
  readonly #restored = new Set<SessionID>();

  constructor(options: {
    readonly memory: PhoneMemory;
    readonly signaling: string | null;
    /** Unix milliseconds. */
    readonly wallClock: () => number;
  }) {
    this.#memory = options.memory;
    this.#signaling = options.signaling;
    this.#wallClock = options.wallClock;
    for (const { kept, label, lastSeenAt, rights } of this.#memory.phones) {
      this.#facts.set(kept.sessionID, { label, lastSeenAt, rights });
      this.#restored.add(kept.sessionID);
    }
  }

  /** Why nothing is remembered, in one sentence; null when it is. */
  get problem(): string | null {
    return this.#memory.problem;
  }

  /** The sessions that are to be made again. */
  get kept(): readonly KeptSession[] {
    return this.#memory.phones.filter(({ signaling }) => signaling === this.#signaling).map(({ kept }) => kept);
  }

  /** Whether it was made in an earlier run. */
  isRestored(sessionID: SessionID): boolean {
    return this.#restored.has(sessionID);
  }

  isRemembered(sessionID: SessionID): boolean {
    return this.#memory.problem === null && this.#memory.phones.some(({ kept }) => kept.sessionID === sessionID);
  }

  /** Whether it comes back in another run. */
  comesBack(sessionID: SessionID): boolean {
    return this.#memory.holds(sessionID);
  }

  /** The name that the user gave the phone. */
  label(sessionID: SessionID): string | null {
    return this.#facts.get(sessionID)?.label ?? null;
  }

  /** When it was last connected, in Unix milliseconds. */
  lastSeenAt(sessionID: SessionID): number | null {
    return this.#facts.get(sessionID)?.lastSeenAt ?? null;
  }

  /** Whether one more could not be remembered. */
  get isFull(): boolean {
    return this.kept.length >= maxPhones;
  }

  readonly tooMany = `Proxim remembers ${String(maxPhones)} phones at most. Remove one of them first.`;

  /** @throws ProximError `too_many_phones` when one more could not be remembered */
  checkRoom(sessionType: SessionType): void {
    if (sessionType !== 'persistent' || !this.isFull) return;
    throw new ProximError('too_many_phones', this.tooMany);
  }

  remember(kept: KeptSession): void {
    const { label, lastSeenAt, rights } = this.#of(kept.sessionID);
    this.#memory.remember({ kept, signaling: this.#signaling, label, lastSeenAt, rights });
  }

  /** Gives a phone a name of the user's; an empty one gives it back its own. @throws ProximError `bad_name` */
  rename(sessionID: SessionID, name: string): void {
    const label = name.replace(forbidden, '').trim();
    if (Array.from(label).length > maxLabelLength) {
      throw new ProximError('bad_name', `A name has ${String(maxLabelLength)} characters at most.`);
    }
    const facts = this.#of(sessionID);
    facts.label = label === '' ? null : label;
    this.#memory.change(sessionID, { label: facts.label });
  }

  /** What the phone may do; everything, unless the user has said otherwise. */
  rights(sessionID: SessionID): ControlRights {
    return this.#facts.get(sessionID)?.rights ?? allRights;
  }

  allow(sessionID: SessionID, rights: ControlRights): void {
    this.#of(sessionID).rights = rights;
    this.#memory.change(sessionID, { rights });
  }

  seen(sessionID: SessionID): void {
    const facts = this.#of(sessionID);
    facts.lastSeenAt = this.#wallClock();
    this.#memory.change(sessionID, { lastSeenAt: facts.lastSeenAt });
  }

  /** The user removed it, here and now: it is asked about again. */
  forget(sessionID: SessionID): void {
    this.#memory.forget(sessionID);
  }

  /** The session is over in this run. */
  dropFacts(sessionID: SessionID): void {
    if (!this.isRemembered(sessionID)) this.#facts.delete(sessionID);
  }

  #of(sessionID: SessionID): Facts {
    const known = this.#facts.get(sessionID);
    if (known) return known;
    const facts: Facts = { label: null, lastSeenAt: null, rights: allRights };
    this.#facts.set(sessionID, facts);
    return facts;
  }
}
