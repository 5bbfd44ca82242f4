import { type CandidatePayload, ProximError } from '@proxim/protocol';

import { ChannelInbox } from '../common/channel-inbox.js';
import {
  type AnsweringConnection,
  type DirectChannel,
  type DirectHandlers,
  type DirectPath,
  maxChannels,
  type OfferingConnection,
} from '../common/rtc-engine.js';
import { type ConnectionNews, type EngineQuestion, sizeOf, type ToEngine } from './engine-messages.js';

/** Candidates of its own that a connection tells; a machine with many addresses has dozens. */
const maxLocalCandidates = 256;

type WithoutNumber<Message> = Message extends { readonly connection: number } ? Omit<Message, 'connection'> : never;

/** What one connection says to its process, where it has a number. */
export type ToConnection = WithoutNumber<ToEngine>;

/** How a connection is made. */
export type NewConnection = Extract<ToConnection, { readonly type: 'answer' | 'offer' }>;

/** The process that a connection's engine is in. */
export interface ConnectionHome {
  readonly say: (message: ToConnection) => void;
  readonly leave: () => void;
}

interface Request {
  readonly question: EngineQuestion;
  readonly resolve: (value: string | DirectPath | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** A data channel whose engine is in another process. */
class IsolatedChannel {
  readonly #inbox: ChannelInbox;
  #onClose: (() => void) | undefined;
  #isOpen = true;
  /** Handed over, and not yet with the engine. */
  #onTheWay = 0;
  #buffered = 0;
  readonly face: DirectChannel;

  constructor(label: string, isClosed: () => boolean, pass: (data: string | Uint8Array<ArrayBuffer>) => void) {
    this.#inbox = new ChannelInbox(isClosed);
    const bufferedBytes = (): number => (this.#isOpen ? this.#onTheWay + this.#buffered : 0);
    this.face = {
      label,
      get bufferedBytes() {
        return bufferedBytes();
      },
      send: (data) => {
        if (!this.#isOpen) return false;
        this.#onTheWay += sizeOf(data);
        pass(data);
        return true;
      },
      onMessage: (listener) => {
        this.#inbox.listen(listener);
      },
      onClose: (listener) => {
        this.#onClose = listener;
      },
    };
  }

  receive(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#isOpen) this.#inbox.receive(data);
  }

  taken(bytes: number, buffered: number): void {
    this.#onTheWay = Math.max(0, this.#onTheWay - bytes);
    this.#buffered = buffered;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose?.();
  }
}

/** A connection whose engine is in another process, which may be gone at any time. */
export class IsolatedConnection implements OfferingConnection, AnsweringConnection {
  readonly #made: NewConnection;
  readonly #handlers: DirectHandlers;
  #home: ConnectionHome | undefined;
  #homes = 0;
  #wasHeard = false;
  readonly #requests = new Map<number, Request>();
  readonly #channels = new Map<number, IsolatedChannel>();
  #requestCount = 0;
  #localCandidates = 0;
  #isClosed = false;

  constructor(made: NewConnection, handlers: DirectHandlers) {
    this.#made = made;
    this.#handlers = handlers;
  }

  /**
   * Whether it may begin anew in another process, now that its own is gone: it has told nothing yet. Once only, since it
   * may be what ends them.
   */
  get mayMove(): boolean {
    return !this.#wasHeard && this.#homes === 1;
  }

  /** Is in this process from here on. */
  moveTo(home: ConnectionHome): void {
    this.#home = home;
    this.#homes += 1;
    home.say(this.#made);
    for (const [request, { question }] of this.#requests) home.say({ type: 'question', request, question });
  }

  createOffer(): Promise<string> {
    return this.#askForDescription({ ask: 'createOffer' });
  }

  async acceptAnswer(sdp: string): Promise<void> {
    await this.#ask({ ask: 'acceptAnswer', sdp });
  }

  acceptOffer(sdp: string): Promise<string> {
    return this.#askForDescription({ ask: 'acceptOffer', sdp });
  }

  addCandidate(candidate: CandidatePayload): void {
    if (!this.#isClosed) this.#home?.say({ type: 'candidate', candidate });
  }

  async path(): Promise<DirectPath | undefined> {
    try {
      const path = await this.#ask({ ask: 'path' });
      return typeof path === 'string' ? undefined : path;
    } catch {
      return undefined;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#home?.say({ type: 'close' });
    this.#end();
  }

  /** The process is gone, and the connection with it. */
  lost(): void {
    if (this.#isClosed) return;
    // Whoever hears of it closes the connection, as with any other that failed.
    this.#handlers.onState('failed');
    this.#end();
  }

  /** What the process tells of it. */
  receive(news: ConnectionNews): void {
    if (this.#isClosed) return;
    this.#wasHeard = true;
    switch (news.type) {
      case 'reply':
        this.#take(news.request)?.resolve(news.value);
        break;
      case 'fault':
        this.#take(news.request)?.reject(
          news.code === 'bad_description' ? new ProximError(news.code, news.message) : new Error(news.message),
        );
        break;
      case 'candidate':
        this.#localCandidates += 1;
        if (this.#localCandidates <= maxLocalCandidates) this.#handlers.onCandidate(news.candidate);
        break;
      case 'state':
        this.#handlers.onState(news.state);
        break;
      case 'channel':
        this.#open(news.channel, news.label);
        break;
      case 'message':
        this.#channels.get(news.channel)?.receive(news.data);
        break;
      case 'taken':
        this.#channels.get(news.channel)?.taken(news.bytes, news.buffered);
        break;
      case 'channelClosed':
        this.#channels.get(news.channel)?.close();
        break;
      default:
        news satisfies never;
    }
  }

  #open(number: number, label: string): void {
    // Their numbers stay taken when they are closed: so many may a connection open in all its life.
    if (this.#channels.has(number) || this.#channels.size >= maxChannels) return;
    const channel = new IsolatedChannel(
      label,
      () => this.#isClosed,
      (data) => {
        this.#home?.say({ type: 'send', channel: number, data });
      },
    );
    this.#channels.set(number, channel);
    this.#handlers.onChannel(channel.face);
  }

  #ask(question: EngineQuestion): Promise<string | DirectPath | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new ProximError('bad_description', 'The connection is closed.'));
        return;
      }
      const request = this.#requestCount;
      this.#requestCount += 1;
      this.#requests.set(request, { question, resolve, reject });
      this.#home?.say({ type: 'question', request, question });
    });
  }

  async #askForDescription(question: EngineQuestion): Promise<string> {
    const sdp = await this.#ask(question);
    if (typeof sdp !== 'string') throw new ProximError('bad_description', 'The engine has no description.');
    return sdp;
  }

  #take(number: number): Request | undefined {
    const request = this.#requests.get(number);
    this.#requests.delete(number);
    return request;
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#home?.leave();
    for (const { reject } of this.#requests.values()) reject(new Error('The connection is over.'));
    this.#requests.clear();
    // As with an engine in this process, its channels end a moment later.
    setImmediate(() => {
      for (const channel of this.#channels.values()) channel.close();
    });
  }
}
