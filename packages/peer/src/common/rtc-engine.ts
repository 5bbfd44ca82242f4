import type { CandidatePayload, IceServer } from '@proxim/protocol';

/** Channels that one connection may open in all its life. One that opens more is given up. */
export const maxChannels = 32;

/** A data channel as it is asked for. */
export interface ChannelSpec {
  readonly label: string;
  readonly ordered: boolean;
  /** Omitted: retransmitted until it arrives. */
  readonly maxRetransmits?: number;
}

/** An open data channel. */
export interface DirectChannel {
  readonly label: string;
  readonly bufferedBytes: number;
  /** Sends a text or bytes; false when the channel is closed. */
  send(data: string | Uint8Array<ArrayBuffer>): boolean;
  /** Messages that came before a listener was set are kept for it. */
  onMessage(listener: (data: string | Uint8Array) => void): void;
  onClose(listener: () => void): void;
}

/** How a direct connection stands, in the words of W3C's `RTCPeerConnectionState`. */
export type DirectState = 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

export interface DirectHandlers {
  /** One of our ICE candidates; `candidate: ''` is their end. */
  readonly onCandidate: (candidate: CandidatePayload) => void;
  readonly onState: (state: DirectState) => void;
  /** A channel has opened, whichever side made it. */
  readonly onChannel: (channel: DirectChannel) => void;
}

interface DirectConnection {
  /** Gives the engine one of the other side's candidates. The remote description must be in. */
  addCandidate(candidate: CandidatePayload): void;
  /** Round-trip time in milliseconds and whether a relay carries the packets, where the engine knows. */
  path(): Promise<DirectPath | undefined>;
  /** Ends it. No handler is called afterwards. */
  close(): void;
}

/** How the packets of a direct connection travel. */
export interface DirectPath {
  /** `host`: the same network; `srflx` and `prflx`: through a NAT; `relay`: through a TURN server. */
  readonly localType: string;
  readonly remoteType: string;
  readonly roundTripMs: number | null;
}

export interface OfferingConnection extends DirectConnection {
  /** Resolves with the offer's SDP. @throws ProximError `bad_description` */
  createOffer(): Promise<string>;
  /** @throws ProximError `bad_description` */
  acceptAnswer(sdp: string): Promise<void>;
}

export interface AnsweringConnection extends DirectConnection {
  /** Resolves with the answer's SDP. @throws ProximError `bad_description` */
  acceptOffer(sdp: string): Promise<string>;
}

/** WebRTC, as far as the peers need it. */
export interface RtcEngine {
  offer(options: {
    readonly iceServers: readonly IceServer[];
    readonly channels: readonly ChannelSpec[];
    readonly handlers: DirectHandlers;
  }): OfferingConnection;
  answer(options: {
    readonly iceServers: readonly IceServer[];
    readonly handlers: DirectHandlers;
  }): AnsweringConnection;
}
