import { type CandidatePayload, type IceServer, ProximError } from '@proxim/protocol';

import { ChannelInbox } from '../common/channel-inbox.js';
import { usableIceServers } from '../common/ice-servers.js';
import {
  type AnsweringConnection,
  type ChannelSpec,
  type DirectChannel,
  type DirectHandlers,
  type DirectPath,
  type DirectState,
  maxChannels,
  type OfferingConnection,
  type RtcEngine,
} from '../common/rtc-engine.js';

const wrapChannel = (channel: RTCDataChannel, isClosed: () => boolean): DirectChannel => {
  const inbox = new ChannelInbox(isClosed);
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    inbox.receive(typeof data === 'string' ? data : new Uint8Array(data));
  };
  return {
    label: channel.label,
    get bufferedBytes() {
      return channel.bufferedAmount;
    },
    send: (data) => {
      if (channel.readyState !== 'open') return false;
      // The browser throws where its buffer is full, or the other side takes no message as large as this.
      try {
        if (typeof data === 'string') channel.send(data);
        else channel.send(data);
      } catch {
        return false;
      }
      return true;
    },
    onMessage: (listener) => {
      inbox.listen(listener);
    },
    onClose: (next) => {
      channel.onclose = next;
    },
  };
};

const directStates: Readonly<Record<RTCPeerConnectionState, DirectState>> = {
  new: 'connecting',
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'disconnected',
  failed: 'failed',
  closed: 'closed',
};

class BrowserConnection implements OfferingConnection, AnsweringConnection {
  readonly #connection: RTCPeerConnection;
  readonly #handlers: DirectHandlers;
  #closed = false;
  #channels = 0;

  constructor(iceServers: readonly IceServer[], handlers: DirectHandlers) {
    this.#handlers = handlers;
    this.#connection = new RTCPeerConnection({ iceServers: [...usableIceServers(iceServers)] });
    this.#connection.onicecandidate = ({ candidate }) => {
      if (this.#closed) return;
      handlers.onCandidate({
        candidate: candidate?.candidate ?? '',
        sdpMid: candidate?.sdpMid ?? null,
        sdpMLineIndex: candidate?.sdpMLineIndex ?? null,
        usernameFragment: candidate?.usernameFragment ?? null,
      });
    };
    this.#connection.onconnectionstatechange = () => {
      if (!this.#closed) handlers.onState(directStates[this.#connection.connectionState]);
    };
    this.#connection.ondatachannel = ({ channel }) => {
      this.#announce(channel);
    };
  }

  addChannels(channels: readonly ChannelSpec[]): void {
    for (const { label, ordered, maxRetransmits } of channels) {
      const init: RTCDataChannelInit = { ordered, ...(maxRetransmits === undefined ? {} : { maxRetransmits }) };
      this.#announce(this.#connection.createDataChannel(label, init));
    }
  }

  async createOffer(): Promise<string> {
    const offer = await this.#connection.createOffer();
    await this.#connection.setLocalDescription(offer);
    return offer.sdp ?? '';
  }

  async acceptAnswer(sdp: string): Promise<void> {
    await this.#setRemote({ type: 'answer', sdp });
  }

  async acceptOffer(sdp: string): Promise<string> {
    await this.#setRemote({ type: 'offer', sdp });
    const answer = await this.#connection.createAnswer();
    await this.#connection.setLocalDescription(answer);
    return answer.sdp ?? '';
  }

  addCandidate(candidate: CandidatePayload): void {
    if (this.#closed) return;
    const isEnd = candidate.candidate === '';
    // A candidate that the browser refuses is one way less to get there, and no failure.
    this.#connection
      .addIceCandidate(isEnd ? undefined : { ...candidate, sdpMLineIndex: candidate.sdpMLineIndex ?? 0 })
      .catch(() => undefined);
  }

  async path(): Promise<DirectPath | undefined> {
    if (this.#closed) return undefined;
    const stats = await this.#connection.getStats();
    const reports = new Map<string, Record<string, unknown>>();
    stats.forEach((report: Record<string, unknown> & { id: string }) => reports.set(report.id, report));
    for (const report of reports.values()) {
      if (report['type'] !== 'candidate-pair' || report['nominated'] !== true) continue;
      const typeOf = (id: unknown): string => {
        const type = typeof id === 'string' ? reports.get(id)?.['candidateType'] : undefined;
        return typeof type === 'string' ? type : 'unknown';
      };
      const seconds = report['currentRoundTripTime'];
      return {
        localType: typeOf(report['localCandidateId']),
        remoteType: typeOf(report['remoteCandidateId']),
        roundTripMs: typeof seconds === 'number' ? seconds * 1000 : null,
      };
    }
    return undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.close();
  }

  #announce(channel: RTCDataChannel): void {
    this.#channels += 1;
    if (this.#channels > maxChannels) {
      channel.close();
      if (!this.#closed) this.#handlers.onState('failed');
      return;
    }
    const wrapped = wrapChannel(channel, () => this.#closed);
    const open = (): void => {
      if (!this.#closed) this.#handlers.onChannel(wrapped);
    };
    if (channel.readyState === 'open') open();
    else channel.onopen = open;
  }

  async #setRemote(description: RTCSessionDescriptionInit): Promise<void> {
    try {
      await this.#connection.setRemoteDescription(description);
    } catch (cause) {
      throw new ProximError('bad_description', 'The browser refuses the description.', { cause });
    }
  }
}

/** The browser's own WebRTC. */
export const browserRtcEngine: RtcEngine = {
  offer: ({ iceServers, channels, handlers }) => {
    const connection = new BrowserConnection(iceServers, handlers);
    connection.addChannels(channels);
    return connection;
  },
  answer: ({ iceServers, handlers }) => new BrowserConnection(iceServers, handlers),
};
