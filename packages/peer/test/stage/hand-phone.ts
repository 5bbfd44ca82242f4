import {
  type AuthKey,
  authOfAnswer,
  authOfOffer,
  authOfPairRequest,
  deriveAuthKey,
  type Link,
  type PeerToken,
  type SessionID,
} from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import { type MobileMemory, MobilePeer, type MobileState } from '../../src/index.js';
import { countedBytes } from './both-sides.js';
import { FakeNetwork } from './fake-network.js';
import { HandSockets, type Message } from './hand-sockets.js';
import { pass, settle } from './settle.js';

export const link: Link = {
  origin: 'http://192.0.2.1:47800',
  sessionID: 'session-of-the-test' as SessionID,
  uuid: '7f3d3b6e-0a55-4d3c-9d5e-0c1f2a3b4c5d',
  secret: new Uint8Array(16).fill(7),
};

export const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };

/** What a page has kept that was approved before. */
export const approvedMemory: MobileMemory = {
  peerToken: 'A'.repeat(22) as PeerToken,
  deviceSecret: new Uint8Array(32).fill(9),
  wasApproved: true,
};

/** A phone whose server and computer are both the test. */
export class HandPhone {
  readonly clock = new ManualClock();
  readonly sockets = new HandSockets();
  readonly network = new FakeNetwork();
  readonly peer: MobilePeer;
  readonly states: MobileState[] = [];
  readonly memories: MobileMemory[] = [];

  constructor(memory?: MobileMemory) {
    this.peer = new MobilePeer({
      environment: {
        clock: this.clock,
        randomBytes: countedBytes(),
        openWebSocket: this.sockets.open,
        loadRtcEngine: () => Promise.resolve(this.network.engine),
      },
      link,
      deviceInfo,
      channels: [],
      memory,
    });
    this.peer.on('state', (state) => this.states.push(state));
    this.peer.on('memory', (next) => this.memories.push(next));
  }

  get socket(): HandSockets['last'] {
    return this.sockets.last;
  }

  get status(): string {
    const { state } = this.peer;
    return state.status === 'ended' ? `ended: ${state.reason}` : state.status;
  }

  get key(): AuthKey {
    return deriveAuthKey(link.sessionID, { linkSecret: link.secret, deviceSecret: this.peer.memory.deviceSecret });
  }

  /** The auth that its request has to carry. */
  get requestAuth(): string {
    return authOfPairRequest(this.key, deviceInfo);
  }

  /** Asks, over a socket that opens at once. */
  ask(): this {
    this.peer.ask();
    this.socket.open();
    return this;
  }

  say(type: string, fields: object = {}): void {
    this.socket.say({ type, sessionID: link.sessionID, ...fields });
  }

  error(code: string, replyTo = 'pair_request'): void {
    this.say('error', { code, message: '-', replyTo });
  }

  approve(fields: object = {}): void {
    this.say('pair_result', { status: 'approved', ...fields });
  }

  async payloads(): Promise<Message[]> {
    await settle();
    return this.socket
      .take()
      .filter(({ type }) => type === 'signal')
      .map(({ payload }) => payload as Message);
  }

  /** The offer that it has just made, with an auth that is right. */
  async offer(): Promise<string> {
    const [offer] = await this.payloads();
    const sdp = String(offer?.['sdp']);
    if (offer?.['type'] !== 'offer' || offer['auth'] !== authOfOffer(this.key, sdp)) throw new Error('no right offer');
    return sdp;
  }

  /** The computer answers. */
  async answer(offer: string): Promise<string> {
    const connection = this.network.engine.answer({
      iceServers: [],
      handlers: { onCandidate: () => undefined, onState: () => undefined, onChannel: () => undefined },
    });
    const sdp = await connection.acceptOffer(offer);
    this.say('signal', { payload: { sdp, type: 'answer', auth: authOfAnswer(this.key, offer, sdp) } });
    await settle();
    return sdp;
  }

  pass(ms: number, stepMs?: number): Promise<void> {
    return pass(this.clock, ms, stepMs);
  }
}
