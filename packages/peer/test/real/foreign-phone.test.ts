import { authOfOffer, authOfPairRequest, deriveAuthKey } from '@proxim/protocol';
import { PeerConnection } from 'node-datachannel';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { clearAway, finallyDo, RealDesktop, startServer } from './real-stage.js';

clearAway();

type Message = Readonly<Record<string, unknown>>;
const deviceInfo = { name: 'Somebody’s phone', id: 'foreign' };

type Spelling = 'plain' | 'nested';

/**
 * A phone's app that somebody wrote from the specification's five messages alone, with `ws` and the engine by hand: no
 * token, no `auth`, no type beside a description, and candidates as its engine gives them.
 */
class ForeignPhone {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  readonly #sessionID: string;
  readonly #spelling: Spelling;
  #wake: () => void = () => undefined;
  #newest: PeerConnection | undefined;

  constructor(port: number, sessionID: string, spelling: Spelling = 'plain') {
    this.#sessionID = sessionID;
    this.#spelling = spelling;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}`);
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Message);
      this.#wake();
    });
    finallyDo(() => {
      this.socket.terminate();
    });
  }

  async ask(more: object = {}): Promise<void> {
    await new Promise((resolve) => this.socket.once('open', resolve));
    this.send({ type: 'pair_request', deviceInfo, ...more });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify({ sessionID: this.#sessionID, ...message }));
  }

  /** The first message, past or future, for which this holds. */
  next(isWanted: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.messages.find(isWanted);
        if (found) resolve(found);
        else this.#wake = look;
      };
      look();
    });
  }

  /** Offers a connection; resolves with what its channel says once it is open. */
  connect(authOf: (sdp: string) => object = () => ({})): {
    readonly connection: PeerConnection;
    readonly echo: Promise<string>;
    readonly isClosed: Promise<void>;
  } {
    const connection = new PeerConnection('foreign', { iceServers: [] });
    finallyDo(() => {
      connection.close();
    });
    connection.onLocalDescription((sdp, type) => {
      const payload = this.#spelling === 'plain' ? { sdp } : { sdp: { type, sdp } };
      this.send({ type: 'signal', payload: { ...payload, ...authOf(sdp) } });
    });
    // The engine is no browser: called while it takes the answer, it may refuse a certificate that is right.
    const held: object[] = [];
    connection.onLocalCandidate((candidate, mid) => {
      const nested = { candidate: { candidate, sdpMid: mid, sdpMLineIndex: 0 } };
      const message = { type: 'signal', payload: this.#spelling === 'plain' ? { candidate } : nested };
      if (isAnswered) this.send(message);
      else held.push(message);
    });
    this.#newest = connection;
    const channel = connection.createDataChannel('control');
    const echo = new Promise<string>((resolve) => {
      channel.onOpen(() => channel.sendMessage('hello'));
      channel.onMessage((data) => {
        resolve(typeof data === 'string' ? data : '');
      });
    });
    const isClosed = new Promise<void>((resolve) => {
      channel.onClosed(resolve);
    });
    let isAnswered = false;
    const take = (message: Message): void => {
      if (message['type'] !== 'signal' || this.#newest !== connection) return;
      const { sdp, candidate } = message['payload'] as { readonly sdp?: string; readonly candidate?: string };
      if (sdp !== undefined && !isAnswered) {
        isAnswered = true;
        connection.setRemoteDescription(sdp, 'answer');
      } else if (candidate && isAnswered) connection.addRemoteCandidate(candidate, '0');
    };
    this.socket.on('message', (data: Buffer) => {
      take(JSON.parse(data.toString()) as Message);
    });
    return { connection, echo, isClosed };
  }
}

describe('a phone that was written from the five messages alone', () => {
  it.each(['plain', 'nested'] as const)(
    '[TR13] [AU13] [SG7] [SG8] is asked about as unverified, and works once it is approved (%s)',
    async (spelling) => {
      const { port } = await startServer();
      const desktop = new RealDesktop(port, { unverified: 'ask' });
      const sessionID = await desktop.session();
      const phone = new ForeignPhone(port, sessionID, spelling);
      await phone.ask();
      expect(await desktop.next('prompt')).toMatchObject({ verified: false, deviceInfo: { id: 'foreign' } });
      desktop.peer.approve(sessionID, { unverified: true });
      await phone.next(({ status }) => status === 'approved');
      expect(await phone.connect().echo).toBe('hello');
      expect(desktop.peer.sessions[0]).toMatchObject({ isVerified: false, directState: 'connected' });

      // Its next offer is another question.
      const second = phone.connect();
      const asked = await desktop.next('prompt', () => true, 1);
      expect(asked).toMatchObject({ verified: false, sessionID });
      desktop.peer.approve(sessionID, { unverified: true });
      expect(await second.echo).toBe('hello');
    },
  );

  it('[AU13] [AU18] whose further offer is rejected is told so', async () => {
    const { port } = await startServer();
    const desktop = new RealDesktop(port, { unverified: 'ask' });
    const sessionID = await desktop.session();
    const phone = new ForeignPhone(port, sessionID);
    await phone.ask();
    await desktop.next('prompt');
    desktop.peer.approve(sessionID, { unverified: true });
    await phone.next(({ status }) => status === 'approved');
    await phone.connect().echo;
    phone.connect();
    await desktop.next('prompt', () => true, 1);
    desktop.peer.reject(sessionID);
    const refusal = await phone.next(({ payload }) => (payload as Message | undefined)?.['refused'] !== undefined);
    expect(refusal['payload']).toEqual({ candidate: '', refused: 'auth_missing' });
  });

  it('[AU14] [MS13] is refused unasked, with the reason, where the policy says so', async () => {
    const { port } = await startServer();
    const desktop = new RealDesktop(port, { unverified: 'refuse' });
    const phone = new ForeignPhone(port, await desktop.session());
    await phone.ask();
    expect(await phone.next(({ type }) => type === 'pair_result')).toMatchObject({
      status: 'rejected',
      reason: 'unverified',
    });
    expect(desktop.seen('prompt')).toEqual([]);
    expect(desktop.seen('turned_away')).toMatchObject([{ why: 'unverified' }]);
  });
});

describe('a phone of another make that read the code', () => {
  it('[SG10] [AU4] swaps its connections without a gap: the old one works until the new one is open', async () => {
    const { port } = await startServer();
    const desktop = new RealDesktop(port, { unverified: 'ask' });
    const sessionID = await desktop.session();
    const { secret } = desktop.link(sessionID, port);
    const key = deriveAuthKey(sessionID, { linkSecret: secret });
    const phone = new ForeignPhone(port, sessionID);
    await phone.ask({ auth: authOfPairRequest(key, deviceInfo) });
    expect(await desktop.next('prompt')).toMatchObject({ verified: true });
    desktop.peer.approve(sessionID);
    await phone.next(({ status }) => status === 'approved');
    const authOf = (sdp: string): object => ({ auth: authOfOffer(key, sdp) });
    const first = phone.connect(authOf);
    expect(await first.echo).toBe('hello');
    const order: string[] = [];
    const second = phone.connect(authOf);
    await Promise.all([
      second.echo.then(() => order.push('the new one works')),
      first.isClosed.then(() => order.push('the old one is closed')),
    ]);
    expect(order).toHaveLength(2);
    expect(second.connection.state()).toBe('connected');
    expect(desktop.seen('direct').map(({ state }) => state)).toEqual(['connecting', 'connected']);
    expect(desktop.seen('prompt')).toHaveLength(1);
  });
});
