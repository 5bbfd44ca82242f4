import type { Random } from '../random.js';

/** Names that one sequence of messages uses again and again, so that they meet. */
export interface Names {
  readonly sessions: readonly string[];
  readonly tokens: readonly string[];
  /** Grows with what a server has asked. */
  readonly prompts: readonly string[];
}

export const someNames: Names = {
  sessions: ['session-1', 'session-2', 'Abc_-9'],
  tokens: ['a'.repeat(22), 'b'.repeat(22)],
  prompts: ['prompt-1'],
};

const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';
const maybe = (random: Random, fields: object): object => (random.once(2) ? fields : {});

/** A payload as any peer may spell it. */
export const anyPayload = (random: Random): object => {
  const text = random.pick(['v=0\r\n', '', 'candidate:1 1 UDP 1 127.0.0.1 9 typ host']);
  switch (random.int(6)) {
    case 0:
      return { sdp: text, type: random.pick(['offer', 'answer', 'rollback']), ...maybe(random, { auth: 'x' }) };
    case 1:
      return { sdp: { sdp: text, type: 'offer', auth: 'y' }, type: 'answer' };
    case 2:
      return { candidate: text, sdpMid: '0', sdpMLineIndex: random.int(3) - 1, usernameFragment: 'u' };
    case 3:
      return { candidate: { candidate: text, sdpMid: null, sdpMLineIndex: 0.5 } };
    case 4:
      return { candidate: '', refused: random.pick(['auth_missing', 'auth_wrong', 'bad_description', 'other']) };
    default:
      return { candidate: null };
  }
};

/** A message that a client may send. */
export const clientMessage = (random: Random, names: Names): object => {
  const sessionID = random.pick(names.sessions);
  const peerToken = random.pick(names.tokens);
  switch (random.int(12)) {
    case 0:
    case 1:
      return {
        type: 'session_create',
        sessionID,
        uuid,
        ...maybe(random, { sessionType: random.pick(['one_time', 'temporary', 'persistent']) }),
        ...maybe(random, { ttlSeconds: 1 + random.int(1000) }),
        ...maybe(random, { peerToken }),
      };
    case 2:
      return { type: 'session_close', sessionID };
    case 3:
    case 4:
    case 5:
      return {
        type: 'pair_request',
        sessionID,
        deviceInfo: { name: 'Pixel', id: `device-${random.int(3)}` },
        ...maybe(random, { peerToken }),
        ...maybe(random, { auth: 'abc' }),
      };
    case 6:
    case 7:
      return {
        type: 'pair_response',
        sessionID,
        approved: !random.once(4),
        ...maybe(random, { promptID: random.pick(names.prompts) }),
        ...maybe(random, { reason: 'denied' }),
      };
    case 8:
      return { type: 'ping' };
    default:
      return { type: 'signal', sessionID, payload: anyPayload(random) };
  }
};

/** A message that a server may send. */
export const serverMessage = (random: Random): object => {
  const sessionID = 'session-1';
  const deviceInfo = { name: 'Pixel', id: 'device-1' };
  const iceServers = [{ urls: ['stun:127.0.0.1'] }, { urls: 'turn:127.0.0.1', username: 'u', credential: 'c' }];
  switch (random.int(9)) {
    case 0:
      return {
        type: 'session_created',
        sessionID,
        uuid,
        sessionType: 'temporary',
        expiresInSeconds: random.pick([null, 900, 0.5]),
        ...maybe(random, { resumed: true }),
        ...maybe(random, { iceServers }),
      };
    case 1:
      return { type: 'session_closed', sessionID, reason: 'expired', ...maybe(random, { reconnectAfterSeconds: 3 }) };
    case 2:
      return { type: 'pair_prompt', sessionID, deviceInfo, promptID: 'p', timeoutSeconds: 40, auth: 'x' };
    case 3:
      return { type: 'pair_cancel', sessionID, promptID: 'p', reason: 'left' };
    case 4:
      return { type: 'pair_result', sessionID, status: 'approved', expiresInSeconds: null, iceServers };
    case 5:
      return { type: 'signal', sessionID, payload: anyPayload(random) };
    case 6:
      return { type: 'peer_state', sessionID, state: random.pick(['connected', 'lost', 'left']) };
    case 7:
      return { type: 'pong' };
    default:
      return { type: 'error', code: 'bad_message', message: 'No.', replyTo: 'signal', sessionID };
  }
};

/** A message that a phone may send on the control channel. */
export const controlMessage = (random: Random): object => {
  switch (random.int(8)) {
    case 0:
      return { type: 'hello', version: 1, name: 'Pixel' };
    case 5: {
      const action = random.pick(['lock', 'sleep', 'restart', 'shut_down', 'format']);
      return { type: 'system', id: random.int(6), action };
    }
    case 6:
      return { type: 'system_cancel', id: random.int(6) };
    case 1: {
      const total = (): number => random.bits() | 0;
      const at = { sequence: random.bits(), x: total(), y: total(), scrollX: total(), scrollY: total() };
      return { type: 'button', button: random.pick(['left', 'middle', 'right', 'back']), pressed: random.once(2), at };
    }
    case 2:
      return { type: 'text', text: random.pick(['a', 'Grüße\n\t', '👩‍👩‍👧‍👦', 'x'.repeat(4096)]) };
    case 3:
    case 4: {
      const key = random.pick(['a', 'A', 'Shift', 'Unidentified', 'ä']);
      return { type: 'key', code: random.pick(['KeyA', 'Unidentified', 'ArrowLeft']), key, pressed: random.once(2) };
    }
    default:
      return { type: 'release_all' };
  }
};

/** A message that a phone may send on the channel of the clipboard. */
export const clipboardMessage = (random: Random): object => {
  const id = random.int(3);
  switch (random.int(6)) {
    case 0:
      return { type: 'clipboard_get', id };
    case 1:
      return { type: 'clipboard_arrived', id, parts: 1 + random.int(8) };
    default: {
      const of = 1 + random.int(3);
      const text = random.pick(['a', 'Grüße\n\t', '👩‍👩‍👧‍👦', 'x'.repeat(16_384), '你'.repeat(16_384)]);
      return { type: 'clipboard_set', id, index: random.int(of), of: random.once(5) ? 512 : of, text };
    }
  }
};

/** A message about the screen, from either side. */
export const screenMessage = (random: Random): object => {
  const share = random.pick([1, 1, 1, 2, 4_294_967_295]);
  const lines = random.pick(['', 's=-\r\n', 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\n', 'a=x\r\n'.repeat(2000)]);
  switch (random.int(8)) {
    case 0:
    case 1:
      return { type: 'screen_ask', share, ...maybe(random, { maxWidth: random.pick([160, 1920, 8192]) }) };
    case 2:
      return { type: 'screen_answer', share, sdp: `v=0\r\n${lines}` };
    case 3:
    case 4: {
      const candidate = random.pick(['', 'candidate:1 1 udp 1 192.0.2.1 9 typ host', 'candidate:x']);
      return { type: 'screen_candidate', share, candidate, sdpMid: random.pick(['0', null]), sdpMLineIndex: null };
    }
    case 5:
      return { type: 'screen_state', share, state: random.pick(['asked', 'stopped']), reason: 'declined' };
    case 6:
      return { type: 'screen_offer', share, sdp: `v=0\r\n${lines}`, iceServers: [{ urls: ['stun:192.0.2.1'] }] };
    default:
      return { type: 'screen_stop', share };
  }
};

/** A message of the peers' own channel. */
export const sessionMessage = (random: Random): object => {
  switch (random.int(5)) {
    case 0:
      return { type: random.pick(['alive', 'device_secret_kept', 'renew', 'asleep']) };
    case 1:
      return { type: 'session', sessionType: random.pick(['one_time', 'temporary', 'persistent', 'other']) };
    case 2:
      return { type: 'bye', reason: random.pick(['expired', 'left', 'server_shutdown', 'other']) };
    default:
      return { type: 'device_secret', d: random.bytes(random.pick([32, 32, 32, 31, 16, 0])).toString('base64url') };
  }
};
