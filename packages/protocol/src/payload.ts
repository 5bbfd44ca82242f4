/** An ICE candidate as W3C's `RTCIceCandidateInit` has it; `candidate: ''` is the end of the candidates. */
export interface CandidatePayload {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment: string | null;
}

/** Why a peer refused the other's description. A courtesy of the other side, never to be trusted. */
export const refusedCodes = ['auth_missing', 'auth_wrong', 'bad_description'] as const;
export type RefusedCode = (typeof refusedCodes)[number];

/** What our own peers put into a `signal`. */
export type PeerPayload =
  | { readonly sdp: string; readonly type: 'offer' | 'answer'; readonly auth?: string }
  | CandidatePayload
  | { readonly candidate: ''; readonly refused: RefusedCode };

/** What a `signal` says, whichever of the natural spellings its sender chose. */
export type Signal =
  | {
      readonly kind: 'description';
      /** Undefined where the sender did not say: then an sdp from the mobile is the offer. */
      readonly type: 'offer' | 'answer' | undefined;
      readonly sdp: string;
      readonly auth: string | undefined;
    }
  | { readonly kind: 'candidate'; readonly candidate: CandidatePayload }
  | { readonly kind: 'refused'; readonly code: RefusedCode }
  | { readonly kind: 'unreadable' };

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const stringOrUndefined = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const descriptionType = (value: unknown): 'offer' | 'answer' | undefined =>
  value === 'offer' || value === 'answer' ? value : undefined;

const endOfCandidates: CandidatePayload = {
  candidate: '',
  sdpMid: null,
  sdpMLineIndex: null,
  usernameFragment: null,
};

/**
 * Reads the payload of a `signal`.
 *
 * `sdp` may be the text or a whole `RTCSessionDescriptionInit`; `candidate` the text, a whole `RTCIceCandidateInit`,
 * `''` or null. An `RTCSessionDescription` laid out flat, and a candidate laid out flat, are read alike.
 */
export const readSignal = (payload: unknown): Signal => {
  if (!isObject(payload)) return { kind: 'unreadable' };
  if (payload['sdp'] !== undefined && payload['sdp'] !== null) return readDescription(payload);
  return 'candidate' in payload ? readCandidate(payload) : { kind: 'unreadable' };
};

const readDescription = (payload: Fields): Signal => {
  const { sdp } = payload;
  const auth = stringOrUndefined(payload['auth']);
  if (typeof sdp === 'string') {
    return { kind: 'description', type: descriptionType(payload['type']), sdp, auth };
  }
  if (isObject(sdp) && typeof sdp['sdp'] === 'string') {
    const type = descriptionType(sdp['type']) ?? descriptionType(payload['type']);
    return { kind: 'description', type, sdp: sdp['sdp'], auth: auth ?? stringOrUndefined(sdp['auth']) };
  }
  return { kind: 'unreadable' };
};

const readCandidate = (payload: Fields): Signal => {
  const refused = refusedCodes.find((code) => code === payload['refused']);
  if (refused) return { kind: 'refused', code: refused };
  const { candidate } = payload;
  if (candidate === null || candidate === '') return { kind: 'candidate', candidate: endOfCandidates };
  const source = typeof candidate === 'string' ? payload : candidate;
  if (!isObject(source)) return { kind: 'unreadable' };
  if (source['candidate'] === null || source['candidate'] === '') {
    return { kind: 'candidate', candidate: endOfCandidates };
  }
  if (typeof source['candidate'] !== 'string') return { kind: 'unreadable' };
  const line = source['sdpMLineIndex'];
  return {
    kind: 'candidate',
    candidate: {
      candidate: source['candidate'],
      sdpMid: stringOrUndefined(source['sdpMid']) ?? null,
      sdpMLineIndex: typeof line === 'number' && Number.isInteger(line) && line >= 0 ? line : null,
      usernameFragment: stringOrUndefined(source['usernameFragment']) ?? null,
    },
  };
};
