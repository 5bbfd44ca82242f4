import {
  type ConnectionID,
  openSession,
  type PeerToken,
  type PromptID,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type SessionTimer,
  type SessionType,
  transition,
} from '@proxim/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { facts, galaxy, rules } from './scene.js';

/** Somebody who takes part: a desktop or a phone, with its token and the one connection that it has at a time. */
interface Actor {
  readonly name: string;
  readonly role: 'desktop' | 'mobile';
  readonly token: PeerToken | undefined;
  connection: ConnectionID | undefined;
}

type Step =
  | { readonly do: 'request'; readonly phone: number; readonly limited: boolean; readonly anew: boolean }
  | {
      readonly do: 'respond';
      readonly approved: boolean;
      readonly prompt: 'none' | 'right' | 'wrong';
      readonly reason: boolean;
    }
  | { readonly do: 'signal'; readonly who: number }
  | { readonly do: 'end'; readonly who: number; readonly how: 'left' | 'lost' }
  | { readonly do: 'return'; readonly anew: boolean; readonly asStranger: boolean }
  | { readonly do: 'close'; readonly who: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'stop' };

const phones = 4;
/** True once in `n` times. */
const rarely = (n: number): fc.Arbitrary<boolean> => fc.nat(n - 1).map((value) => value === 0);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      phone: fc.nat(phones - 1),
      limited: rarely(8),
      anew: fc.boolean(),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('respond' as const),
      approved: rarely(8),
      prompt: fc.constantFrom('none' as const, 'right' as const, 'wrong' as const),
      reason: rarely(3),
    }),
  },
  { weight: 20, arbitrary: fc.record({ do: fc.constant('signal' as const), who: fc.nat(phones) }) },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      who: fc.nat(phones),
      how: rarely(3).map((left) => (left ? ('left' as const) : ('lost' as const))),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({ do: fc.constant('return' as const), anew: fc.boolean(), asStranger: rarely(5) }),
  },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(5000), fc.nat(100_000), fc.constant(40_000), fc.nat(900_000)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const), who: fc.nat(phones) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'stop' as const }) },
);

/**
 * A world of one session: carries out what the transitions ask for as the server would, and checks after each event
 * what must always hold.
 */
class World {
  state: SessionState;
  #now = 0;
  #count = 0;
  #forgotten = 0;
  readonly #desktop: Actor;
  readonly #phones: readonly Actor[];
  readonly #running = new Map<SessionTimer, { readonly generation: number; readonly at: number }>();
  readonly #generations = new Set<number>();
  /** The phone that the session was paired with: from then on it is the only one. */
  #pairedWith: Actor | undefined;
  #prompts = new Set<PromptID>();

  constructor(desktopCanReturn: boolean, phonesWithToken: readonly boolean[], sessionType: SessionType) {
    const token = (letter: string): PeerToken => letter.repeat(22) as PeerToken;
    this.#desktop = {
      name: 'desktop',
      role: 'desktop',
      token: desktopCanReturn ? token('D') : undefined,
      connection: this.#newConnection('desktop'),
    };
    this.#phones = phonesWithToken.map((has, index) => ({
      name: `phone ${index}`,
      role: 'mobile',
      token: has ? token(String(index)) : undefined,
      connection: undefined,
    }));
    const opened = openSession(
      {
        now: 0,
        connection: this.#desktop.connection!,
        facts: { ...facts, sessionType, desktopToken: this.#desktop.token ?? null },
        ttlSeconds: undefined,
      },
      rules,
    );
    this.state = opened.state;
    for (const effect of opened.effects) this.#carryOut(effect, undefined);
  }

  #newConnection(of: string): ConnectionID {
    this.#count += 1;
    return `${of} #${this.#count}` as ConnectionID;
  }

  #actor(who: number): Actor {
    return who === 0 ? this.#desktop : this.#phones[who - 1]!;
  }

  #actorOf(connection: ConnectionID): Actor | undefined {
    return [this.#desktop, ...this.#phones].find((actor) => actor.connection === connection);
  }

  perform(step: Step): void {
    switch (step.do) {
      case 'request': {
        const phone = this.#phones[step.phone]!;
        // A phone that comes back over a new socket may do so before the server knows that the old one is gone.
        const isNew = step.anew || phone.connection === undefined;
        const connection = isNew ? this.#newConnection(phone.name) : phone.connection!;
        const old = phone.connection;
        phone.connection = connection;
        this.#happens({
          type: 'pair_requested',
          now: this.#now,
          connection,
          token: phone.token,
          deviceInfo: { ...galaxy, id: phone.name },
          auth: undefined,
          limited: step.limited,
          promptID: `prompt ${this.#count++}` as PromptID,
        });
        if (old !== undefined && old !== connection) this.#ends(old, 'lost');
        break;
      }
      case 'respond': {
        const { connection } = this.#desktop;
        if (connection === undefined) return;
        const open = this.state.status === 'prompting' ? this.state.prompt.promptID : undefined;
        const promptID = step.prompt === 'none' ? undefined : step.prompt === 'right' ? open : ('wrong' as PromptID);
        const reason = step.reason ? 'unverified' : undefined;
        this.#happens({
          type: 'pair_responded',
          now: this.#now,
          connection,
          approved: step.approved,
          promptID,
          reason,
        });
        break;
      }
      case 'signal': {
        const { connection } = this.#actor(step.who);
        if (connection !== undefined) this.#happens({ type: 'signal_sent', connection, asked: true });
        break;
      }
      case 'end': {
        const actor = this.#actor(step.who);
        const { connection } = actor;
        if (connection === undefined) return;
        actor.connection = undefined;
        this.#ends(connection, step.how);
        break;
      }
      case 'return': {
        if (step.asStranger) {
          const connection = this.#newConnection('stranger');
          this.#happens({ type: 'desktop_returned', now: this.#now, connection, token: 'X'.repeat(22) as PeerToken });
          return;
        }
        const old = this.#desktop.connection;
        const connection = step.anew || old === undefined ? this.#newConnection('desktop') : old;
        this.#desktop.connection = connection;
        this.#happens({ type: 'desktop_returned', now: this.#now, connection, token: this.#desktop.token });
        if (old !== undefined && old !== connection) this.#ends(old, 'lost');
        break;
      }
      case 'close': {
        const { connection } = this.#actor(step.who);
        if (connection !== undefined) this.#happens({ type: 'close_requested', connection });
        break;
      }
      case 'wait':
        this.wait(step.ms);
        break;
      case 'stop':
        this.#happens({ type: 'server_stopping', reconnectAfterSeconds: 1 });
        break;
      default:
        step satisfies never;
    }
  }

  /** Lets time pass: each timer fires at its moment. */
  wait(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#running].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!next) break;
      const [timer, { generation, at }] = next;
      this.#running.delete(timer);
      this.#now = at;
      this.#happens({ type: 'timer_fired', timer, generation });
    }
    this.#now = end;
  }

  /** Brings the session to its end by the means that each kind has: time, or its desktop going. */
  finish(): void {
    this.wait(1_000_000);
    if (this.state.status === 'closed') return;
    this.#happens({ type: 'server_stopping', reconnectAfterSeconds: 1 });
  }

  /** The state, or why it ended. */
  get where(): string {
    return this.state.status === 'closed' ? this.state.reason : this.state.status;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  #ends(connection: ConnectionID, end: 'left' | 'lost'): void {
    this.#happens({ type: 'connection_ended', now: this.#now, connection, end });
  }

  #happens(event: SessionEvent): void {
    const before = this.state;
    const { state, effects } = transition(before, event, rules);
    this.state = state;
    for (const effect of effects) this.#carryOut(effect, event);

    if (before.status === 'closed') {
      expect(state).toBe(before);
      expect(effects).toEqual([]);
    }
    if (before.status === 'paired') expect(['paired', 'closed']).toContain(state.status);
    if (state.status === 'paired') this.#checkPairing(before, state);
    if (state.status === 'closed') {
      expect(this.#running.size).toBe(0);
      expect(this.#forgotten).toBe(1);
    } else {
      expect(this.#forgotten).toBe(0);
      this.#checkTimers(state);
    }
    this.#checkRelays(before, event, effects);
    this.#checkPrompts(before, event, state, effects);
  }

  #checkPairing(before: SessionState, state: Extract<SessionState, { status: 'paired' }>): void {
    if (before.status === 'prompting') {
      expect(this.#pairedWith).toBeUndefined();
      this.#pairedWith = this.#phones.find((phone) => phone.name === before.prompt.deviceInfo.id);
    }
    expect(state.mobile.token).toBe(this.#pairedWith?.token ?? null);
    if (state.mobile.presence === 'present') expect(state.mobile.connection).toContain(this.#pairedWith?.name);
  }

  #checkTimers(state: Exclude<SessionState, { status: 'closed' }>): void {
    const expected: [SessionTimer, number][] = [];
    if (state.expiry) expected.push(['expiry', state.expiry.timer]);
    if (state.desktop.presence === 'away') expected.push(['grace', state.desktop.timer]);
    if (state.status === 'prompting') expected.push(['prompt', state.prompt.timer]);
    const running = [...this.#running].map(([timer, { generation }]) => [timer, generation]);
    expect(running.sort()).toEqual(expected.sort());
  }

  #checkRelays(before: SessionState, event: SessionEvent, effects: readonly SessionEffect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'relay') continue;
      expect(event.type).toBe('signal_sent');
      expect(before.status).toBe('paired');
      if (event.type !== 'signal_sent') continue;
      const between = [this.#actorOf(event.connection), this.#actorOf(effect.to)];
      expect(between).toContain(this.#desktop);
      expect(between).toContain(this.#pairedWith);
    }
  }

  #checkPrompts(
    before: SessionState,
    event: SessionEvent,
    state: SessionState,
    effects: readonly SessionEffect[],
  ): void {
    const sent = effects.filter((effect) => effect.type === 'send');
    for (const { to, message } of sent) {
      if (message.type === 'pair_prompt') {
        expect(state.status === 'prompting' && state.prompt.promptID).toBe(message.promptID);
        expect(this.#actorOf(to)).toBe(this.#desktop);
        // A question is new only because a phone asked; else it is the old one, told again.
        const isNew = !this.#prompts.has(message.promptID!);
        expect(isNew).toBe(event.type === 'pair_requested');
        this.#prompts.add(message.promptID!);
      }
      if (message.type === 'pair_result' && message.status === 'approved') {
        expect(this.#actorOf(to)).toBe(this.#pairedWith);
      }
    }
    if (before.status !== 'prompting' || state.status === 'prompting') return;
    // The prompt is over: whoever is there to be told is told, each exactly once.
    const { mobile, desktop, prompt } = before;
    const isGone = event.type === 'connection_ended';
    const waits = mobile.presence === 'present' && !(isGone && mobile.connection === event.connection);
    const results = sent.filter(({ message }) => message.type === 'pair_result');
    expect(results.map(({ to }) => to)).toEqual(waits ? [mobile.connection] : []);
    const asks = desktop.presence === 'present' && !(isGone && desktop.connection === event.connection);
    if (!asks || event.type === 'pair_responded') return;
    const ends = sent.filter(
      ({ to, message }) =>
        to === desktop.connection &&
        ((message.type === 'pair_cancel' && message.promptID === prompt.promptID) || message.type === 'session_closed'),
    );
    expect(ends.length).toBeGreaterThan(0);
  }

  #carryOut(effect: SessionEffect, event: SessionEvent | undefined): void {
    expect(this.#forgotten).toBe(0);
    switch (effect.type) {
      case 'send':
      case 'relay':
        // Nothing is ever said to a connection that is known to be gone.
        if (event?.type === 'connection_ended') expect(effect.to).not.toBe(event.connection);
        expect(this.#actorOf(effect.to)?.name ?? 'stranger').toBe(effect.to.split(' #')[0]);
        break;
      case 'seat':
        if (effect.role === 'mobile' && this.#pairedWith)
          expect(this.#actorOf(effect.connection)).toBe(this.#pairedWith);
        expect(event && 'connection' in event ? event.connection : effect.connection).toBe(effect.connection);
        break;
      case 'replace':
        expect(event && 'connection' in event && event.connection).not.toBe(effect.connection);
        break;
      case 'start_timer':
        expect(this.#running.has(effect.timer)).toBe(false);
        expect(this.#generations.has(effect.generation)).toBe(false);
        this.#generations.add(effect.generation);
        this.#running.set(effect.timer, { generation: effect.generation, at: this.#now + effect.seconds * 1000 });
        break;
      case 'stop_timer':
        expect(this.#running.get(effect.timer)?.generation).toBe(effect.generation);
        this.#running.delete(effect.timer);
        break;
      case 'forget':
        this.#forgotten += 1;
        break;
      default:
        effect satisfies never;
    }
  }
}

describe('whatever happens to a session', () => {
  it('[PA12] [SG3] [SC8] [PA7] one phone, no relay before approval, balanced timers, an end that lasts', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.boolean(), { minLength: phones, maxLength: phones }),
        fc.constantFrom<SessionType>('temporary', 'one_time', 'persistent'),
        fc.array(step, { maxLength: 40, size: 'max' }),
        (desktopCanReturn, phonesWithToken, sessionType, steps) => {
          const world = new World(desktopCanReturn, phonesWithToken, sessionType);
          for (const each of steps) {
            world.perform(each);
            reached.add(world.where);
          }
          world.finish();
          reached.add(world.where);
          expect(world.state.status).toBe('closed');
          expect(world.forgotten).toBe(1);
        },
      ),
      { numRuns: 2000 },
    );
    // The walks went everywhere.
    expect([...reached].sort()).toEqual([
      'closed_by_desktop',
      'desktop_lost',
      'expired',
      'open',
      'paired',
      'prompting',
      'server_shutdown',
      'too_many_attempts',
    ]);
  });
});
