import { type CandidatePayload, type IceServer, ProximError } from '@proxim/protocol';
import type * as NodeDataChannel from 'node-datachannel';
import type { DataChannel, IceServer as NativeIceServer, PeerConnection } from 'node-datachannel';

import { ChannelInbox } from '../common/channel-inbox.js';
import { judgeCandidate } from '../common/ice-candidate.js';
import { readIceServers } from '../common/ice-servers.js';
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
import { type DataChannelDescription, readDescription, writeDescription } from '../common/sdp.js';
import { inQuietTurn } from './quiet-turn.js';

type Library = typeof NodeDataChannel;

/** Remote candidates that one connection takes, those in its description included. */
const maxRemoteCandidates = 60;

const bytesOf = (data: Buffer | ArrayBuffer): Uint8Array =>
  data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/**
 * The engine calls back from several queues, and an end may overtake the messages that came before it, a goodbye among
 * them. Two turns of the event loop later these are in.
 */
const afterMessages = (callback: () => void): void => {
  setImmediate(() => {
    setImmediate(callback);
  });
};

/**
 * How long a goodbye that was just sent may take to leave. The engine's own threads pass it on, and where they had no turn on a
 * busy machine before the connection is closed, it never leaves.
 */
const goodbyeMs = 50;

/**
 * Channels that have not been closed yet. The library keeps a list of its own, and does not notice when one of them is
 * collected as garbage: the process would crash where the engine is unloaded.
 */
const living = new Set<DataChannel>();

const keepUntilClosed = (channel: DataChannel, onClosed: () => void): void => {
  living.add(channel);
  channel.onClosed(() => {
    afterMessages(() => {
      living.delete(channel);
      onClosed();
    });
  });
};

const wrapChannel = (channel: DataChannel, isClosed: () => boolean): DirectChannel => {
  const inbox = new ChannelInbox(isClosed);
  let onClose: (() => void) | undefined;
  channel.onMessage((message) => {
    inbox.receive(typeof message === 'string' ? message : bytesOf(message));
  });
  channel.onError(() => undefined);
  keepUntilClosed(channel, () => onClose?.());
  return {
    label: channel.getLabel(),
    get bufferedBytes() {
      return channel.isOpen() ? channel.bufferedAmount() : 0;
    },
    send: (data) => {
      // The engine throws where the channel closes meanwhile, or the other side takes no message as large as this.
      try {
        if (!channel.isOpen()) return false;
        // What it returns is whether the message went out at once, and not into its buffer.
        if (typeof data === 'string') channel.sendMessage(data);
        else channel.sendMessageBinary(data);
        return true;
      } catch {
        return false;
      }
    },
    onMessage: (listener) => {
      inbox.listen(listener);
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

/** In libdatachannel's form. It takes IPv6 addresses with brackets in a URL, and without them as a host. */
const nativeIceServers = (servers: readonly IceServer[]): (string | NativeIceServer)[] =>
  readIceServers(servers).map((server) => {
    if (server.scheme === 'stun') return `stun:${server.hostname}:${String(server.port)}`;
    const { hostname, port, username, credential } = server;
    const overTcp = server.transport === 'tcp' ? 'TurnTcp' : 'TurnUdp';
    return {
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      username,
      password: credential,
      relayType: server.scheme === 'turns' ? 'TurnTls' : overTcp,
    };
  });

/** One native peer connection, fenced: it is given nothing that has not been read strictly and written anew. */
class NativeConnection implements OfferingConnection, AnsweringConnection {
  readonly #native: PeerConnection;
  readonly #handlers: DirectHandlers;
  #closed = false;
  #describe: ((sdp: string) => void) | undefined;
  #remoteMid = '0';
  /**
   * An offerer's own candidates, until the answer is in. libdatachannel compares the DTLS certificate with the
   * fingerprint on another thread than the one that stores it: an answerer that calls while the answer is being taken
   * would now and then be turned away. One that knows no candidate does not call.
   */
  #held: CandidatePayload[] | undefined;
  #remoteCandidates = 0;
  readonly #channels: DataChannel[] = [];

  constructor(
    library: Library,
    role: 'offerer' | 'answerer',
    iceServers: readonly IceServer[],
    handlers: DirectHandlers,
  ) {
    this.#handlers = handlers;
    this.#held = role === 'offerer' ? [] : undefined;
    this.#native = new library.PeerConnection('proxim', { iceServers: nativeIceServers(iceServers) });
    this.#native.onLocalDescription((sdp) => {
      this.#describe?.(sdp);
    });
    this.#native.onLocalCandidate((candidate, mid) => {
      const text = candidate.replace(/^a=/, '');
      this.#tell({ candidate: text, sdpMid: mid, sdpMLineIndex: 0, usernameFragment: null });
    });
    this.#native.onGatheringStateChange((state) => {
      if (state !== 'complete') return;
      this.#tell({ candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: null });
    });
    this.#native.onStateChange((state) => {
      const known = directStates[state];
      if (!known) return;
      const tell = (): void => {
        if (!this.#closed) handlers.onState(known);
      };
      if (known === 'connecting' || known === 'connected') tell();
      else afterMessages(tell);
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
    // What fails here throws in the engine at once; whoever calls waits for a promise.
    return new Promise((resolve) => {
      this.#setRemote(this.#read(sdp, 'answer'), 'answer');
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const candidate of held) this.#tell(candidate);
      resolve();
    });
  }

  async acceptOffer(sdp: string): Promise<string> {
    const description = this.#read(sdp, 'offer');
    const answer = this.#nextDescription();
    this.#setRemote(description, 'offer');
    return answer;
  }

  addCandidate({ candidate }: CandidatePayload): void {
    if (this.#closed || candidate === '' || this.#remoteCandidates >= maxRemoteCandidates) return;
    const verdict = judgeCandidate(candidate);
    if (verdict.kind !== 'use') return;
    this.#remoteCandidates += 1;
    try {
      this.#native.addRemoteCandidate(verdict.candidate, this.#remoteMid);
    } catch {
      // The engine has given the connection up: its state says so, and one candidate more would not help.
    }
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
    const closed = new Promise<void>((resolve) => {
      setTimeout(() => {
        const closeChannels = (): void => {
          for (const channel of this.#channels) channel.close();
        };
        inQuietTurn(() => {
          this.#native.close();
          resolve();
        }, closeChannels);
      }, goodbyeMs);
    }).then(() => {
      closing.delete(closed);
    });
    closing.add(closed);
  }

  #tell(candidate: CandidatePayload): void {
    if (this.#closed) return;
    if (this.#held) this.#held.push(candidate);
    else this.#handlers.onCandidate(candidate);
  }

  #announce(channel: DataChannel): void {
    if (this.#closed || this.#channels.length >= maxChannels) {
      // One that is closed with a thousand messages unread would hold the engine's thread for ever.
      channel.onMessage(() => undefined);
      keepUntilClosed(channel, () => undefined);
      channel.close();
      if (!this.#closed) this.#handlers.onState('failed');
      return;
    }
    this.#channels.push(channel);
    const wrapped = wrapChannel(channel, () => this.#closed);
    const open = (): void => {
      if (!this.#closed) this.#handlers.onChannel(wrapped);
    };
    if (channel.isOpen()) open();
    else channel.onOpen(open);
  }

  #read(sdp: string, type: 'offer' | 'answer'): DataChannelDescription {
    const read = readDescription(sdp, type);
    if (!read.ok) throw new ProximError('bad_description', `The description is refused: ${read.error}.`);
    return read.value;
  }

  #setRemote(description: DataChannelDescription, type: 'offer' | 'answer'): void {
    if (this.#closed) throw new ProximError('bad_description', 'The connection is closed.');
    this.#remoteMid = description.mid;
    try {
      this.#native.setRemoteDescription(writeDescription(description), type === 'offer' ? 'offer' : 'answer');
    } catch (cause) {
      throw new ProximError('bad_description', 'The engine refuses the description.', { cause });
    }
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
  isLoaded = false;
  const library = await import('node-datachannel');
  // Connections that were closed just now.
  await Promise.all(closing);
  library.cleanup();
};

let isLoaded = false;
/** Connections that are about to be closed. */
const closing = new Set<Promise<void>>();

/** Loads libdatachannel, the WebRTC engine for Node. The first load takes tens of milliseconds. */
export const loadNodeRtcEngine = async (): Promise<RtcEngine> => {
  const library = await import('node-datachannel');
  isLoaded = true;
  return {
    offer: ({ iceServers, channels, handlers }) => {
      const connection = new NativeConnection(library, 'offerer', iceServers, handlers);
      connection.addChannels(channels);
      return connection;
    },
    answer: ({ iceServers, handlers }) => new NativeConnection(library, 'answerer', iceServers, handlers),
  };
};
