import { allRights, type ControlRights } from '@proxim/control';
import { DesktopPeer, type DesktopSessionView, TypedEvents } from '@proxim/peer';
import { makeLink, ProximError, type SessionID, type SessionType } from '@proxim/protocol';

import { CodeAddress } from './code-address.js';
import { Codes } from './codes.js';
import type { DesktopAppEvents, DesktopAppOptions } from './desktop-app-options.js';
import { urlHost } from './network-addresses.js';
import { Notices } from './notices.js';
import { offeredAbilities } from './offered-abilities.js';
import { PathWatch } from './path-watch.js';
import { RememberedPhones } from './remembered-phones.js';
import { sessionsToEnd } from './sessions-to-end.js';
import type { ScreenSharing } from './screen-sharing.js';
import { newExtras, type SessionExtras } from './session-extras.js';
import { systemQuestionSeconds } from './system-commands.js';
import { WallTime } from './wall-time.js';
import type { WindowNotice, WindowState } from './window-protocol.js';
import { WhatPhonesDo } from './what-phones-do.js';
import { windowSession } from './window-session.js';

/** As long as the window calls a phone lost, and not away. */
const anotherVisitMs = 120_000;

/** Ties it all together: the peer, the approval, control, and what terminal, window and `--json` show of it. */
export class DesktopApp extends TypedEvents<DesktopAppEvents> {
  /** For those who read the clock on the wall. */
  readonly time: WallTime;
  readonly #options: DesktopAppOptions;
  readonly #peer: DesktopPeer;
  readonly #notices: Notices;
  readonly #phones: RememberedPhones;
  readonly #extras = new Map<SessionID, SessionExtras>();
  readonly #codes: Codes;
  readonly #address: CodeAddress;
  readonly #paths: PathWatch;
  readonly #use: WhatPhonesDo;
  #isSignalingConnected = false;
  #isStopping = false;

  constructor(options: DesktopAppOptions) {
    super();
    this.#options = options;
    const { wallClock, environment, addresses } = options;
    this.time = new WallTime({ wallClock, clock: environment.clock });
    this.#address = new CodeAddress({ addresses, asked: options.address });
    this.#notices = new Notices(wallClock);
    this.#phones = new RememberedPhones({
      memory: options.memory,
      signaling: options.signaling.announced ?? null,
      wallClock,
    });
    this.#peer = new DesktopPeer({
      environment,
      url: options.signaling.url,
      ...(options.signaling.token === undefined ? {} : { token: options.signaling.token }),
      unverified: options.unverified,
      sessionTtlSeconds: options.sessionTtlSeconds,
    });
    this.#paths = new PathWatch({
      peer: this.#peer,
      clock: environment.clock,
      onPaths: () => {
        this.emit('changed', undefined);
      },
    });
    this.#codes = new Codes({
      clock: environment.clock,
      first: options.firstSession,
      renews: options.renewsSession,
      handlers: {
        sessions: () => this.#peer.sessions,
        isFull: () => this.#phones.isFull,
        create: (kind) => this.createSession(kind),
        onTooMany: () => {
          this.emit('error', { code: 'too_many_phones', message: this.#phones.tooMany });
        },
      },
    });
    this.#use = this.#makeUse();
    this.#listen();
  }

  /** Connects to the signaling server, makes the first session, and those of the phones that may come back. */
  start(): void {
    this.#peer.start();
    this.#codes.make();
    for (const kept of this.#phones.kept) {
      this.#extras.set(kept.sessionID, newExtras(this.#use.begin(kept.sessionID), kept.device.name));
      this.#peer.restoreSession(kept);
    }
    const { notice } = this.#options.memory;
    if (notice !== null) this.emit('error', { code: 'memory_damaged', message: notice });
    if (this.#phones.problem !== null) this.emit('error', { code: 'cannot_remember', message: this.#phones.problem });
  }

  /** Takes hold of this computer's pointer and keyboard, or says why that cannot be. */
  connectInput(): Promise<void> {
    return this.#use.computer.connect();
  }

  /** Asks this computer whether it can be locked, put to sleep, restarted and shut down from here. */
  findSystemCommands(): Promise<void> {
    return this.#use.system.findOut();
  }

  /** The user's answer to a phone that wants to restart this computer, or to shut it down. @throws ProximError `question_over` */
  answerSystem(sessionID: string, promptID: string, isAllowed: boolean): void {
    this.#use.system.answer(sessionID, promptID, isAllowed);
  }

  /** @throws ProximError `bad_ttl`, `too_many_phones` */
  createSession(kind: { readonly sessionType: SessionType; readonly ttlSeconds?: number | undefined }): SessionID {
    const { sessionType, ttlSeconds = this.#options.firstSession.ttlSeconds } = kind;
    this.#phones.checkRoom(sessionType);
    const sessionID = this.#peer.createSession({ sessionType, ttlSeconds });
    this.#extras.set(sessionID, newExtras(this.#use.begin(sessionID)));
    return sessionID;
  }

  /** A new code in the place of those that nobody uses. @throws ProximError `bad_ttl` */
  renewSession(kind: { readonly sessionType: SessionType; readonly ttlSeconds?: number | undefined }): void {
    const { sessionType, ttlSeconds = this.#codes.next.ttlSeconds } = kind;
    this.#codes.replace({ sessionType, ttlSeconds });
  }

  /** @throws ProximError as `DesktopPeer.approve` */
  approve(
    sessionID: SessionID,
    options: {
      readonly promptID?: string | undefined;
      readonly unverified?: boolean;
      readonly rights?: ControlRights;
    } = {},
  ): void {
    const name = this.#promptName(sessionID);
    this.#peer.approve(sessionID, options);
    const extras = this.#extras.get(sessionID);
    if (extras) {
      extras.approved = name;
      extras.isPaused = false;
    }
    this.#phones.allow(sessionID, options.rights ?? allRights);
    // A device that proved nothing is asked about at each new offer, while its old connection still stands.
    this.#use.rightsChanged(sessionID);
    this.#note('approved', name);
  }

  /** @throws ProximError as `DesktopPeer.reject` */
  reject(sessionID: SessionID, options: { readonly promptID?: string | undefined } = {}): void {
    const name = this.#promptName(sessionID);
    this.#peer.reject(sessionID, options);
    this.#note('rejected', name);
  }

  /** Turns the device away that asks, and all that it asks later in this session. @throws ProximError as `DesktopPeer.block` */
  block(sessionID: SessionID, options: { readonly promptID?: string | undefined } = {}): void {
    const name = this.#promptName(sessionID);
    this.#peer.block(sessionID, options);
    this.#note('blocked', name);
  }

  /** Ends every session that a phone is in, and says how many; one that is remembered and not here is left in peace. */
  endControl(): number {
    const ending = sessionsToEnd(this.sessions);
    for (const sessionID of ending) this.closeSession(sessionID);
    return ending.length;
  }

  /** Ends a session; its phone, if it was remembered, is forgotten. @throws ProximError `session_not_found` */
  closeSession(sessionID: SessionID): void {
    this.#phones.forget(sessionID);
    this.#peer.closeSession(sessionID);
  }

  /** Allows a session's phone more, or less, at once. @throws ProximError `session_not_found` */
  setRights(sessionID: SessionID, rights: ControlRights): void {
    this.#find(sessionID);
    this.#phones.allow(sessionID, rights);
    this.#rightsChanged(sessionID);
    this.#note('rights_changed', this.#deviceName(sessionID));
  }

  /** What a session's phone may do while it is not paused. */
  rights(sessionID: SessionID): ControlRights {
    return this.#phones.rights(sessionID);
  }

  /** Lets a session's phone do nothing for a while, or go on. @throws ProximError `session_not_found` */
  pause(sessionID: SessionID, isPaused: boolean): void {
    const extras = this.#find(sessionID);
    if (extras.isPaused === isPaused) return;
    extras.isPaused = isPaused;
    this.#rightsChanged(sessionID);
    this.#note(isPaused ? 'paused' : 'resumed', this.#deviceName(sessionID));
  }

  /** Gives a session's phone a name of the user's; an empty one gives it back its own. @throws ProximError `session_not_found`, `bad_name` */
  renamePhone(sessionID: SessionID, name: string): void {
    this.#find(sessionID);
    this.#phones.rename(sessionID, name);
    this.emit('changed', undefined);
  }

  /** Puts another of this machine's addresses into the QR code. False when it has no such address. */
  selectAddress(address: string): boolean {
    const isThere = this.#address.select(address);
    if (isThere) this.#announceChangedLinks();
    return isThere;
  }

  /** Whether only this computer itself could follow the link, although nobody asked for that. */
  get isWithoutNetwork(): boolean {
    return this.#options.pageElsewhere() === null && this.#address.isWithoutNetwork;
  }

  /** Whether a phone is pressing buttons or keys, or did a moment ago. */
  get isPhonePressing(): boolean {
    return this.#use.computer.isPressing;
  }

  /** Which phones see the screen. */
  get screens(): ScreenSharing {
    return this.#use.screens;
  }

  /** Live sessions, oldest first. */
  get sessions(): readonly DesktopSessionView[] {
    return this.#peer.sessions;
  }

  link(sessionID: SessionID): string {
    const { page, computerName, signaling, pageElsewhere } = this.#options;
    const own = {
      origin: `${page.scheme}://${urlHost(this.#address.current)}:${String(page.port)}`,
      ...(signaling.announced === undefined ? {} : { signaling: signaling.announced }),
    };
    return makeLink(this.#peer.link(sessionID, { ...(pageElsewhere() ?? own), computerName }));
  }

  state(): WindowState {
    const { computerName, addresses, page, pageElsewhere } = this.#options;
    const elsewhere = pageElsewhere();
    const { computer, system, screens, features } = this.#use;
    const { question } = system;
    return {
      computerName,
      isSignalingConnected: this.#isSignalingConnected,
      input: {
        isReady: computer.input !== null,
        problem: computer.problem?.sentence ?? null,
        panicKey: computer.input?.panicKey ?? null,
      },
      abilities: offeredAbilities(features),
      // Which of this machine's addresses it is makes no difference then.
      addresses: elsewhere ? [] : addresses(),
      address: elsewhere ? new URL(elsewhere.origin).hostname : this.#address.current,
      port: page.port,
      linkProblem: elsewhere ? null : this.#options.linkProblem(this.#address.current),
      sessions: this.#peer.sessions.map((session) =>
        windowSession(session, {
          link: this.link(session.sessionID),
          connectedSince: this.#extras.get(session.sessionID)?.connectedSince ?? null,
          lastSeenAt: this.#phones.lastSeenAt(session.sessionID),
          label: this.#phones.label(session.sessionID),
          isRemembered: this.#phones.isRemembered(session.sessionID),
          rights: this.#phones.rights(session.sessionID),
          isPaused: this.#extras.get(session.sessionID)?.isPaused ?? false,
          screen: screens.of(session.sessionID),
          path: this.#paths.of(session.sessionID),
          hasLeft: this.#extras.get(session.sessionID)?.hasLeft ?? false,
          promptSeconds: this.#options.pairingTimeoutSeconds,
          unixTime: (at) => this.time.unix(at),
        }),
      ),
      systemQuestion: question && {
        promptID: question.promptID,
        sessionID: question.sessionID,
        action: question.action,
        expiresAt: this.time.unix(question.expiresAt),
        totalSeconds: systemQuestionSeconds,
      },
      nextSession: this.#codes.next,
      notices: this.#notices.all,
      memoryProblem: this.#phones.problem,
    };
  }

  /** The machine has another address, or another way out: codes and direct connections are made for what is now. */
  networkChanged(): void {
    this.#peer.networkChanged();
    this.#announceChangedLinks();
  }

  /** The links lead to another page, or something else is wrong with them than before. */
  linksChanged(): void {
    this.#announceChangedLinks();
  }

  /** The machine is about to sleep: the phones are told, and nothing stays pressed. */
  goToSleep(): void {
    this.#peer.goToSleep();
    this.#use.release();
  }

  /** The machine was asleep, or this program was stopped, and goes on: whoever held a key then does not any more. */
  wakeUp(): void {
    this.#use.release();
    this.networkChanged();
  }

  /** The phones are remembered, or not, from now on. */
  memoryChanged(): void {
    const { problem } = this.#phones;
    if (problem !== null) this.emit('error', { code: 'cannot_remember', message: problem });
    this.emit('changed', undefined);
  }

  /** Tells the phones, releases what is held, and leaves. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#paths.stop();
    this.#codes.stop();
    this.#use.system.stop();
    this.#options.memory.flush();
    this.#peer.stop({ keep: (sessionID) => this.#phones.comesBack(sessionID) });
    await this.#use.close();
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
    peer.on('phone', ({ sessionID, presence }) => {
      const extras = this.#extras.get(sessionID);
      if (extras) extras.hasLeft = presence === 'left';
      if (presence === 'left') this.#phoneGone();
      this.emit('changed', undefined);
    });
    peer.on('channel', ({ sessionID, channel }) => {
      this.#extras.get(sessionID)?.control.accept(channel);
    });
    peer.on('turned_away', ({ device, why }) => {
      this.#note('turned_away', device?.name ?? null, why);
      this.emit('turned_away', { deviceName: device?.name ?? null, why });
    });
    peer.on('keep', (kept) => {
      this.#phones.remember(kept);
      this.emit('changed', undefined);
    });
    peer.on('unkeep', ({ sessionID }) => {
      this.#phones.forget(sessionID);
      this.emit('changed', undefined);
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
    if (!extras || extras.announced !== undefined) return;
    const { sessionID, device } = session;
    if (!device) this.#note('session_created');
    this.#announce(session, extras);
    for (const old of this.#codes.takeReplaced(sessionID)) this.#peer.closeSession(old);
  }

  #announceChangedLinks(): void {
    for (const session of this.#peer.sessions) {
      const extras = this.#extras.get(session.sessionID);
      const isOther = extras?.announced !== undefined && extras.announced !== this.link(session.sessionID);
      if (isOther) this.#announce(session, extras);
    }
    this.emit('changed', undefined);
  }

  #announce({ sessionID, sessionType, expiresAt }: DesktopSessionView, extras: SessionExtras): void {
    const link = this.link(sessionID);
    extras.announced = link;
    this.emit('session', {
      sessionID,
      sessionType,
      expiresAt: expiresAt === null ? null : this.time.unix(expiresAt),
      link,
      ...(this.#phones.isRestored(sessionID) ? { remembered: true } : {}),
    });
  }

  #onDirect(sessionID: SessionID, state: DesktopSessionView['directState']): void {
    const extras = this.#extras.get(sessionID);
    const name = this.#deviceName(sessionID);
    if (extras && state === 'connected') {
      if (this.#wasAway(sessionID)) extras.connectedSince = null;
      extras.connectedSince ??= this.#options.wallClock();
      this.#note('connected', name);
      this.#phones.seen(sessionID);
      this.#paths.begin();
      // Who else has logged in meanwhile makes a difference to logind.
      void this.#use.system.findOut();
    }
    if (state === 'disconnected') {
      this.#phones.seen(sessionID);
      extras?.control.release();
      this.#note('disconnected', name);
    }
    this.emit('peer', { sessionID, state });
    this.emit('changed', undefined);
    if (state === 'disconnected') this.#phoneGone();
  }

  /** Whether it was gone for so long that its coming back is another visit. */
  #wasAway(sessionID: SessionID): boolean {
    const lastSeenAt = this.#phones.lastSeenAt(sessionID);
    return lastSeenAt !== null && this.#options.wallClock() - lastSeenAt > anotherVisitMs;
  }

  #makeUse(): WhatPhonesDo {
    return new WhatPhonesDo(this.#options, {
      sessions: () => this.#peer.sessions,
      rights: (sessionID) => this.#phones.rights(sessionID),
      isPaused: (sessionID) => this.#extras.get(sessionID)?.isPaused ?? false,
      addresses: () => this.#address.reachable,
      note: (kind, sessionID, reason = null, action) => {
        this.#note(kind, this.#deviceName(sessionID), reason, action);
      },
      onPanic: () => {
        this.#note('panic');
        this.endControl();
      },
      onSystemPrompt: (prompt) => {
        this.emit('system_prompt', prompt);
      },
      onSystemPromptGone: (gone) => {
        this.emit('system_prompt_gone', gone);
      },
      onSystem: (end) => {
        this.emit('system', end);
      },
      onProblem: (problem) => {
        this.emit('error', problem);
      },
      onSleep: () => {
        this.goToSleep();
      },
      onChange: () => {
        this.emit('changed', undefined);
      },
    });
  }

  #rightsChanged(sessionID: SessionID): void {
    this.#use.rightsChanged(sessionID);
    const isPaused = this.#extras.get(sessionID)?.isPaused ?? false;
    this.emit('rights', { sessionID, rights: this.#phones.rights(sessionID), isPaused });
  }

  #onSessionClosed(sessionID: SessionID, reason: string): void {
    const extras = this.#extras.get(sessionID);
    this.#use.end(sessionID);
    this.#paths.forget(sessionID);
    this.#extras.delete(sessionID);
    this.#note('session_closed', extras?.approved ?? null, reason);
    this.emit('session_closed', { sessionID, reason });
    this.#codes.takeReplaced(sessionID);
    this.#phones.dropFacts(sessionID);
    // One that the server refused would be refused again; one whose time ran out was not.
    if (extras?.announced !== undefined || reason === 'expired') this.#codes.makeIfNone();
  }

  #phoneGone(): void {
    const wasHere = [...this.#extras.values()].filter(({ connectedSince }) => connectedSince !== null);
    this.#codes.phoneGone(wasHere.some(({ hasLeft }) => !hasLeft));
  }

  #find(sessionID: SessionID): SessionExtras {
    const extras = this.#extras.get(sessionID);
    if (!extras) throw new ProximError('session_not_found', 'No session has this name.');
    return extras;
  }

  #session(sessionID: SessionID): DesktopSessionView | undefined {
    return this.#peer.sessions.find((session) => session.sessionID === sessionID);
  }

  #promptName(sessionID: SessionID): string | null {
    return this.#session(sessionID)?.prompt?.deviceInfo.name ?? null;
  }

  #deviceName(sessionID: SessionID): string | null {
    return this.#session(sessionID)?.device?.name ?? null;
  }

  #note(
    kind: WindowNotice['kind'],
    deviceName: string | null = null,
    reason: string | null = null,
    action?: WindowNotice['action'],
  ): void {
    this.#notices.add(kind, deviceName, reason, action);
    this.emit('changed', undefined);
  }
}
