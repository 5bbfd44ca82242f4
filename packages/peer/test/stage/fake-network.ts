import type { CandidatePayload, IceServer } from '@proxim/protocol';

import type {
  AnsweringConnection,
  ChannelSpec,
  DirectChannel,
  DirectHandlers,
  DirectPath,
  OfferingConnection,
  RtcEngine,
} from '../../src/common/rtc-engine.js';
import { originIdOf, writeDescription } from '../../src/common/sdp.js';

/** A description as an engine would write it. */
export const fakeSdp = (originId: number, setup: 'actpass' | 'active' = 'actpass'): string =>
  writeDescription({
    originId: String(originId),
    mid: '0',
    iceUfrag: 'abcd',
    icePwd: 'abcdefghijklmnopqrstuv',
    fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
    setup,
    sctpPort: 5000,
    maxMessageSize: 262_144,
    candidates: [],
  });

export const fakeCandidate = (port: number): CandidatePayload => ({
  candidate: `candidate:1 1 UDP 2122260223 192.0.2.7 ${port} typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});

class FakeChannel implements DirectChannel {
  readonly label: string;
  readonly bufferedBytes = 0;
  readonly #connection: FakeConnection;
  twin: FakeChannel | undefined;
  #listener: ((data: string | Uint8Array) => void) | undefined;
  #onClose: (() => void) | undefined;
  readonly #early: (string | Uint8Array)[] = [];

  constructor(label: string, connection: FakeConnection) {
    this.label = label;
    this.#connection = connection;
  }

  send(data: string | Uint8Array<ArrayBuffer>): boolean {
    if (!this.#connection.isOpen) return false;
    const { twin } = this;
    queueMicrotask(() => {
      if (this.#connection.isCut) return;
      twin?.receive(data);
    });
    return true;
  }

  receive(data: string | Uint8Array): void {
    if (this.#connection.isClosed) return;
    if (this.#listener) this.#listener(data);
    else this.#early.push(data);
  }

  onMessage(listener: (data: string | Uint8Array) => void): void {
    this.#listener = listener;
    for (const data of this.#early.splice(0)) listener(data);
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  closed(): void {
    this.#onClose?.();
  }
}

/** One end of a fake direct connection. It checks how it is used: a native engine would abort the process. */
export class FakeConnection implements OfferingConnection, AnsweringConnection {
  readonly id: number;
  /** Whose end it is, where the test told several hosts apart. */
  readonly owner: string;
  readonly handlers: DirectHandlers;
  readonly candidates: CandidatePayload[] = [];
  readonly #network: FakeNetwork;
  readonly #specs: readonly ChannelSpec[];
  #channels: FakeChannel[] = [];
  #remote: FakeConnection | undefined;
  #isDescribed = false;
  isClosed = false;
  isOpen = false;
  /** Packets are swallowed, and neither side is told. */
  isCut = false;

  constructor(
    id: number,
    owner: string,
    network: FakeNetwork,
    specs: readonly ChannelSpec[],
    handlers: DirectHandlers,
  ) {
    this.id = id;
    this.owner = owner;
    this.#network = network;
    this.#specs = specs;
    this.handlers = handlers;
  }

  /** Whether it is the desktop's end: the phone's makes the channels. */
  get isAnswering(): boolean {
    return this.#specs.length === 0;
  }

  async createOffer(): Promise<string> {
    this.handlers.onCandidate(fakeCandidate(this.id));
    await this.#network.gate;
    return fakeSdp(this.id);
  }

  async acceptOffer(sdp: string): Promise<string> {
    this.handlers.onCandidate(fakeCandidate(this.id));
    await this.#network.gate;
    if (this.#network.refuses) throw new Error('refused');
    this.#isDescribed = true;
    this.#network.offerOf.set(this.id, Number(originIdOf(sdp)));
    return fakeSdp(this.id, 'active');
  }

  async acceptAnswer(sdp: string): Promise<void> {
    await this.#network.gate;
    if (this.#network.refuses) throw new Error('refused');
    this.#isDescribed = true;
    const answering = this.#network.connections.get(Number(originIdOf(sdp)));
    if (!answering || !this.#network.isReachable || this.#network.offerOf.get(answering.id) !== this.id) return;
    queueMicrotask(() => {
      this.#join(answering);
    });
  }

  addCandidate(candidate: CandidatePayload): void {
    if (!this.#isDescribed) throw new Error('a candidate came before the remote description');
    if (!this.isClosed) this.candidates.push(candidate);
  }

  path(): Promise<DirectPath | undefined> {
    return Promise.resolve(this.isOpen ? { localType: 'host', remoteType: 'host', roundTripMs: 1 } : undefined);
  }

  close(): void {
    if (this.isClosed) return;
    const remote = this.#remote;
    const wasCut = this.isCut;
    queueMicrotask(() => {
      if (!wasCut) remote?.fail();
    });
    this.isClosed = true;
    this.isOpen = false;
  }

  /** The engine finds out that the connection is dead. */
  fail(): void {
    if (this.isClosed) return;
    this.isOpen = false;
    for (const channel of this.#channels) channel.closed();
    this.handlers.onState('failed');
  }

  /** The other end, when they are connected. */
  get remote(): FakeConnection | undefined {
    return this.#remote;
  }

  #join(answering: FakeConnection): void {
    if (this.isClosed || answering.isClosed) return;
    // It looked for its way over a radio that is gone: no packet of it arrives, and so none opens it.
    if (this.isCut || answering.isCut) return;
    this.#remote = answering;
    answering.#remote = this;
    this.isOpen = true;
    answering.isOpen = true;
    for (const { label } of this.#specs) {
      const ours = new FakeChannel(label, this);
      const theirs = new FakeChannel(label, answering);
      ours.twin = theirs;
      theirs.twin = ours;
      this.#channels.push(ours);
      answering.#channels.push(theirs);
    }
    for (const end of [answering, this]) {
      end.handlers.onState('connected');
      for (const channel of end.#channels) end.handlers.onChannel(channel);
    }
  }
}

/** An engine without a network: whoever exchanges descriptions through the peers is connected. */
export class FakeNetwork {
  readonly connections = new Map<number, FakeConnection>();
  /** Which offer an answering connection has answered. */
  readonly offerOf = new Map<number, number>();
  /** The STUN and TURN servers that the engine was told to use. */
  readonly namedServers = new Set<string>();
  /** Whether direct connections open at all. */
  isReachable = true;
  /** Whether engines refuse every description. */
  refuses = false;
  /** Descriptions are made once this is over. */
  gate: Promise<void> = Promise.resolve();
  #nextID = 1000;

  readonly engine: RtcEngine = {
    offer: ({ channels, handlers, iceServers }) => {
      this.#name(iceServers);
      return this.connect('', channels, handlers);
    },
    answer: ({ handlers, iceServers }) => {
      this.#name(iceServers);
      return this.connect('', [], handlers);
    },
  };

  /** Connections that carry packets: each is counted once. */
  get open(): readonly FakeConnection[] {
    return [...this.connections.values()].filter(
      ({ isOpen, isCut, id, remote }) => isOpen && !isCut && remote?.isOpen === true && id < remote.id,
    );
  }

  /** Connections that nobody has closed. */
  get alive(): readonly FakeConnection[] {
    return [...this.connections.values()].filter(({ isClosed }) => !isClosed);
  }

  #name(iceServers: readonly IceServer[]): void {
    for (const { urls } of iceServers) for (const url of [urls].flat()) this.namedServers.add(url);
  }

  /** The radio is gone: packets vanish, and no engine notices. */
  cut(): void {
    for (const connection of this.connections.values()) connection.isCut = true;
  }

  /** Packets of the connections that are open arrive again. */
  mend(): void {
    for (const connection of this.connections.values()) connection.isCut = false;
  }

  /** The engines notice that the packets do not arrive. */
  fail(): void {
    for (const connection of this.alive) if (connection.isOpen) connection.fail();
  }

  /** Makes one end, of a host that is called `owner`. */
  connect(owner: string, channels: readonly ChannelSpec[], handlers: DirectHandlers): FakeConnection {
    const connection = new FakeConnection(this.#nextID, owner, this, channels, handlers);
    this.#nextID += 1;
    this.connections.set(connection.id, connection);
    return connection;
  }
}
