import {
  type AuthKey,
  authOfOffer,
  authOfPairRequest,
  type AuthVerdict,
  deriveAuthKey,
  type DeviceInfo,
  judgeAuth,
  type SessionID,
} from '@proxim/protocol';

/** Which of a session's keys an `auth` was made with. */
export interface Judgement {
  readonly verdict: AuthVerdict;
  /** The key that was right; the answer is made with the same one. */
  readonly key: AuthKey | undefined;
  /** Whether that key rests on the device secret: then a photo of the QR code was not enough to make it. */
  readonly knowsDeviceSecret: boolean;
}

/**
 * The desktop's secrets of one session. Until a device secret is handed over, the link's secret alone decides. Once the
 * phone has acknowledged it, only both together do; in between either may come, since the acknowledgement can be lost.
 */
export class SessionKeys {
  readonly linkSecret: Uint8Array;
  readonly #sessionID: SessionID;
  readonly #linkKey: AuthKey;
  #device: { readonly secret: Uint8Array; readonly key: AuthKey; kept: boolean } | undefined;

  constructor(sessionID: SessionID, linkSecret: Uint8Array) {
    this.#sessionID = sessionID;
    this.linkSecret = linkSecret;
    this.#linkKey = deriveAuthKey(sessionID, { linkSecret });
  }

  /** The device secret to hand over, made at the first call; undefined once the phone has said that it keeps it. */
  secretToHandOver(makeSecret: () => Uint8Array): Uint8Array | undefined {
    if (!this.#device) {
      const secret = makeSecret();
      const key = deriveAuthKey(this.#sessionID, { linkSecret: this.linkSecret, deviceSecret: secret });
      this.#device = { secret, key, kept: false };
    }
    return this.#device.kept ? undefined : this.#device.secret;
  }

  /** The phone keeps the device secret: from here on the QR code alone opens nothing. */
  deviceSecretKept(): void {
    if (this.#device) this.#device.kept = true;
  }

  judgePairRequest(deviceInfo: DeviceInfo, auth: string | undefined): Judgement {
    return this.#judge(auth, (key) => authOfPairRequest(key, deviceInfo));
  }

  judgeOffer(sdp: string, auth: string | undefined): Judgement {
    return this.#judge(auth, (key) => authOfOffer(key, sdp));
  }

  #judge(auth: string | undefined, expected: (key: AuthKey) => string): Judgement {
    if (auth === undefined) return { verdict: 'missing', key: undefined, knowsDeviceSecret: false };
    if (this.#device && judgeAuth(expected(this.#device.key), auth) === 'right') {
      this.#device.kept = true;
      return { verdict: 'right', key: this.#device.key, knowsDeviceSecret: true };
    }
    const linkKeyCounts = !this.#device?.kept;
    if (linkKeyCounts && judgeAuth(expected(this.#linkKey), auth) === 'right') {
      return { verdict: 'right', key: this.#linkKey, knowsDeviceSecret: false };
    }
    return { verdict: 'wrong', key: undefined, knowsDeviceSecret: false };
  }
}
