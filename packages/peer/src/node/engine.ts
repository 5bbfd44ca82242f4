import { type CandidatePayload, type IceServer, ProximError } from '@proxim/protocol';
import type * as NodeDataChannel from 'node-datachannel';
import type { DataChannel, IceServer as NativeIceServer, PeerConnection } from 'node-datachannel';

import { judgeCandidate } from '../common/ice-candidate.js';
import type {
  AnsweringConnection,
  ChannelSpec,
  DirectChannel,
  DirectHandlers,
  DirectPath,
  DirectState,
  OfferingConnection,
  RtcEngine,
} from '../common/rtc-engine.js';
import { type DataChannelDescription, readDescription, writeDescription } from '../common/sdp.js';

type Library = typeof NodeDataChannel;

/** Remote candidates that one connection takes, those in its description included. */
const maxRemoteCandidates = 60;

const bytesOf = (data: Buffer | ArrayBuffer): Uint8Array =>
  data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const wrapChannel = (channel: DataChannel): DirectChannel => {
  let listener: ((data: string | Uint8Array) => void) | undefined;
  let onClose: (() => void) | undefined;
  const early: (string | Uint8Array)[] = [];
  channel.onMessage((message) => {
    const data = typeof message === 'string' ? message : bytesOf(message);
    if (listener) listener(data);
    else early.push(data);
  });
  channel.onError(() => undefined);
  channel.onClosed(() => {
    onClose?.();
  });
  return {
    label: channel.getLabel(),
    get bufferedBytes() {
      return channel.isOpen() ? channel.bufferedAmount() : 0;
    },
    send: (data) => {
      if (!channel.isOpen()) return false;
      return typeof data === 'string' ? channel.sendMessage(data) : channel.sendMessageBinary(data);
    },
    onMessage: (next) => {
      listener = next;
      for (const data of early.splice(0)) next(data);
    },
    onClose: (next) => {
      onClose = next;
    },
  };
};

const directStates: Readonly<Record<string, DirectState>> = {
  new: 'connecting',
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'disconnected',
  failed: 'failed',
  closed: 'closed',
};

/** RTCIceServer to libdatachannel's form; a URL that is neither STUN nor TURN is left out. */
const nativeIceServers = (servers: readonly IceServer[]): (string | NativeIceServer)[] =>
  servers.flatMap(({ urls, username, credential }) =>
    (Array.isArray(urls) ? urls : [urls]).flatMap((url): (string | NativeIceServer)[] => {
      const match = /^(stun|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/.exec(url);
      const [, scheme, hostname, port, transport] = match ?? [];
      if (scheme === undefined || hostname === undefined) return [];
      if (scheme === 'stun') return [`stun:${hostname}:${port ?? '3478'}`];
      const relayType = scheme === 'turns' ? 'TurnTls' : transport === 'tcp' ? 'TurnTcp' : 'TurnUdp';
      return [
        {
          hostname,
          port: Number(port ?? (scheme === 'turns' ? 5349 : 3478)),
          relayType,
          ...(username === undefined ? {} : { username }),
          ...(credential === undefined ? {} : { password: credential }),
        },
      ];
    }),
  );

/** One native peer connection, fenced: it is given nothing that has not been read strictly and written anew. */
class NativeConnection implements OfferingConnection, AnsweringConnection {
  readonly #native: PeerConnection;
  readonly #handlers: DirectHandlers;
  #closed = false;
  #describe: ((sdp: string) => void) | undefined;
  #remoteMid = '0';
  #remoteCandidates = 0;

  constructor(library: Library, iceServers: readonly IceServer[], handlers: DirectHandlers) {
    this.#handlers = handlers;
    this.#native = new library.PeerConnection('proxim', { iceServers: nativeIceServers(iceServers) });
    this.#native.onLocalDescription((sdp) => {
      this.#describe?.(sdp);
    });
    this.#native.onLocalCandidate((candidate, mid) => {
      if (this.#closed) return;
      const text = candidate.replace(/^a=/, '');
      handlers.onCandidate({ candidate: text, sdpMid: mid, sdpMLineIndex: 0, usernameFragment: null });
    });
    this.#native.onGatheringStateChange((state) => {
      if (this.#closed || state !== 'complete') return;
      handlers.onCandidate({ candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: null });
    });
    this.#native.onStateChange((state) => {
      const known = directStates[state];
      if (!this.#closed && known) handlers.onState(known);
    });
    this.#native.onDataChannel((channel) => {
      this.#announce(channel);
    });
  }

  addChannels(channels: readonly ChannelSpec[]): void {
    for (const { label, ordered, maxRetransmits } of channels) {
      const channel = this.#native.createDataChannel(label, {
        unordered: !ordered,
        ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
      });
      this.#announce(channel);
    }
  }

  createOffer(): Promise<string> {
    // Making a channel has begun the negotiation: the description is there, or comes.
    const description = this.#native.localDescription();
    if (description) return Promise.resolve(withoutCandidates(description.sdp));
    return this.#nextDescription();
  }

  acceptAnswer(sdp: string): Promise<void> {
    const description = this.#read(sdp);
    this.#setRemote(description, 'answer');
    return Promise.resolve();
  }

  async acceptOffer(sdp: string): Promise<string> {
    const description = this.#read(sdp);
    const answer = this.#nextDescription();
    this.#setRemote(description, 'offer');
    return answer;
  }

  addCandidate({ candidate }: CandidatePayload): void {
    if (this.#closed || candidate === '' || this.#remoteCandidates >= maxRemoteCandidates) return;
    const verdict = judgeCandidate(candidate);
    if (verdict.kind !== 'use') return;
    this.#remoteCandidates += 1;
    this.#native.addRemoteCandidate(verdict.candidate, this.#remoteMid);
  }

  path(): Promise<DirectPath | undefined> {
    if (this.#closed || this.#native.state() !== 'connected') return Promise.resolve(undefined);
    const pair = this.#native.getSelectedCandidatePair();
    if (!pair) return Promise.resolve(undefined);
    const roundTripMs = this.#native.rtt();
    return Promise.resolve({
      localType: pair.local.type,
      remoteType: pair.remote.type,
      roundTripMs: roundTripMs >= 0 ? roundTripMs : null,
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#native.close();
  }

  #announce(channel: DataChannel): void {
    const wrapped = wrapChannel(channel);
    const open = (): void => {
      if (!this.#closed) this.#handlers.onChannel(wrapped);
    };
    if (channel.isOpen()) open();
    else channel.onOpen(open);
  }

  #read(sdp: string): DataChannelDescription {
    const read = readDescription(sdp);
    if (!read.ok) throw new ProximError('bad_description', `The description is refused: ${read.error}.`);
    return read.value;
  }

  #setRemote(description: DataChannelDescription, type: 'offer' | 'answer'): void {
    if (this.#closed) throw new ProximError('bad_description', 'The connection is closed.');
    this.#remoteMid = description.mid;
    this.#native.setRemoteDescription(writeDescription(description), type === 'offer' ? 'offer' : 'answer');
    for (const candidate of description.candidates) {
      this.addCandidate({ candidate, sdpMid: null, sdpMLineIndex: null, usernameFragment: null });
    }
  }

  #nextDescription(): Promise<string> {
    return new Promise((resolve) => {
      this.#describe = (sdp) => {
        resolve(withoutCandidates(sdp));
      };
    });
  }
}

/** The candidates trickle; a description that carries those that happen to be known already would say them twice. */
const withoutCandidates = (sdp: string): string =>
  sdp
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('a=candidate:') && line !== 'a=end-of-candidates')
    .map((line) => `${line}\r\n`)
    .join('');

/**
 * Ends the engine's threads, without which the process would not end by itself. Close all peers before.
 */
export const unloadNodeRtcEngine = async (): Promise<void> => {
  if (!isLoaded) return;
  const library = await import('node-datachannel');
  library.cleanup();
};

let isLoaded = false;

/** Loads libdatachannel, the WebRTC engine for Node. The first load takes tens of milliseconds. */
export const loadNodeRtcEngine = async (): Promise<RtcEngine> => {
  const library = await import('node-datachannel');
  isLoaded = true;
  return {
    offer: ({ iceServers, channels, handlers }) => {
      const connection = new NativeConnection(library, iceServers, handlers);
      connection.addChannels(channels);
      return connection;
    },
    answer: ({ iceServers, handlers }) => new NativeConnection(library, iceServers, handlers),
  };
};
