import {
  type ConnectionID,
  openSession,
  parseClientMessage,
  type PromptID,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type SessionTimer,
  transition,
} from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import { rules } from './scene.js';

/**
 * Plays a transcript of one session. Its lines:
 *
 * - `# ` says something to the reader.
 * - `> NAME {…}` a frame comes in on the connection of that name; `> NAME left` and `> NAME lost` end it;
 *   `> time 40 s` lets time pass; `> server stops` shuts the server down.
 * - `< NAME {…}` a frame goes out; `< NAME closed 4000`; `< timer NAME …` starts or stops; `< forgotten`.
 * - `= ` the state after all that.
 *
 * @returns the transcript as it should read: the same comments and inputs, with what came of them.
 */
export const play = (transcript: string): string => {
  const stage = new Stage();
  const written: string[] = [];
  for (const line of transcript.split('\n')) {
    if (line.startsWith('< ') || line.startsWith('= ')) continue;
    written.push(line);
    if (line.startsWith('> ')) written.push(...stage.perform(line.slice(2)));
  }
  return written.join('\n');
};

class Stage {
  readonly #clock = new ManualClock();
  readonly #timers = new Map<SessionTimer, { cancel(): void }>();
  readonly #asked = new Set<string>();
  #state: SessionState | undefined;
  #prompts = 0;
  #out: string[] = [];

  perform(line: string): readonly string[] {
    this.#out = [];
    const space = line.indexOf(' ');
    const [name, rest] = [line.slice(0, space), line.slice(space + 1)];
    if (name === 'time') this.#clock.advance(Number.parseFloat(rest) * 1000);
    else if (name === 'server') this.#happens({ type: 'server_stopping', reconnectAfterSeconds: 2 });
    else if (rest === 'left' || rest === 'lost') {
      this.#happens({ type: 'connection_ended', now: this.#clock.now(), connection: name as ConnectionID, end: rest });
    } else this.#receive(name as ConnectionID, rest);
    return [...this.#out, `= ${describeState(this.#state)}`];
  }

  #receive(connection: ConnectionID, frame: string): void {
    const parsed = parseClientMessage(frame);
    if (!parsed.ok) {
      this.#out.push(`< ${connection} ${JSON.stringify({ type: 'error', ...parsed.error })}`);
      return;
    }
    const message = parsed.value;
    const now = this.#clock.now();
    switch (message.type) {
      case 'ping':
        this.#out.push(`< ${connection} {"type":"pong"}`);
        break;
      case 'session_create': {
        if (this.#state && this.#state.status !== 'closed') {
          this.#happens({ type: 'desktop_returned', now, connection, token: message.peerToken });
          break;
        }
        const { sessionID, uuid, sessionType = 'temporary', peerToken = null, ttlSeconds } = message;
        const facts = { sessionID, uuid, sessionType, desktopToken: peerToken };
        const opened = openSession({ now, connection, facts, ttlSeconds }, rules);
        this.#state = opened.state;
        this.#carryOut(opened.effects, frame);
        break;
      }
      case 'pair_request': {
        this.#prompts += 1;
        this.#asked.add(connection);
        const { peerToken: token, auth } = message;
        const deviceInfo = { name: message.deviceInfo.name, id: message.deviceInfo.id };
        const promptID = `prompt-${this.#prompts}` as PromptID;
        this.#happens({ type: 'pair_requested', now, connection, token, deviceInfo, auth, limited: false, promptID });
        break;
      }
      case 'pair_response': {
        const { approved, promptID, reason } = message;
        this.#happens({ type: 'pair_responded', now, connection, approved, promptID, reason });
        break;
      }
      case 'signal':
        this.#happens({ type: 'signal_sent', connection, asked: this.#asked.has(connection) }, frame);
        break;
      case 'session_close':
        this.#happens({ type: 'close_requested', connection });
        break;
      default:
        message satisfies never;
    }
  }

  #happens(event: SessionEvent, frame = ''): void {
    if (!this.#state) throw new Error('a transcript begins with session_create');
    const { state, effects } = transition(this.#state, event, rules);
    this.#state = state;
    this.#carryOut(effects, frame);
  }

  #carryOut(effects: readonly SessionEffect[], frame: string): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#out.push(`< ${effect.to} ${JSON.stringify(effect.message)}`);
          break;
        case 'relay':
          this.#out.push(`< ${effect.to} ${frame}`);
          break;
        case 'replace':
          this.#out.push(`< ${effect.connection} closed 4000`);
          break;
        case 'seat':
          break;
        case 'start_timer': {
          const { timer, generation, seconds } = effect;
          this.#out.push(`< timer ${timer} ${seconds} s`);
          const running = this.#clock.setTimer(seconds * 1000, () => {
            this.#out.push(`< timer ${timer} over`);
            this.#happens({ type: 'timer_fired', timer, generation });
          });
          this.#timers.set(timer, running);
          break;
        }
        case 'stop_timer':
          this.#out.push(`< timer ${effect.timer} off`);
          this.#timers.get(effect.timer)?.cancel();
          break;
        case 'forget':
          this.#out.push(`< forgotten`);
          break;
        default:
          effect satisfies never;
      }
    }
  }
}

const describeState = (state: SessionState | undefined): string => {
  if (!state) return 'no session';
  if (state.status === 'closed') return `closed: ${state.reason}`;
  const parts: string[] = [state.status];
  if (state.desktop.presence === 'away') parts.push('desktop away');
  if (state.status !== 'open' && state.mobile.presence !== 'present') parts.push(`mobile ${state.mobile.presence}`);
  if (state.status !== 'paired' && state.attempts > 0) parts.push(`attempts ${state.attempts}`);
  return parts.join(', ');
};
