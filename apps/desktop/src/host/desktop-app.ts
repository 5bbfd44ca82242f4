import { controlChannels } from '@proxim/control';
import { DesktopPeer, type DesktopSessionView, type DirectChannel, type DirectPath, TypedEvents } from '@proxim/peer';
import { makeLink, ProximError, type SessionID, type SessionType, type Timer } from '@proxim/protocol';

import { ControlReceiver } from './control-receiver.js';
import { ControlledComputer } from './controlled-computer.js';
import type { DesktopAppEvents, DesktopAppOptions } from './desktop-app-options.js';
import { urlHost } from './network-addresses.js';
import { Notices } from './notices.js';
import type { WindowState } from './window-protocol.js';
import { windowSession } from './window-session.js';

/** What the app knows of a session besides what its peer does. */
interface Extras {
  announced: boolean;
  /** The names of the device that asked last, and of the one that was let in. */
  askedBy: string | null;
  approved: string | null;
  /** The name that the user gave the phone. */
  label: string | null;
  receiver: ControlReceiver | undefined;
  connectedSince: number | null;
  path: DirectPath | undefined;
}

const pathEveryMs = 2000;

/** Ties it all together: the peer, the approval, control, and what terminal, window and `--json` show of it. */
export class DesktopApp extends TypedEvents<DesktopAppEvents> {
  readonly #options: DesktopAppOptions;
  readonly #peer: DesktopPeer;
  readonly #notices: Notices;
  readonly #extras = new Map<SessionID, Extras>();
  /** Codes that go when the server has taken the new one. */
  readonly #replaced = new Map<SessionID, readonly SessionID[]>();
  readonly #computer: ControlledComputer;
  #isSignalingConnected = false;
  /** What the user chose; else the likeliest of the moment. */
  #chosenAddress: string | undefined;
  #nextSession: { readonly sessionType: SessionType; readonly ttlSeconds: number };
  #pathTimer: Timer | undefined;
  #isStopping = false;
  #clockOffset = Number.NEGATIVE_INFINITY;

  constructor(options: DesktopAppOptions) {
    super();
    this.#options = options;
    this.#notices = new Notices(options.wallClock);
    this.#nextSession = options.firstSession;
    this.#computer = new ControlledComputer(options.connectInput, () => {
      this.#onComputerChanged();
    });
    this.#chosenAddress = options.address;
    this.#peer = new DesktopPeer({
      environment: options.environment,
      url: options.signaling.url,
      ...(options.signaling.token === undefined ? {} : { token: options.signaling.token }),
      unverified: options.unverified,
      sessionTtlSeconds: options.sessionTtlSeconds,
    });
    this.#listen();
  }

  /** Connects to the signaling server and makes the first session. */
  start(): void {
    this.#peer.start();
    this.createSession(this.#nextSession);
  }

  /** Takes hold of this computer's pointer and keyboard, or says why that cannot be. */
  connectInput(): Promise<void> {
    return this.#computer.connect();
  }

  /** @throws ProximError `bad_ttl` */
  createSession(kind: { readonly sessionType: SessionType; readonly ttlSeconds?: number | undefined }): SessionID {
    const { sessionType, ttlSeconds = this.#options.firstSession.ttlSeconds } = kind;
    const sessionID = this.#peer.createSession({ sessionType, ttlSeconds });
    this.#extras.set(sessionID, {
      announced: false,
      askedBy: null,
      approved: null,
      label: null,
      receiver: undefined,
      connectedSince: null,
      path: undefined,
    });
    return sessionID;
  }

  /** A new code in the place of those that nobody uses. @throws ProximError `bad_ttl` */
  renewSession(kind: { readonly sessionType: SessionType; readonly ttlSeconds?: number | undefined }): void {
    const unused = this.#peer.sessions.filter(({ device, prompt }) => !device && !prompt);
    const { sessionType, ttlSeconds = this.#nextSession.ttlSeconds } = kind;
    const sessionID = this.createSession({ sessionType, ttlSeconds });
    this.#nextSession = { sessionType, ttlSeconds };
    this.#replaced.set(
      sessionID,
      unused.map((session) => session.sessionID),
    );
  }

  /** @throws ProximError as `DesktopPeer.approve` */
  approve(
    sessionID: SessionID,
    options: { readonly promptID?: string | undefined; readonly unverified?: boolean } = {},
  ): void {
    const name = this.#promptName(sessionID);
    this.#peer.approve(sessionID, options);
    const extras = this.#extras.get(sessionID);
    if (extras) extras.approved = name;
    this.#note('approved', name);
  }

  /** @throws ProximError as `DesktopPeer.reject` */
  reject(sessionID: SessionID, options: { readonly promptID?: string | undefined } = {}): void {
    const name = this.#promptName(sessionID);
    this.#peer.reject(sessionID, options);
    this.#note('rejected', name);
  }

  /** @throws ProximError `session_not_found` */
  closeSession(sessionID: SessionID): void {
    this.#peer.closeSession(sessionID);
  }

  /** Gives a session's phone a name of the user's; an empty one gives it back its own. */
  renamePhone(sessionID: SessionID, name: string): void {
    const extras = this.#extras.get(sessionID);
    if (!extras) throw new ProximError('session_not_found', 'No session has this name.');
    extras.label = name.trim() === '' ? null : name.trim();
    this.emit('changed', undefined);
  }

  /** Puts another of this machine's addresses into the QR code. False when it has no such address. */
  selectAddress(address: string): boolean {
    if (!this.#options.addresses().some((known) => known.address === address)) return false;
    this.#chosenAddress = address;
    this.emit('changed', undefined);
    return true;
  }

  /** The address in the QR code. */
  get address(): string {
    return this.#chosenAddress ?? this.#options.addresses()[0]?.address ?? '127.0.0.1';
  }

  /** Whether only this computer itself could follow the link, although nobody asked for that. */
  get isWithoutNetwork(): boolean {
    return this.#chosenAddress === undefined && this.#options.addresses().every(({ kind }) => kind === 'loopback');
  }

  /** Live sessions, oldest first. */
  get sessions(): readonly DesktopSessionView[] {
    return this.#peer.sessions;
  }

  link(sessionID: SessionID): string {
    const { page, computerName, signaling } = this.#options;
    return makeLink(
      this.#peer.link(sessionID, {
        origin: `${page.scheme}://${urlHost(this.address)}:${String(page.port)}`,
        computerName,
        ...(signaling.announced === undefined ? {} : { signaling: signaling.announced }),
      }),
    );
  }

  /** Unix milliseconds of a moment on the environment's clock: the same answer each time, unless the wall clock was set. */
  unixTime(at: number): number {
    const offset = this.#options.wallClock() - this.#options.environment.clock.now();
    if (Math.abs(offset - this.#clockOffset) > 500) this.#clockOffset = offset;
    return Math.round(at + this.#clockOffset);
  }

  /** Whole seconds until a moment in Unix milliseconds. */
  secondsUntil(unixTime: number): number {
    return Math.max(0, Math.round((unixTime - this.#options.wallClock()) / 1000));
  }

  state(): WindowState {
    const { computerName, addresses, page } = this.#options;
    return {
      computerName,
      isSignalingConnected: this.#isSignalingConnected,
      input: { isReady: this.#computer.input !== null, problem: this.#computer.problem?.sentence ?? null },
      addresses: addresses(),
      address: this.address,
      port: page.port,
      sessions: this.#peer.sessions.map((session) =>
        windowSession(session, {
          link: this.link(session.sessionID),
          connectedSince: this.#extras.get(session.sessionID)?.connectedSince ?? null,
          lastSeenAt: null,
          label: this.#extras.get(session.sessionID)?.label ?? null,
          isRemembered: false,
          path: this.#extras.get(session.sessionID)?.path,
          promptSeconds: this.#options.pairingTimeoutSeconds,
          unixTime: (at) => this.unixTime(at),
        }),
      ),
      nextSession: this.#nextSession,
      notices: this.#notices.all,
      memoryProblem: null,
    };
  }

  /** Tells the phones, releases what is held, and leaves. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#pathTimer?.cancel();
    this.#peer.stop();
    await this.#computer.close();
  }

  #listen(): void {
    const peer = this.#peer;
    peer.on('signaling', ({ isConnected }) => {
      const wasConnected = this.#isSignalingConnected;
      this.#isSignalingConnected = isConnected;
      if (!isConnected && !wasConnected) {
        this.emit('error', {
          code: 'signaling_unreachable',
          message: 'The signaling server cannot be reached. Trying again.',
        });
      }
      this.emit('changed', undefined);
    });
    peer.on('session', ({ session }) => {
      this.#onSession(session);
    });
    peer.on('prompt', (prompt) => {
      const extras = this.#extras.get(prompt.sessionID);
      if (extras) extras.askedBy = prompt.deviceInfo.name;
      this.#note('asked', prompt.deviceInfo.name);
      this.emit('prompt', prompt);
    });
    peer.on('prompt_gone', ({ sessionID, promptID, reason }) => {
      if (reason === 'timeout' || reason === 'mobile_left')
        this.#note('prompt_gone', this.#extras.get(sessionID)?.askedBy ?? null, reason);
      this.emit('prompt_gone', { sessionID, promptID, reason });
    });
    peer.on('direct', ({ sessionID, state }) => {
      this.#onDirect(sessionID, state);
    });
    peer.on('channel', ({ sessionID, channel }) => {
      this.#onChannel(sessionID, channel);
    });
    peer.on('turned_away', ({ device, why }) => {
      this.#note('turned_away', device?.name ?? null, why);
      this.emit('turned_away', { deviceName: device?.name ?? null, why });
    });
    peer.on('session_closed', ({ sessionID, reason }) => {
      this.#onSessionClosed(sessionID, reason);
    });
    peer.on('error', ({ code, message }) => {
      this.emit('error', { code, message });
    });
  }

  #onSession(session: DesktopSessionView): void {
    const extras = this.#extras.get(session.sessionID);
    if (!extras || extras.announced) return;
    extras.announced = true;
    const { sessionID, sessionType, expiresAt } = session;
    this.#note('session_created');
    this.emit('session', {
      sessionID,
      sessionType,
      expiresAt: expiresAt === null ? null : this.unixTime(expiresAt),
      link: this.link(sessionID),
    });
    for (const old of this.#replaced.get(sessionID) ?? []) {
      if (this.#peer.sessions.some((other) => other.sessionID === old)) this.#peer.closeSession(old);
    }
    this.#replaced.delete(sessionID);
  }

  #onDirect(sessionID: SessionID, state: DesktopSessionView['directState']): void {
    const extras = this.#extras.get(sessionID);
    const name = this.#deviceName(sessionID);
    if (extras && state === 'connected') {
      extras.connectedSince ??= this.#options.wallClock();
      this.#note('connected', name);
      this.#watchPaths();
    }
    if (state === 'disconnected') {
      extras?.receiver?.release();
      this.#note('disconnected', name);
    }
    this.emit('peer', { sessionID, state });
    this.emit('changed', undefined);
  }

  #onChannel(sessionID: SessionID, channel: DirectChannel): void {
    const extras = this.#extras.get(sessionID);
    if (!extras || !Object.values(controlChannels).some(({ label }) => label === channel.label)) return;
    if (extras.receiver?.accept(channel)) return;
    extras.receiver?.stop();
    extras.receiver = new ControlReceiver({
      computerName: this.#options.computerName,
      input: () => this.#computer.input,
      problem: () => this.#computer.problem?.code ?? null,
      isLast: () =>
        this.#peer.sessions.every((other) => other.sessionID === sessionID || other.directState !== 'connected'),
    });
    extras.receiver.accept(channel);
  }

  #onSessionClosed(sessionID: SessionID, reason: string): void {
    const extras = this.#extras.get(sessionID);
    extras?.receiver?.stop();
    this.#extras.delete(sessionID);
    this.#note('session_closed', extras?.approved ?? null, reason);
    this.emit('session_closed', { sessionID, reason });
    this.#replaced.delete(sessionID);
    const isLast = this.#peer.sessions.length === 0;
    // One that the server refused would be refused again.
    const mayRenew = extras?.announced === true && this.#options.renewsSession && !this.#isStopping;
    if (isLast && mayRenew) this.createSession(this.#nextSession);
  }

  #onComputerChanged(): void {
    const { problem } = this.#computer;
    if (problem) this.emit('error', { code: problem.code, message: problem.sentence });
    for (const { receiver } of this.#extras.values()) receiver?.announceState();
    this.emit('changed', undefined);
  }

  /** Asks the engine every two seconds for as long as anybody is connected. */
  #watchPaths(): void {
    this.#pathTimer?.cancel();
    const connected = this.#peer.sessions.filter(({ directState }) => directState === 'connected');
    if (connected.length === 0 || this.#isStopping) return;
    const asked = connected.map(async ({ sessionID }) => {
      const path = await this.#peer.path(sessionID);
      const extras = this.#extras.get(sessionID);
      if (extras) extras.path = path;
    });
    void Promise.all(asked).then(() => {
      this.emit('changed', undefined);
    });
    this.#pathTimer = this.#options.environment.clock.setTimer(pathEveryMs, () => {
      this.#watchPaths();
    });
  }

  #promptName(sessionID: SessionID): string | null {
    return this.#peer.sessions.find((session) => session.sessionID === sessionID)?.prompt?.deviceInfo.name ?? null;
  }

  #deviceName(sessionID: SessionID): string | null {
    return this.#peer.sessions.find((session) => session.sessionID === sessionID)?.device?.name ?? null;
  }

  #note(kind: Parameters<Notices['add']>[0], deviceName: string | null = null, reason: string | null = null): void {
    this.#notices.add(kind, deviceName, reason);
    this.emit('changed', undefined);
  }
}
