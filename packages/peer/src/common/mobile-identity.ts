import { type AuthKey, authOfPairRequest, deriveAuthKey, type PairRequest } from '@proxim/protocol';

import type { MobilePeerOptions } from './mobile-peer-options.js';
import type { MobileMemory } from './mobile-state.js';
import { randomPeerToken } from './random-ids.js';

/** Who this phone is in its session: what it remembers, and how it proves that it read the code. */
export class MobileIdentity {
  readonly #options: Pick<MobilePeerOptions, 'link' | 'deviceInfo'>;
  #memory: MobileMemory;
  #key: AuthKey;

  constructor({ link, deviceInfo, memory, environment }: MobilePeerOptions) {
    this.#options = { link, deviceInfo };
    this.#memory = memory ?? {
      peerToken: randomPeerToken(environment.randomBytes),
      deviceSecret: undefined,
      wasApproved: false,
    };
    this.#key = this.#deriveKey();
  }

  get memory(): MobileMemory {
    return this.#memory;
  }

  /** What authenticates an offer made now. */
  get key(): AuthKey {
    return this.#key;
  }

  remember(change: Partial<MobileMemory>): MobileMemory {
    this.#memory = { ...this.#memory, ...change };
    this.#key = this.#deriveKey();
    return this.#memory;
  }

  makeRequest(): PairRequest {
    const { link, deviceInfo } = this.#options;
    return {
      type: 'pair_request',
      sessionID: link.sessionID,
      deviceInfo,
      peerToken: this.#memory.peerToken,
      auth: authOfPairRequest(this.#key, deviceInfo),
    };
  }

  #deriveKey(): AuthKey {
    const { sessionID, secret } = this.#options.link;
    return deriveAuthKey(sessionID, { linkSecret: secret, deviceSecret: this.#memory.deviceSecret });
  }
}
