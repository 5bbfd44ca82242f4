import {
  parseScreenDesktopMessage,
  type ScreenCandidate,
  type ScreenDesktopMessage,
  type ScreenPhoneMessage,
  screenPixels,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { signal } from '@preact/signals';

/** How the phone stands with the computer's screen. */
export type ScreenView<Stream = MediaStream> =
  /** `why`: what ended it, or kept it from beginning, until the user has read it. */
  | { readonly at: 'off'; readonly why: string | null }
  /** Somebody at the computer has to choose what is seen. */
  | { readonly at: 'asked' }
  /** They have, and the way for the picture is being looked for. */
  | { readonly at: 'coming' }
  | { readonly at: 'seen'; readonly stream: Stream };

type Offer = Extract<ScreenDesktopMessage, { type: 'screen_offer' }>;

/** As much of an `RTCPeerConnection` as a picture needs. */
export interface PictureConnection {
  setRemoteDescription(description: { readonly type: 'offer'; readonly sdp: string }): Promise<void>;
  createAnswer(): Promise<{ readonly sdp?: string }>;
  setLocalDescription(description: { readonly type: 'answer'; readonly sdp: string }): Promise<void>;
  addIceCandidate(candidate: ScreenCandidate): Promise<void>;
  close(): void;
}

export interface PictureHandlers<Stream> {
  /** The picture is announced; its first frame may still be on its way. */
  readonly onStream: (stream: Stream) => void;
  /** One of this phone's candidates; an empty one is their end. */
  readonly onCandidate: (candidate: ScreenCandidate) => void;
  /** There is no way to the computer's window, or none any more. */
  readonly onFailed: () => void;
}

export interface ScreenViewerOptions<Stream> {
  /** A connection that receives one picture. */
  readonly openConnection: (iceServers: Offer['iceServers'], handlers: PictureHandlers<Stream>) => PictureConnection;
  /** How many pixels of a picture this phone can show. */
  readonly size: () => { readonly width: number; readonly height: number };
}

/** A connection for one picture, whose own description has been sent or not yet. */
interface Picture {
  readonly connection: PictureConnection;
  /** What came before the offer was taken in. */
  readonly early: ScreenCandidate[];
  isOfferIn: boolean;
}

/** Candidates that are kept until the offer is taken in; a window has a handful of them. */
const maxEarly = 64;

const nothing = { at: 'off', why: null } as const;

/** Asks for the computer's screen and receives its picture, over a connection of its own to the computer's window. */
export class ScreenViewer<Stream = MediaStream> {
  readonly view = signal<ScreenView<Stream>>(nothing);
  readonly #options: ScreenViewerOptions<Stream>;
  #channel: DirectChannel | undefined;
  #share = 0;
  #picture: Picture | undefined;

  constructor(options: ScreenViewerOptions<Stream>) {
    this.#options = options;
  }

  /** The channel of a new direct connection: what was seen over the old one is over. */
  use(channel: DirectChannel): void {
    if (this.#channel === channel) return;
    this.#channel = channel;
    if (this.view.peek().at !== 'off') this.#over('interrupted');
    channel.onMessage((data) => {
      if (this.#channel !== channel || typeof data !== 'string') return;
      const read = parseScreenDesktopMessage(data);
      if (read.ok) this.#onMessage(read.message);
    });
  }

  ask(): void {
    this.#drop();
    this.#share += 1;
    const { width, height } = this.#options.size();
    const asked = this.#send({
      type: 'screen_ask',
      share: this.#share,
      maxWidth: inBounds(width),
      maxHeight: inBounds(height),
    });
    this.view.value = asked ? { at: 'asked' } : { at: 'off', why: 'interrupted' };
  }

  /** The user does not want to see it, or not any more. */
  stop(): void {
    if (this.view.peek().at !== 'off') this.#send({ type: 'screen_stop', share: this.#share });
    this.#drop();
    this.view.value = nothing;
  }

  /** The user has read why there is no picture. */
  dismiss(): void {
    if (this.view.peek().at === 'off') this.view.value = nothing;
  }

  /** Says why there is none without asking: the computer has said before that this phone may not. */
  refuse(why: string): void {
    this.#over(why);
  }

  /** The phone may see it now: that it may not is no news any more. */
  allowed(): void {
    const view = this.view.peek();
    if (view.at === 'off' && (view.why === 'not_allowed' || view.why === 'paused')) this.view.value = nothing;
  }

  #onMessage(message: ScreenDesktopMessage): void {
    // What belongs to an earlier wish comes too late; but what a lost connection ended is said on the next one.
    const isOld = message.share !== this.#share || this.view.peek().at === 'off';
    switch (message.type) {
      case 'screen_state':
        if (!isOld) this.#onState(message.state, message.reason);
        else if (message.reason === 'interrupted' && this.view.peek().at === 'off') this.#over('interrupted');
        break;
      case 'screen_offer':
        if (!isOld) void this.#onOffer(message);
        break;
      case 'screen_candidate':
        if (!isOld) this.#onCandidate(message);
        break;
      default:
        message satisfies never;
    }
  }

  #onState(state: Extract<ScreenDesktopMessage, { type: 'screen_state' }>['state'], reason = 'interrupted'): void {
    switch (state) {
      case 'asked':
        break;
      case 'sharing':
        if (this.view.peek().at === 'asked') this.view.value = { at: 'coming' };
        break;
      case 'stopped':
      case 'refused':
        this.#over(reason);
        break;
      default:
        state satisfies never;
    }
  }

  async #onOffer({ share, sdp, iceServers }: Offer): Promise<void> {
    if (this.#picture) return;
    const connection = this.#options.openConnection(iceServers, {
      onStream: (stream) => {
        if (isCurrent()) this.view.value = { at: 'seen', stream };
      },
      onCandidate: (candidate) => {
        if (isCurrent()) this.#send({ type: 'screen_candidate', share, ...candidate });
      },
      onFailed: () => {
        if (isCurrent()) this.#giveUp();
      },
    });
    const picture: Picture = { connection, early: [], isOfferIn: false };
    this.#picture = picture;
    const isCurrent = (): boolean => this.#picture === picture;
    try {
      await connection.setRemoteDescription({ type: 'offer', sdp });
      const { sdp: answer = '' } = await connection.createAnswer();
      if (!isCurrent()) return;
      // The computer hears of the answer before it hears of the candidates that the description sets free.
      this.#send({ type: 'screen_answer', share, sdp: answer });
      await connection.setLocalDescription({ type: 'answer', sdp: answer });
      picture.isOfferIn = true;
      for (const candidate of picture.early.splice(0)) add(connection, candidate);
    } catch {
      if (isCurrent()) this.#giveUp();
    }
  }

  #onCandidate({ candidate, sdpMid, sdpMLineIndex }: ScreenCandidate): void {
    const picture = this.#picture;
    if (!picture) return;
    const init = { candidate, sdpMid, sdpMLineIndex };
    if (picture.isOfferIn) add(picture.connection, init);
    else if (picture.early.length < maxEarly) picture.early.push(init);
  }

  /** The two browsers find no way to each other. */
  #giveUp(): void {
    this.#send({ type: 'screen_stop', share: this.#share });
    this.#over('no_path');
  }

  #over(why: string): void {
    this.#drop();
    this.view.value = { at: 'off', why };
  }

  #drop(): void {
    const picture = this.#picture;
    this.#picture = undefined;
    if (!picture) return;
    picture.connection.close();
  }

  #send(message: ScreenPhoneMessage): boolean {
    return this.#channel?.send(JSON.stringify(message)) ?? false;
  }
}

/** A candidate that this browser cannot use is one way less. */
const add = (connection: PictureConnection, candidate: ScreenCandidate): void => {
  connection.addIceCandidate(candidate).catch(() => undefined);
};

const inBounds = (pixels: number): number => Math.round(Math.min(screenPixels.max, Math.max(screenPixels.min, pixels)));
