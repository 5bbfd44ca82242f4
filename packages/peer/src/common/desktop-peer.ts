import {
  closeCodes,
  type Link,
  ProximError,
  type ServerMessage,
  type ServerMessageOf,
  type SessionID,
  type SessionType,
} from '@proxim/protocol';

import type { DesktopPeerEvents, DesktopSessionView } from './desktop-peer-events.js';
import { DesktopSession } from './desktop-session.js';
import type { DesktopSessionHandlers } from './desktop-session-options.js';
import type { PeerEnvironment } from './environment.js';
import { IceServerBook } from './ice-server-book.js';
import type { KeptSession } from './kept-session.js';
import { randomFraction, randomPeerToken, randomSessionID, randomUuid } from './random-ids.js';
import type { DirectPath } from './rtc-engine.js';
import { SignalingConnection } from './signaling-connection.js';
import { TypedEvents } from './typed-events.js';

export interface DesktopPeerOptions {
  readonly environment: PeerEnvironment;
  /** `ws:` or `wss:` URL of the signaling server. */
  readonly url: string;
  /** What the server wants to see before it takes sessions from this desktop. */
  readonly token?: string;
  /** What becomes of a phone that did not prove that it read the QR code. */
  readonly unverified: 'ask' | 'refuse';
  /** Defaults of the wire, in seconds: a temporary session's life, and how long a one-time session may take to be paired. */
  readonly sessionTtlSeconds: number;
}

/** The least that is waited before a session that a cluster could not take is offered to it again. */
const createAgainMs = 1000;

/**
 * The computer's side: makes sessions, asks its user, answers the phone's offers.
 *
 * @example
 * const peer = new DesktopPeer({ environment: nodeEnvironment(), url, unverified: 'ask', sessionTtlSeconds: 900 });
 * peer.on('prompt', ({ sessionID }) => peer.approve(sessionID));
 * peer.start();
 * const sessionID = peer.createSession({ sessionType: 'temporary' });
 */
export class DesktopPeer extends TypedEvents<DesktopPeerEvents> {
  readonly #options: DesktopPeerOptions;
  readonly #signaling: SignalingConnection;
  readonly #sessions = new Map<SessionID, DesktopSession>();
  readonly #handlers: DesktopSessionHandlers;
  /** Sessions that wait to be offered to the server again. */
  readonly #offeredLater = new Set<DesktopSession>();
  readonly #iceServerBook = new IceServerBook();

  constructor(options: DesktopPeerOptions) {
    super();
    this.#options = options;
    const { environment, url } = options;
    this.#handlers = this.#sessionHandlers();
    this.#signaling = new SignalingConnection({
      url,
      openWebSocket: environment.openWebSocket,
      clock: environment.clock,
      fraction: () => randomFraction(environment.randomBytes),
      handlers: {
        onOpen: () => {
          this.emit('signaling', { isConnected: true });
          for (const session of this.#sessions.values()) this.#signaling.send(session.createMessage(options.token));
        },
        onMessage: (message) => {
          this.#onMessage(message);
        },
        onDown: (code, attempts) => {
          if (attempts === 1) this.emit('signaling', { isConnected: false });
          if (code === closeCodes.replaced) this.#onReplaced();
        },
      },
    });
  }

  /** Live sessions, oldest first. */
  get sessions(): readonly DesktopSessionView[] {
    return [...this.#sessions.values()];
  }

  start(): void {
    this.#signaling.start();
  }

  /**
   * Makes a session; `session` is emitted when the server knows it.
   *
   * @param options `ttlSeconds` (1 to 2,000,000) counts for `temporary` alone
   * @throws ProximError `bad_ttl`
   */
  createSession(options: { readonly sessionType: SessionType; readonly ttlSeconds?: number | undefined }): SessionID {
    const { environment, sessionTtlSeconds, unverified } = this.#options;
    const { sessionType, ttlSeconds } = options;
    if (ttlSeconds !== undefined && (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > 2_000_000)) {
      throw new ProximError('bad_ttl', 'A session lives between 1 and 2,000,000 whole seconds.');
    }
    const sessionID = randomSessionID(environment.randomBytes);
    const lifetimes = {
      temporary: ttlSeconds ?? sessionTtlSeconds,
      one_time: sessionTtlSeconds,
      persistent: null,
    } as const;
    this.#add(
      new DesktopSession({
        environment,
        sessionID,
        uuid: randomUuid(environment.randomBytes),
        sessionType,
        ttlSeconds: lifetimes[sessionType],
        peerToken: randomPeerToken(environment.randomBytes),
        linkSecret: environment.randomBytes(16),
        unverified,
        iceServerBook: this.#iceServerBook,
        handlers: this.#handlers,
      }),
    );
    return sessionID;
  }

  /**
   * Makes a session of an earlier run again, under its own name: its phone comes back without a question.
   *
   * @throws ProximError `session_exists`
   */
  restoreSession(kept: KeptSession): void {
    const { sessionID, uuid, peerToken, linkSecret } = kept;
    if (this.#sessions.has(sessionID)) throw new ProximError('session_exists', 'This session is there already.');
    this.#add(
      new DesktopSession({
        environment: this.#options.environment,
        sessionID,
        uuid,
        sessionType: 'persistent',
        ttlSeconds: null,
        peerToken,
        linkSecret,
        unverified: this.#options.unverified,
        iceServerBook: this.#iceServerBook,
        known: kept,
        handlers: this.#handlers,
      }),
    );
  }

  /**
   * The session's link, for its QR code.
   *
   * @throws ProximError `session_not_found`
   */
  link(sessionID: SessionID, page: Pick<Link, 'origin' | 'computerName' | 'signaling'>): Link {
    return this.#find(sessionID).link(page);
  }

  /**
   * Lets the phone in that asks: from here on it controls this computer.
   *
   * @throws ProximError `session_not_found`, `not_paired` (that request is over), `unverified` (the phone did not prove
   * that it read the QR code, and the caller did not say that it may come in all the same)
   */
  approve(
    sessionID: SessionID,
    options: { readonly promptID?: string | undefined; readonly unverified?: boolean } = {},
  ): void {
    const session = this.#find(sessionID);
    const { prompt } = session;
    const isMeant = options.promptID === undefined || options.promptID === prompt?.promptID;
    if (isMeant && prompt?.verified === false && options.unverified !== true) {
      throw new ProximError('unverified', 'This device did not prove that it read the QR code.');
    }
    if (!session.respond(true, options)) throw new ProximError('not_paired', 'That request is over.');
  }

  /** Turns the phone away that asks. @throws ProximError `session_not_found`, `not_paired` */
  reject(
    sessionID: SessionID,
    options: { readonly promptID?: string | undefined; readonly reason?: string | undefined } = {},
  ): void {
    if (!this.#find(sessionID).respond(false, options)) throw new ProximError('not_paired', 'That request is over.');
  }

  /**
   * Turns the phone away that asks, and asks no more about its ID or its name in this session; nor about any other that
   * did not prove that it read the QR code, if this one did not.
   *
   * @throws ProximError `session_not_found`, `not_paired`
   */
  block(sessionID: SessionID, options: { readonly promptID?: string | undefined } = {}): void {
    if (!this.#find(sessionID).block(options)) throw new ProximError('not_paired', 'That request is over.');
  }

  /** Ends a session and its direct connection. @throws ProximError `session_not_found` */
  closeSession(sessionID: SessionID): void {
    this.#find(sessionID).end('closed_by_desktop', true);
  }

  /** How the packets of the session's direct connection travel. */
  path(sessionID: SessionID): Promise<DirectPath | undefined> {
    return this.#sessions.get(sessionID)?.path() ?? Promise.resolve(undefined);
  }

  /** The machine's network is another one: each phone makes a new direct connection before the one that it has goes. */
  networkChanged(): void {
    this.#signaling.wake();
    for (const session of this.#sessions.values()) session.say({ type: 'renew' });
  }

  /** The machine is about to sleep: the phones are told, since nobody will answer them. */
  goToSleep(): void {
    for (const session of this.#sessions.values()) session.say({ type: 'asleep' });
  }

  /**
   * Ends every session and leaves the server.
   *
   * @param options `keep`: sessions that will be made again in another run: their phones are told that this one is over,
   * the server that this desktop was lost
   */
  stop(options: { readonly keep?: (sessionID: SessionID) => boolean } = {}): void {
    const { keep = () => false } = options;
    let keepsAny = false;
    for (const session of [...this.#sessions.values()]) {
      const isKept = keep(session.sessionID);
      keepsAny ||= isKept;
      session.end(isKept ? 'server_shutdown' : 'closed_by_desktop', !isKept);
    }
    if (keepsAny) this.#signaling.abandon();
    else this.#signaling.stop();
  }

  #add(session: DesktopSession): void {
    this.#sessions.set(session.sessionID, session);
    this.#signaling.send(session.createMessage(this.#options.token));
  }

  #find(sessionID: SessionID): DesktopSession {
    const session = this.#sessions.get(sessionID);
    if (!session) throw new ProximError('session_not_found', 'No session has this name.');
    return session;
  }

  #sessionHandlers(): DesktopSessionHandlers {
    return {
      onPrompt: (prompt) => {
        this.emit('prompt', prompt);
      },
      onPromptGone: (sessionID, promptID, reason) => {
        this.emit('prompt_gone', { sessionID, promptID, reason });
      },
      onDirectState: (sessionID, state) => {
        this.emit('direct', { sessionID, state });
      },
      onChannel: (sessionID, channel) => {
        this.emit('channel', { sessionID, channel });
      },
      onPhonePresence: (sessionID, presence) => {
        this.emit('phone', { sessionID, presence });
      },
      onTurnedAway: (sessionID, device, why) => {
        this.emit('turned_away', { sessionID, device, why });
      },
      onKeep: (kept) => {
        this.emit('keep', kept);
      },
      onUnkeep: (sessionID) => {
        this.emit('unkeep', { sessionID });
      },
      onEnd: (sessionID, reason, tellServer) => {
        this.#sessions.delete(sessionID);
        if (tellServer) this.#signaling.send({ type: 'session_close', sessionID });
        this.emit('session_closed', { sessionID, reason });
      },
      onIceServersAge: (sessionID) => {
        const session = this.#sessions.get(sessionID);
        if (session) this.#signaling.send(session.createMessage(this.#options.token));
      },
      respond: (sessionID, answer) => {
        this.#signaling.send({ type: 'pair_response', sessionID, ...answer });
      },
      signal: (sessionID, payload) => {
        this.#signaling.send({ type: 'signal', sessionID, payload });
      },
    };
  }

  #onMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'session_created': {
        const session = this.#sessions.get(message.sessionID);
        const resumed = message.resumed === true;
        session?.onCreated(message, resumed);
        if (session) this.emit('session', { session, resumed });
        break;
      }
      case 'session_closed':
        this.#onSessionClosed(message);
        break;
      case 'pair_prompt':
        this.#sessions.get(message.sessionID)?.onPairPrompt(message);
        break;
      case 'pair_cancel':
        this.#sessions.get(message.sessionID)?.onPairCancel(message.promptID, message.reason);
        break;
      case 'signal':
        this.#sessions.get(message.sessionID)?.onSignal(message.payload);
        break;
      case 'peer_state':
        this.#sessions.get(message.sessionID)?.onPresence(message.state);
        break;
      case 'error':
        this.#onError(message);
        break;
      case 'pair_result':
      case 'pong':
        break;
      default:
        message satisfies never;
    }
  }

  #onSessionClosed({ sessionID, reason, reconnectAfterSeconds }: ServerMessageOf<'session_closed'>): void {
    if (reconnectAfterSeconds !== undefined) this.#signaling.notBefore(reconnectAfterSeconds);
    const session = this.#sessions.get(sessionID);
    switch (reason) {
      // The server forgets, the peers do not: the session is made again, after a shutdown when the server is back.
      case 'server_shutdown':
        break;
      case 'desktop_lost':
        if (session) this.#signaling.send(session.createMessage(this.#options.token));
        break;
      case 'too_many_attempts':
        session?.end('too_many_attempts', false);
        break;
      case 'expired':
        // Ours to decide as well: a relay that says so too early ends the session, one that is late does not prolong it.
        session?.end('expired', false);
        break;
      default:
        // What we close we have ended before: this is the relay's word, and must not reach the phone as ours.
        session?.end('desktop_lost', false);
    }
  }

  #onError({ code, message, replyTo, sessionID }: ServerMessageOf<'error'>): void {
    if (code === 'session_exists' && sessionID !== undefined) {
      // Somebody took the name while the server had forgotten it: nothing but a new code helps.
      this.#sessions.get(sessionID)?.end('desktop_lost', false);
      return;
    }
    if (code === 'not_paired' && replyTo === 'pair_response' && sessionID !== undefined) {
      this.#sessions.get(sessionID)?.onAnswerRefused();
    }
    // A phone that left is no fault of anybody's, nor is a message that crossed its own session's end. After a shutdown
    // the sessions are made again.
    const known = sessionID === undefined ? undefined : this.#sessions.get(sessionID);
    // A node that is full just now, or does not reach the others: the session has a code that somebody may hold.
    const comesLater = code === 'peer_unavailable' || (code === 'capacity' && known?.isKnown === true);
    if (comesLater && replyTo === 'session_create') {
      this.#createLater(sessionID);
      return;
    }
    const isHarmless = ['peer_unavailable', 'not_paired', 'session_not_found'].includes(code);
    if ((isHarmless && replyTo !== 'session_create') || code === 'shutting_down') return;
    this.emit('error', { code, message, sessionID });
    // A session that no server ever took has no code that works.
    const refused = replyTo === 'session_create' && sessionID !== undefined ? this.#sessions.get(sessionID) : undefined;
    if (refused?.isKnown === false) refused.end('desktop_lost', false);
  }

  /** Offers a session again that was not taken: by then the node may take it, or another does. */
  #createLater(sessionID: SessionID | undefined): void {
    const session = sessionID === undefined ? undefined : this.#sessions.get(sessionID);
    if (!session || this.#offeredLater.has(session)) return;
    this.#offeredLater.add(session);
    const { environment, token } = this.#options;
    const wait = createAgainMs * (1 + randomFraction(environment.randomBytes));
    environment.clock.setTimer(wait, () => {
      this.#offeredLater.delete(session);
      if (this.#sessions.get(session.sessionID) === session) this.#signaling.send(session.createMessage(token));
    });
  }

  /** Somebody else is taken for this desktop: nobody can tell whose the sessions are, so they end. */
  #onReplaced(): void {
    for (const session of [...this.#sessions.values()]) session.end('desktop_lost', false);
  }
}
