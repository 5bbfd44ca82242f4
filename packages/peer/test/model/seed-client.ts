import { type DeviceInfo, parseServerMessage, readSignal, type ServerMessage, type SessionID } from '@proxim/protocol';

import type { DirectChannel, PeerEnvironment } from '../../src/index.js';
import type { OfferingConnection } from '../../src/common/rtc-engine.js';
import type { WebSocketHandle } from '../../src/common/websocket-like.js';

/**
 * A phone of somebody else's making: asks once, offers once, proves nothing, keeps nothing, and gives up when it is lost.
 * An impatient one offers without waiting to be let in.
 */
export class SeedClient {
  readonly channels: DirectChannel[] = [];
  readonly #environment: PeerEnvironment;
  readonly #sessionID: SessionID;
  readonly #socket: WebSocketHandle;
  readonly #isImpatient: boolean;
  #connection: OfferingConnection | undefined;
  #status: 'asking' | 'looking' | 'connected' | 'ended' = 'asking';

  constructor(options: {
    readonly environment: PeerEnvironment;
    readonly sessionID: SessionID;
    readonly deviceInfo: DeviceInfo;
    readonly isImpatient: boolean;
  }) {
    const { environment, sessionID, deviceInfo, isImpatient } = options;
    this.#environment = environment;
    this.#sessionID = sessionID;
    this.#isImpatient = isImpatient;
    this.#socket = environment.openWebSocket('ws://relay', [], {
      onOpen: () => {
        this.#socket.send(JSON.stringify({ type: 'pair_request', sessionID, deviceInfo }));
        if (isImpatient) void this.#offer();
      },
      onText: (text) => {
        const parsed = parseServerMessage(text);
        if (parsed.ok) void this.#hear(parsed.value);
      },
      onClose: () => {
        this.#end();
      },
    });
  }

  get status(): 'asking' | 'looking' | 'connected' | 'ended' {
    return this.#status;
  }

  leave(): void {
    this.#socket.close(1000);
    this.#end();
  }

  async #hear(message: ServerMessage): Promise<void> {
    switch (message.type) {
      case 'pair_result':
        if (message.status === 'approved') await this.#offer();
        else this.leave();
        break;
      case 'signal':
        await this.#onSignal(message.payload);
        break;
      case 'session_closed':
        this.leave();
        break;
      case 'error':
        if (!this.#isImpatient || message.code !== 'not_paired') this.leave();
        break;
      case 'peer_state':
      case 'session_created':
      case 'pair_prompt':
      case 'pair_cancel':
      case 'pong':
        break;
      default:
        message satisfies never;
    }
  }

  async #offer(): Promise<void> {
    if (this.#status !== 'asking') return;
    this.#status = 'looking';
    const engine = await this.#environment.loadRtcEngine();
    this.#connection = engine.offer({
      iceServers: [],
      channels: [{ label: 'control', ordered: true }],
      handlers: {
        onCandidate: () => undefined,
        onState: (state) => {
          if (state === 'connected') this.#status = 'connected';
          else if (state === 'failed' || state === 'closed') this.leave();
        },
        onChannel: (channel) => {
          this.channels.push(channel);
        },
      },
    });
    const sdp = await this.#connection.createOffer();
    this.#socket.send(JSON.stringify({ type: 'signal', sessionID: this.#sessionID, payload: { sdp } }));
  }

  async #onSignal(payload: unknown): Promise<void> {
    const signal = readSignal(payload);
    if (signal.kind !== 'description') return;
    await this.#connection?.acceptAnswer(signal.sdp);
  }

  #end(): void {
    this.#status = 'ended';
    this.#connection?.close();
    this.#connection = undefined;
  }
}
