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

/** The secret of a session's phone, and whether the phone has said that it keeps it. */
export interface DeviceSecret {
  /** `d`: 32 bytes. */
  readonly secret: Uint8Array;
  readonly isKept: boolean;
}

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
  readonly #onDeviceSecret: () => void;
  #device: { readonly secret: Uint8Array; readonly key: AuthKey; kept: boolean } | undefined;

  /**
   * @param options `known`: the device secret of an earlier run; `onDeviceSecret`: there is one, or the phone keeps it:
   * called before anybody else is told
   */
  constructor(
    sessionID: SessionID,
    linkSecret: Uint8Array,
    options: { readonly known?: DeviceSecret | undefined; readonly onDeviceSecret?: () => void } = {},
  ) {
    const { known, onDeviceSecret = () => undefined } = options;
    this.#onDeviceSecret = onDeviceSecret;
    this.#sessionID = sessionID;
    this.linkSecret = linkSecret;
    this.#linkKey = deriveAuthKey(sessionID, { linkSecret });
    if (known) this.#device = { secret: known.secret, key: this.#keyOf(known.secret), kept: known.isKept };
  }

  /** What has to be kept of the device secret; undefined until it is made. */
  get deviceSecret(): DeviceSecret | undefined {
    return this.#device && { secret: this.#device.secret, isKept: this.#device.kept };
  }

  /** The device secret to hand over, made at the first call; undefined once the phone has said that it keeps it. */
  secretToHandOver(makeSecret: () => Uint8Array): Uint8Array | undefined {
    if (!this.#device) {
      const secret = makeSecret();
      this.#device = { secret, key: this.#keyOf(secret), kept: false };
      this.#onDeviceSecret();
    }
    return this.#device.kept ? undefined : this.#device.secret;
  }

  /** The phone keeps the device secret: from here on the QR code alone opens nothing. */
  deviceSecretKept(): void {
    if (!this.#device || this.#device.kept) return;
    this.#device.kept = true;
    this.#onDeviceSecret();
  }

  /** The user let a phone in that does not hold the device secret: whoever does is not that phone any more. */
  forgetDeviceSecret(): void {
    this.#device = undefined;
  }

  judgePairRequest(deviceInfo: DeviceInfo, auth: string | undefined): Judgement {
    return this.#judge(auth, (key) => authOfPairRequest(key, deviceInfo));
  }

  judgeOffer(sdp: string, auth: string | undefined): Judgement {
    return this.#judge(auth, (key) => authOfOffer(key, sdp));
  }

  #keyOf(deviceSecret: Uint8Array): AuthKey {
    return deriveAuthKey(this.#sessionID, { linkSecret: this.linkSecret, deviceSecret });
  }

  #judge(auth: string | undefined, expected: (key: AuthKey) => string): Judgement {
    if (auth === undefined) return { verdict: 'missing', key: undefined, knowsDeviceSecret: false };
    if (this.#device && judgeAuth(expected(this.#device.key), auth) === 'right') {
      this.deviceSecretKept();
      return { verdict: 'right', key: this.#device.key, knowsDeviceSecret: true };
    }
    const linkKeyCounts = !this.#device?.kept;
    if (linkKeyCounts && judgeAuth(expected(this.#linkKey), auth) === 'right') {
      return { verdict: 'right', key: this.#linkKey, knowsDeviceSecret: false };
    }
    return { verdict: 'wrong', key: undefined, knowsDeviceSecret: false };
  }
}
