import {
  type AuthKey,
  authOfAnswer,
  authOfOffer,
  authOfPairRequest,
  deriveAuthKey,
  type SessionID,
  type SessionType,
} from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import { DesktopPeer, type DesktopPeerOptions, type DesktopSessionView } from '../../src/index.js';
import { countedBytes, type DesktopEvent, recordDesktop } from './both-sides.js';
import { FakeNetwork } from './fake-network.js';
import { HandSockets, type Message } from './hand-sockets.js';
import { pass, settle } from './settle.js';

export const galaxy = { name: 'Galaxy S23', id: 'device-xyz' };

/** A desktop whose server and phone are both the test. */
export class HandDesktop {
  readonly clock = new ManualClock();
  readonly sockets = new HandSockets();
  readonly network = new FakeNetwork();
  readonly peer: DesktopPeer;
  readonly events: DesktopEvent[];
  readonly sessionID: SessionID;
  readonly linkSecret: Uint8Array;
  /** How often the engine was loaded. */
  loads = 0;

  constructor({
    sessionType = 'persistent',
    ttlSeconds,
    ...options
  }: Partial<DesktopPeerOptions> & { sessionType?: SessionType; ttlSeconds?: number } = {}) {
    this.peer = new DesktopPeer({
      environment: {
        clock: this.clock,
        randomBytes: countedBytes(),
        openWebSocket: this.sockets.open,
        loadRtcEngine: async () => {
          this.loads += 1;
          await this.network.gate;
          return this.network.engine;
        },
      },
      url: 'ws://relay',
      unverified: 'ask',
      sessionTtlSeconds: 900,
      ...options,
    });
    this.events = recordDesktop(this.peer);
    this.peer.start();
    this.sessionID = this.peer.createSession({ sessionType, ttlSeconds });
    this.linkSecret = this.peer.link(this.sessionID, { origin: 'http://relay' }).secret;
    this.socket.open();
    this.created();
    this.socket.take();
  }

  get socket(): HandSockets['last'] {
    return this.sockets.last;
  }

  get view(): DesktopSessionView | undefined {
    return this.peer.sessions.find(({ sessionID }) => sessionID === this.sessionID);
  }

  /** The key that a reader of the code makes, or one who holds the device secret as well. */
  key(deviceSecret?: Uint8Array): AuthKey {
    return deriveAuthKey(this.sessionID, { linkSecret: this.linkSecret, deviceSecret });
  }

  say(type: string, fields: object = {}): void {
    this.socket.say({ type, sessionID: this.sessionID, ...fields });
  }

  created(fields: object = {}): void {
    const { sessionType = 'persistent', uuid } = this.view ?? {};
    this.say('session_created', { uuid, sessionType, expiresInSeconds: null, ...fields });
  }

  prompt({
    promptID = 'p1',
    deviceInfo = galaxy,
    ...fields
  }: { promptID?: string; deviceInfo?: typeof galaxy; auth?: string } = {}): void {
    this.say('pair_prompt', { promptID, deviceInfo, timeoutSeconds: 40, ...fields });
  }

  verifiedPrompt(promptID = 'p1', deviceInfo = galaxy, key = this.key()): void {
    this.prompt({ promptID, deviceInfo, auth: authOfPairRequest(key, deviceInfo) });
  }

  signal(payload: object): void {
    this.say('signal', { payload });
  }

  /** What the desktop said to the phone since this was last asked. */
  async payloads(): Promise<Message[]> {
    await settle();
    return this.socket
      .take()
      .filter(({ type }) => type === 'signal')
      .map(({ payload }) => payload as Message);
  }

  offer(sdp: string, key?: AuthKey): void {
    this.signal({ sdp, type: 'offer', ...(key && { auth: authOfOffer(key, sdp) }) });
  }

  /** Whether the desktop answered this offer, and nothing but it, with an answer that this key makes right. */
  async answers(offer: string, key?: AuthKey): Promise<boolean> {
    const descriptions = (await this.payloads()).filter(({ type }) => type === 'answer');
    const [answer] = descriptions;
    if (!answer) return false;
    if (descriptions.length > 1) throw new Error('more than one answer');
    const expected = key && authOfAnswer(key, offer, String(answer['sdp']));
    if (answer['auth'] !== expected) throw new Error('the auth of the answer is wrong');
    return true;
  }

  /** A verified phone that was approved. */
  paired(): AuthKey {
    this.verifiedPrompt();
    this.peer.approve(this.sessionID);
    this.say('peer_state', { state: 'connected' });
    this.socket.take();
    return this.key();
  }

  /** The reasons for which devices were turned away. */
  get turnedAway(): string[] {
    return this.events.flatMap((event) => (event[0] === 'turned_away' ? [event[1].why] : []));
  }

  get prompts(): string[] {
    return this.events.flatMap((event) => (event[0] === 'prompt' ? [event[1].promptID] : []));
  }

  pass(ms: number, stepMs?: number): Promise<void> {
    return pass(this.clock, ms, stepMs);
  }
}
