import { controlChannels } from '@proxim/control';
import {
  DesktopPeer,
  type DesktopSessionView,
  type DirectChannel,
  type DirectPath,
  type PeerEnvironment,
  type Prompt,
  TypedEvents,
} from '@proxim/peer';
import { makeLink, type SessionID, type SessionType, type Timer } from '@proxim/protocol';

import type { InputBackend } from '../backends/input/input-backend.js';
import { ControlReceiver } from './control-receiver.js';
import { urlHost } from './network-addresses.js';
import { Notices } from './notices.js';
import type { WindowAddress, WindowSession, WindowState } from './window-protocol.js';

/** What the app is made of. Everything of the platform is passed in. */
export interface DesktopAppOptions {
  readonly environment: PeerEnvironment;
  /** Unix milliseconds. */
  readonly wallClock: () => number;
  readonly computerName: string;
  readonly signaling: {
    /** Where the app itself connects. */
    readonly url: string;
    readonly token?: string;
    /** What the link says of it, when it is not the page's own origin. */
    readonly announced?: string;
  };
  /** Where the phone's page is served. */
  readonly page: { readonly scheme: 'http' | 'https'; readonly port: number };
  readonly addresses: () => readonly WindowAddress[];
  /** The address that the user asked for, which the ranking does not overrule. */
  readonly address: string | undefined;
  readonly unverified: 'ask' | 'refuse';
  readonly sessionTtlSeconds: number;
  readonly pairingTimeoutSeconds: number;
  readonly firstSession: { readonly sessionType: SessionType; readonly ttlSeconds: number };
  /** Whether a new code follows when the last session ends. */
  readonly renewsSession: boolean;
  readonly connectInput: (onLost: () => void) => Promise<InputBackend>;
}

export interface DesktopAppEvents {
  /** Something that the window shows has changed. */
  changed: undefined;
  session: {
    readonly sessionID: SessionID;
    readonly sessionType: SessionType;
    readonly expiresAt: number | null;
    readonly link: string;
  };
  prompt: Prompt;
  prompt_gone: {
    readonly sessionID: SessionID;
    readonly promptID: string;
    readonly reason: 'timeout' | 'mobile_left' | 'answered' | 'session_over';
  };
  peer: { readonly sessionID: SessionID; readonly state: DesktopSessionView['directState'] };
  turned_away: { readonly deviceName: string | null; readonly why: string };
  session_closed: { readonly sessionID: SessionID; readonly reason: string };
  error: { readonly code: string; readonly message: string };
}

/** What the app knows of a session besides what its peer does. */
interface Extras {
  announced: boolean;
  /** The names of the device that asked last, and of the one that was let in. */
  askedBy: string | null;
  approved: string | null;
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
  #input: InputBackend | null = null;
  #inputProblem: { readonly code: string; readonly sentence: string } | null = null;
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
  async connectInput(): Promise<void> {
    try {
      this.#input = await this.#options.connectInput(() => {
        this.#onInputLost();
      });
      this.#inputProblem = null;
    } catch (error) {
      this.#inputProblem = problemOf(error);
      this.emit('error', { code: this.#inputProblem.code, message: this.#inputProblem.sentence });
    }
    if (this.#isStopping) await this.#input?.close();
    this.#announceInput();
  }

  /** @throws ProximError `bad_ttl` */
  createSession(kind: { readonly sessionType: SessionType; readonly ttlSeconds?: number | undefined }): SessionID {
    const { sessionType, ttlSeconds = this.#options.firstSession.ttlSeconds } = kind;
    const sessionID = this.#peer.createSession({ sessionType, ttlSeconds });
    this.#extras.set(sessionID, {
      announced: false,
      askedBy: null,
      approved: null,
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
      input: { isReady: this.#input !== null, problem: this.#inputProblem?.sentence ?? null },
      addresses: addresses(),
      address: this.address,
      port: page.port,
      sessions: this.#peer.sessions.map((session) => this.#windowSession(session)),
      nextSession: this.#nextSession,
      notices: this.#notices.all,
    };
  }

  /** Tells the phones, releases what is held, and leaves. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#pathTimer?.cancel();
    this.#peer.stop();
    await this.#input?.close();
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
      input: () => this.#input,
      problem: () => this.#inputProblem?.code ?? null,
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

  #onInputLost(): void {
    this.#input = null;
    this.#inputProblem = {
      code: 'no_screen',
      sentence: 'The screen that Proxim controlled is gone. Start Proxim again on the new one.',
    };
    this.emit('error', { code: this.#inputProblem.code, message: this.#inputProblem.sentence });
    this.#announceInput();
  }

  #announceInput(): void {
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

  #windowSession(session: DesktopSessionView): WindowSession {
    const { sessionID, sessionType, expiresAt, prompt, device, isVerified, directState } = session;
    const extras = this.#extras.get(sessionID);
    return {
      sessionID,
      sessionType,
      expiresAt: expiresAt === null ? null : this.unixTime(expiresAt),
      link: this.link(sessionID),
      prompt: prompt
        ? {
            promptID: prompt.promptID,
            deviceInfo: prompt.deviceInfo,
            verified: prompt.verified,
            expiresAt: this.unixTime(prompt.expiresAt),
            totalSeconds: this.#options.pairingTimeoutSeconds,
          }
        : null,
      device: device ?? null,
      verified: isVerified,
      direct: directState,
      connectedSince: extras?.connectedSince ?? null,
      path: extras?.path ? windowPath(extras.path) : null,
    };
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

const problemOf = (error: unknown): { code: string; sentence: string } => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no_screen';
  return { code, sentence: error instanceof Error ? error.message : 'This computer cannot be controlled.' };
};

const windowPath = ({ localType, remoteType, roundTripMs }: DirectPath): WindowSession['path'] => {
  if (localType === 'relay' || remoteType === 'relay') return { kind: 'relay', roundTripMs };
  // A hidden address is found as "peer reflexive" on the same network too; only a server-reflexive one tells of a NAT.
  const isThroughNat = localType === 'srflx' || remoteType === 'srflx';
  return { kind: isThroughNat ? 'internet' : 'local', roundTripMs };
};
