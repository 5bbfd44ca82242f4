/** What travels on the `screen` data channel, as TypeBox schemas. Loaded by the build and the documentation alone. */
import { Type, type TProperties } from 'typebox';

/** Which of the phone's wishes to see the screen is meant: it numbers them, and what is said of an older one is late. */
const share = Type.Integer({ minimum: 1, maximum: 4_294_967_295 });
const pixels = Type.Integer({ minimum: 160, maximum: 8192 });
const message = <const T extends string, P extends TProperties>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), share, ...properties });

/**
 * A browser's description of one video: printable ASCII in lines. What it means is for the two browsers, which read the
 * descriptions of strangers all day; nothing in between does.
 */
const sdp = Type.String({ pattern: '^v=0\\r?\\n[\\x20-\\x7e\\r\\n]{1,16000}$' });
/** An empty candidate is the end of the candidates, as in W3C's `RTCIceCandidateInit`. */
const candidate = {
  candidate: Type.String({ pattern: '^(?:candidate:[\\x20-\\x7e]{1,500})?$' }),
  sdpMid: Type.Union([Type.String({ pattern: '^[A-Za-z0-9_-]{1,16}$' }), Type.Null()]),
  sdpMLineIndex: Type.Union([Type.Integer({ minimum: 0, maximum: 15 }), Type.Null()]),
};
const shortText = Type.String({ pattern: '^[\\x21-\\x7e]{1,512}$' });

/** What the phone may send. */
export const screenPhoneSchemas = {
  screen_ask: message('screen_ask', {
    /** The largest picture that is of use to it, in pixels. */
    maxWidth: Type.Optional(pixels),
    maxHeight: Type.Optional(pixels),
  }),
  screen_answer: message('screen_answer', { sdp }),
  screen_candidate: message('screen_candidate', candidate),
  screen_stop: message('screen_stop', {}),
};

/** What the desktop sends. */
export const screenDesktopSchemas = {
  screen_state: message('screen_state', {
    state: Type.Union([
      Type.Literal('asked'),
      Type.Literal('sharing'),
      Type.Literal('stopped'),
      Type.Literal('refused'),
    ]),
    /** Of `stopped` and `refused`: why. */
    reason: Type.Optional(Type.String({ pattern: '^[a-z_]{1,64}$' })),
  }),
  screen_offer: message('screen_offer', {
    sdp,
    /** STUN and TURN servers, as the session has them. */
    iceServers: Type.Optional(
      Type.Array(
        Type.Object({
          urls: Type.Union([shortText, Type.Array(shortText, { maxItems: 8 })]),
          username: Type.Optional(shortText),
          credential: Type.Optional(shortText),
        }),
        { maxItems: 8 },
      ),
    ),
  }),
  screen_candidate: message('screen_candidate', candidate),
};
