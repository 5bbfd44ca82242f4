import type { SessionID, SessionType } from '@proxim/protocol';

import { DesktopPeer, type KeptSession, type Prompt } from '../../src/index.js';
import { decodeSessionMessage, sessionChannel } from '../../src/common/session-channel.js';
import { type DesktopEvent, recordDesktop } from '../stage/both-sides.js';
import type { Host } from './host.js';
import { parseProbe, type Probe } from './probe.js';

const defaultTtlSeconds = 900;

/** What arrived on a control channel, and where. */
export interface Heard extends Probe {
  readonly sessionID: SessionID;
  /** Whether the desktop still held the session then. */
  readonly wasAlive: boolean;
  /** Whom its user had let in last. */
  readonly approved: string | undefined;
}

/** A question that was shown. */
export interface Question {
  readonly prompt: Prompt;
  /** How many requests this device had made by then, and how many questions there were about it, this one included. */
  readonly requests: number;
  readonly asked: number;
  /** Whether the session's phone had acknowledged the device secret: from then on nobody is asked about. */
  readonly isSealed: boolean;
}

/** One run of the desktop's program, and what its user has decided. */
export class ModelDesktop {
  readonly host: Host;
  readonly peer: DesktopPeer;
  readonly events: DesktopEvent[];
  readonly heard: Heard[] = [];
  /** By session: the device that was let in last. */
  readonly approved = new Map<SessionID, string>();
  readonly questions: Question[] = [];
  /** Sessions whose device secret was acknowledged. */
  readonly sealed = new Set<SessionID>();
  #restored: KeptSession | undefined;
  /** By the host's clock: when the session has to be over, where its kind says so from the start. */
  #endsAt: number | undefined;
  readonly #sessionType: SessionType;
  readonly #ttlSeconds: number | undefined;

  constructor(options: {
    readonly host: Host;
    readonly sessionType: SessionType;
    readonly ttlSeconds: number | undefined;
    readonly unverified: 'ask' | 'refuse';
    /** How many requests a device has made. */
    readonly requestsOf: (device: string) => number;
    /** The run before this one, on the same disk. */
    readonly before: ModelDesktop | undefined;
  }) {
    const { host, sessionType, ttlSeconds, unverified, requestsOf } = options;
    this.host = host;
    this.#sessionType = sessionType;
    this.#ttlSeconds = ttlSeconds;
    this.peer = new DesktopPeer({
      environment: host.environment,
      url: 'ws://relay',
      unverified,
      sessionTtlSeconds: defaultTtlSeconds,
    });
    this.events = recordDesktop(this.peer);
    this.peer.on('channel', ({ sessionID, channel }) => {
      channel.onMessage((data) => {
        const probe = parseProbe(data);
        if (!probe) return;
        this.heard.push({
          ...probe,
          sessionID,
          wasAlive: this.session?.sessionID === sessionID,
          approved: this.approved.get(sessionID),
        });
      });
    });
    this.peer.on('prompt', (prompt) => {
      const { id } = prompt.deviceInfo;
      const about = this.questions.map((question) => question.prompt).filter(({ deviceInfo }) => deviceInfo.id === id);
      // A question that the user left open may be shown again: to a server that stood still it has not lapsed.
      const asked = new Set([...about, prompt].map(({ promptID }) => promptID)).size;
      this.questions.push({ prompt, requests: requestsOf(id), asked, isSealed: this.sealed.has(prompt.sessionID) });
    });
    host.onArrival = (label, data) => {
      if (label !== sessionChannel.label || decodeSessionMessage(data)?.type !== 'device_secret_kept') return;
      if (this.session) this.sealed.add(this.session.sessionID);
    };
    this.peer.start();
    this.#restore(options.before);
    this.createSession();
  }

  /** What the run before had on disk when it died, which is what it had been told to keep and was not told to forget. */
  get kept(): KeptSession | undefined {
    const { session } = this;
    const last = this.events.findLast((event) => event[0] === 'keep' || event[0] === 'unkeep');
    if (last === undefined) return this.#restored;
    return last[0] === 'keep' && last[1].sessionID === session?.sessionID ? last[1] : undefined;
  }

  #restore(before: ModelDesktop | undefined): void {
    const kept = before?.session && before.kept;
    if (!before || !kept) return;
    this.#restored = kept;
    const { sessionID } = kept;
    const approved = before.approved.get(sessionID);
    if (approved !== undefined) this.approved.set(sessionID, approved);
    if (before.sealed.has(sessionID)) this.sealed.add(sessionID);
    this.peer.restoreSession(kept);
  }

  /** The one that it has, if it has one. */
  get session(): DesktopPeer['sessions'][number] | undefined {
    return this.peer.sessions[0];
  }

  /** A new code, unless one counts. */
  createSession(): void {
    if (this.session) return;
    this.peer.createSession({ sessionType: this.#sessionType, ttlSeconds: this.#ttlSeconds });
    const ttlMs = (this.#ttlSeconds ?? defaultTtlSeconds) * 1000;
    this.#endsAt = this.#sessionType === 'temporary' ? this.host.clock.now() + ttlMs : undefined;
  }

  /** Whether its session has had its time, by a clock that was not asked about it. */
  get isOverdue(): boolean {
    return this.session !== undefined && this.#endsAt !== undefined && this.host.clock.now() > this.#endsAt;
  }

  answer(approved: boolean): void {
    const { session } = this;
    if (!session?.prompt) return;
    const { promptID, deviceInfo } = session.prompt;
    if (approved) {
      this.approved.set(session.sessionID, deviceInfo.id);
      this.peer.approve(session.sessionID, { promptID, unverified: true });
    } else this.peer.reject(session.sessionID, { promptID });
  }

  endSession(): void {
    if (this.session) this.peer.closeSession(this.session.sessionID);
  }

  /** Direct connections of this run that are open. */
  get open(): Host['connections'] {
    return this.host.connections.filter(({ isOpen, isClosed }) => isOpen && !isClosed);
  }
}
