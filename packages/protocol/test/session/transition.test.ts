import {
  type ConnectionID,
  type ErrorCode,
  openSession,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type SessionType,
  transition,
} from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import {
  away,
  closing,
  desktop,
  desktopAgain,
  ended,
  expiry,
  facts,
  fired,
  forget,
  galaxy,
  nextPromptID,
  now,
  open,
  paired,
  phone,
  phoneAgain,
  phoneToken,
  plainFacts,
  present,
  prompting,
  promptID,
  relay,
  replace,
  requested,
  responded,
  returned,
  rules,
  seat,
  send,
  signalled,
  start,
  stop,
  stopping,
  stranger,
  strangerToken,
  uuid,
} from './scene.js';

/** One cell of the table of a session's life: what an event makes of a state. */
interface Cell {
  readonly name: string;
  readonly state: SessionState;
  readonly event: SessionEvent;
  /** `same` where the event changes nothing. */
  readonly next: SessionState | 'same';
  readonly effects: readonly SessionEffect[];
}

const error = (to: ConnectionID, code: ErrorCode, replyTo: string): SessionEffect =>
  send(to, { type: 'error', code, message: expect.any(String) as string, replyTo });

const prompt = (to: ConnectionID, id = promptID, timeoutSeconds = 30): SessionEffect =>
  send(to, { type: 'pair_prompt', deviceInfo: galaxy, promptID: id, timeoutSeconds });

const rejected = (reason: string, to = phone): SessionEffect =>
  send(to, { type: 'pair_result', status: 'rejected', reason });

const ending = (to: ConnectionID, reason: string): SessionEffect => send(to, { type: 'session_closed', reason });

const created = (to: ConnectionID): SessionEffect =>
  send(to, { type: 'session_created', uuid, sessionType: 'temporary', expiresInSeconds: 800, resumed: true });

const cancelled = (reason: 'timeout' | 'mobile_left'): SessionEffect =>
  send(desktop, { type: 'pair_cancel', promptID, reason });

const backAgain = { presence: 'present', connection: desktopAgain } as const;
const lost = { presence: 'lost', token: phoneToken } as const;
const left = { presence: 'left', token: phoneToken } as const;
const newPhone = { connection: stranger, token: strangerToken } as const;

const freshPrompt = { promptID: nextPromptID, deviceInfo: galaxy, auth: undefined, expiresAt: 140_000, timer: 2 };

const check = ({ name, state, event, next, effects }: Cell): void => {
  it(name, () => {
    const before = structuredClone(state);
    const result = transition(state, event, rules);
    expect(result.state).toEqual(next === 'same' ? before : next);
    expect(result.effects).toEqual(effects);
    expect(state).toEqual(before);
  });
};

const closedBecause = (
  reason: 'expired' | 'closed_by_desktop' | 'desktop_lost' | 'server_shutdown' | 'too_many_attempts',
) => ({ status: 'closed', reason }) as const;

describe('pair_request of a new mobile', () => {
  (
    [
      {
        name: '[PA1] [PR1] opens a prompt in an open session and starts the 40 seconds',
        state: open(),
        event: requested({ auth: 'as it came' }),
        next: prompting({ prompt: { ...freshPrompt, auth: 'as it came' }, nextTimer: 3 }),
        effects: [
          seat(phone, 'mobile', false),
          start('prompt', 2, 40),
          send(desktop, {
            type: 'pair_prompt',
            deviceInfo: galaxy,
            promptID: nextPromptID,
            timeoutSeconds: 40,
            auth: 'as it came',
          }),
        ],
      },
      {
        name: '[PA1] [TR13] prompts for a mobile without a peerToken just the same',
        state: open({ attempts: 2 }),
        event: requested({ token: undefined }),
        next: prompting({ prompt: freshPrompt, nextTimer: 3, mobile: present(phone, null), attempts: 2 }),
        effects: [seat(phone, 'mobile', false), start('prompt', 2, 40), prompt(desktop, nextPromptID, 40)],
      },
      {
        name: '[PA2] answers peer_unavailable while the desktop of an open session is away',
        state: open({ desktop: away }),
        event: requested(),
        next: 'same',
        effects: [error(phone, 'peer_unavailable', 'pair_request')],
      },
      {
        name: '[PA3] refuses a second phone while a prompt is open',
        state: prompting(),
        event: requested(newPhone),
        next: 'same',
        effects: [error(stranger, 'session_busy', 'pair_request')],
      },
      {
        name: '[PA3] refuses a second phone while the waiting one is lost',
        state: prompting({ mobile: lost }),
        event: requested(newPhone),
        next: 'same',
        effects: [error(stranger, 'session_busy', 'pair_request')],
      },
      {
        name: '[PA3] refuses a second phone without a token while one without a token waits',
        state: prompting({ mobile: present(phone, null) }),
        event: requested({ connection: stranger, token: undefined }),
        next: 'same',
        effects: [error(stranger, 'session_busy', 'pair_request')],
      },
      {
        name: '[PA4] [PA12] refuses a second phone in a paired session',
        state: paired(),
        event: requested(newPhone),
        next: 'same',
        effects: [error(stranger, 'session_busy', 'pair_request')],
      },
      {
        name: '[PA4] [PA12] refuses a second phone although the paired one has left',
        state: paired({ mobile: left }),
        event: requested(newPhone),
        next: 'same',
        effects: [error(stranger, 'session_busy', 'pair_request')],
      },
      {
        name: '[PA4] refuses a phone without a token after the paired one without a token is gone',
        state: paired({ mobile: { presence: 'lost', token: null } }),
        event: requested({ connection: stranger, token: undefined }),
        next: 'same',
        effects: [error(stranger, 'session_busy', 'pair_request')],
      },
      {
        name: '[LI2] refuses a new phone whose address asks too often, in an open session',
        state: open(),
        event: requested({ limited: true }),
        next: 'same',
        effects: [error(phone, 'rate_limited', 'pair_request')],
      },
      {
        name: '[LI2] tells a new phone whose address asks too often nothing of a session that is busy',
        state: paired(),
        event: requested({ ...newPhone, limited: true }),
        next: 'same',
        effects: [error(stranger, 'rate_limited', 'pair_request')],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('pair_request with the peerToken of the mobile', () => {
  (
    [
      {
        name: '[PA11] [CL4] takes over the wait: the old socket is replaced, no second prompt',
        state: prompting(),
        event: requested({ connection: phoneAgain }),
        next: prompting({ mobile: present(phoneAgain) }),
        effects: [seat(phoneAgain, 'mobile', true), replace(phone)],
      },
      {
        name: '[PA11] takes over the wait after its socket was lost',
        state: prompting({ mobile: lost }),
        event: requested({ connection: phoneAgain }),
        next: prompting({ mobile: present(phoneAgain) }),
        effects: [seat(phoneAgain, 'mobile', true)],
      },
      {
        name: '[PA11] repeated over the same socket changes nothing',
        state: prompting(),
        event: requested(),
        next: prompting(),
        effects: [seat(phone, 'mobile', true)],
      },
      {
        name: '[PA11] [LI3] takes over the wait although its address asks too often',
        state: prompting(),
        event: requested({ connection: phoneAgain, limited: true }),
        next: prompting({ mobile: present(phoneAgain) }),
        effects: [seat(phoneAgain, 'mobile', true), replace(phone)],
      },
      {
        name: '[CB8] [MS14] resumes a paired session: approved for the phone, connected for the desktop, old socket replaced',
        state: paired(),
        event: requested({ connection: phoneAgain }),
        next: paired({ mobile: present(phoneAgain) }),
        effects: [
          seat(phoneAgain, 'mobile', true),
          replace(phone),
          send(phoneAgain, { type: 'pair_result', status: 'approved', resumed: true, expiresInSeconds: 800 }),
          send(desktop, { type: 'peer_state', state: 'connected' }),
        ],
      },
      {
        name: '[CB8] resumes a paired session after its socket was lost',
        state: paired({ mobile: lost }),
        event: requested({ connection: phoneAgain }),
        next: paired({ mobile: present(phoneAgain) }),
        effects: [
          seat(phoneAgain, 'mobile', true),
          send(phoneAgain, { type: 'pair_result', status: 'approved', resumed: true, expiresInSeconds: 800 }),
          send(desktop, { type: 'peer_state', state: 'connected' }),
        ],
      },
      {
        name: '[CB8] resumes a paired session that the phone had left',
        state: paired({ mobile: left, expiry: null }),
        event: requested({ connection: phoneAgain }),
        next: paired({ mobile: present(phoneAgain), expiry: null }),
        effects: [
          seat(phoneAgain, 'mobile', true),
          send(phoneAgain, { type: 'pair_result', status: 'approved', resumed: true, expiresInSeconds: null }),
          send(desktop, { type: 'peer_state', state: 'connected' }),
        ],
      },
      {
        name: '[CB9] tells the returning phone after its result that the desktop is lost',
        state: paired({ mobile: lost, desktop: away }),
        event: requested({ connection: phoneAgain }),
        next: paired({ mobile: present(phoneAgain), desktop: away }),
        effects: [
          seat(phoneAgain, 'mobile', true),
          send(phoneAgain, { type: 'pair_result', status: 'approved', resumed: true, expiresInSeconds: 800 }),
          send(phoneAgain, { type: 'peer_state', state: 'lost' }),
        ],
      },
      {
        name: '[LI3] resumes a paired session although its address asks too often',
        state: paired({ mobile: lost }),
        event: requested({ connection: phoneAgain, limited: true }),
        next: paired({ mobile: present(phoneAgain) }),
        effects: [
          seat(phoneAgain, 'mobile', true),
          send(phoneAgain, { type: 'pair_result', status: 'approved', resumed: true, expiresInSeconds: 800 }),
          send(desktop, { type: 'peer_state', state: 'connected' }),
        ],
      },
      {
        name: '[MS9] a token that differs in its last character is another peer',
        state: paired({ mobile: lost }),
        event: requested({ connection: stranger, token: `${phoneToken.slice(0, -1)}Q` as typeof phoneToken }),
        next: 'same',
        effects: [error(stranger, 'session_busy', 'pair_request')],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('pair_response', () => {
  (
    [
      {
        name: '[PA8] approving in an open session answers not_paired',
        state: open(),
        event: responded(true),
        next: 'same',
        effects: [error(desktop, 'not_paired', 'pair_response')],
      },
      {
        name: '[PA8] refusing in an open session answers not_paired and counts nothing',
        state: open({ attempts: 4 }),
        event: responded(false),
        next: 'same',
        effects: [error(desktop, 'not_paired', 'pair_response')],
      },
      {
        name: '[PA5] [PR4] approving without a promptID pairs the waiting phone',
        state: prompting(),
        event: responded(true),
        next: paired(),
        effects: [stop('prompt', 1), send(phone, { type: 'pair_result', status: 'approved', expiresInSeconds: 800 })],
      },
      {
        name: '[PA5] [AT6] approving pairs, and the attempts before are forgotten',
        state: prompting({ attempts: 4 }),
        event: responded(true, { promptID }),
        next: paired(),
        effects: [stop('prompt', 1), send(phone, { type: 'pair_result', status: 'approved', expiresInSeconds: 800 })],
      },
      {
        name: '[PA5] [PA10] approving a phone that is lost pairs it, and the desktop hears that it is lost',
        state: prompting({ mobile: lost }),
        event: responded(true),
        next: paired({ mobile: lost }),
        effects: [stop('prompt', 1), send(desktop, { type: 'peer_state', state: 'lost' })],
      },
      {
        name: '[EX4] approving takes the end by time from a one_time session',
        state: prompting({ facts: { ...facts, sessionType: 'one_time' } }),
        event: responded(true),
        next: paired({ facts: { ...facts, sessionType: 'one_time' }, expiry: null }),
        effects: [
          stop('prompt', 1),
          stop('expiry', 0),
          send(phone, { type: 'pair_result', status: 'approved', expiresInSeconds: null }),
        ],
      },
      {
        name: '[EX5] approving in a persistent session tells that it has no end',
        state: prompting({ facts: { ...facts, sessionType: 'persistent' }, expiry: null }),
        event: responded(true),
        next: paired({ facts: { ...facts, sessionType: 'persistent' }, expiry: null }),
        effects: [stop('prompt', 1), send(phone, { type: 'pair_result', status: 'approved', expiresInSeconds: null })],
      },
      {
        name: '[PA6] [AT1] refusing opens the session again, counts, and tells the phone rejected_by_user',
        state: prompting({ attempts: 1 }),
        event: responded(false, { promptID }),
        next: open({ attempts: 2 }),
        effects: [stop('prompt', 1), rejected('rejected_by_user')],
      },
      {
        name: '[PA6] [AT4] [MS13] refusing for a reason of its own tells that reason and does not count',
        state: prompting({ attempts: 4 }),
        event: responded(false, { reason: 'unverified' }),
        next: open({ attempts: 4 }),
        effects: [stop('prompt', 1), rejected('unverified')],
      },
      {
        name: '[PA6] refusing a phone that is lost has nobody to tell',
        state: prompting({ mobile: lost }),
        event: responded(false),
        next: open({ attempts: 1 }),
        effects: [stop('prompt', 1)],
      },
      {
        name: '[AT5] the fifth refusal closes the session: result first, then the end, for both',
        state: prompting({ attempts: 4 }),
        event: responded(false),
        next: closedBecause('too_many_attempts'),
        effects: [
          stop('prompt', 1),
          rejected('rejected_by_user'),
          ending(phone, 'too_many_attempts'),
          stop('expiry', 0),
          ending(desktop, 'too_many_attempts'),
          forget,
        ],
      },
      {
        name: '[PR3] approving another prompt than the open one changes nothing',
        state: prompting(),
        event: responded(true, { promptID: nextPromptID }),
        next: 'same',
        effects: [error(desktop, 'not_paired', 'pair_response')],
      },
      {
        name: '[PR3] refusing another prompt than the open one changes nothing and counts nothing',
        state: prompting({ attempts: 4 }),
        event: responded(false, { promptID: nextPromptID }),
        next: 'same',
        effects: [error(desktop, 'not_paired', 'pair_response')],
      },
      {
        name: '[PA8] approving in a paired session answers not_paired',
        state: paired(),
        event: responded(true, { promptID }),
        next: 'same',
        effects: [error(desktop, 'not_paired', 'pair_response')],
      },
      {
        name: '[PA8] refusing in a paired session answers not_paired and changes nothing',
        state: paired(),
        event: responded(false),
        next: 'same',
        effects: [error(desktop, 'not_paired', 'pair_response')],
      },
      ...[open(), prompting(), paired()].map((state) => ({
        name: `[RO9] a response of anybody else to a session that is ${state.status} answers not_allowed`,
        state,
        event: responded(true, { connection: stranger }),
        next: 'same' as const,
        effects: [error(stranger, 'not_allowed', 'pair_response')],
      })),
      {
        name: '[RO9] the waiting phone cannot approve itself',
        state: prompting(),
        event: responded(true, { connection: phone }),
        next: 'same',
        effects: [error(phone, 'not_allowed', 'pair_response')],
      },
      {
        name: '[RO9] nobody answers for a desktop that is away',
        state: prompting({ desktop: away }),
        event: responded(true, { connection: desktop }),
        next: 'same',
        effects: [error(desktop, 'not_allowed', 'pair_response')],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('40 seconds over', () => {
  (
    [
      {
        name: '[PA7] [AT2] [PR5] opens the session, rejects the phone, cancels the prompt, and counts',
        state: prompting(),
        event: fired('prompt', 1),
        next: open({ attempts: 1 }),
        effects: [rejected('timeout'), cancelled('timeout')],
      },
      {
        name: '[PA7] [PA10] a lost phone is not told, the desktop is',
        state: prompting({ mobile: lost }),
        event: fired('prompt', 1),
        next: open({ attempts: 1 }),
        effects: [cancelled('timeout')],
      },
      {
        name: '[PR6] [AT2] run out while the desktop is away: that counts for nothing',
        state: prompting({ desktop: away, attempts: 4 }),
        event: fired('prompt', 1),
        next: open({ desktop: away, attempts: 4 }),
        effects: [rejected('timeout')],
      },
      {
        name: '[AT5] [AT2] the fifth timeout closes the session',
        state: prompting({ attempts: 4 }),
        event: fired('prompt', 1),
        next: closedBecause('too_many_attempts'),
        effects: [
          rejected('timeout'),
          cancelled('timeout'),
          ending(phone, 'too_many_attempts'),
          stop('expiry', 0),
          ending(desktop, 'too_many_attempts'),
          forget,
        ],
      },
      {
        name: '[PA7] of an earlier prompt mean nothing to the one that is open',
        state: prompting({ prompt: { ...freshPrompt, timer: 3 } }),
        event: fired('prompt', 1),
        next: 'same',
        effects: [],
      },
      {
        name: '[PA7] of a prompt that was answered mean nothing in an open session',
        state: open(),
        event: fired('prompt', 1),
        next: 'same',
        effects: [],
      },
      {
        name: '[PA7] of a prompt that was answered mean nothing in a paired session',
        state: paired(),
        event: fired('prompt', 1),
        next: 'same',
        effects: [],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('signal', () => {
  (
    [
      ...[open(), prompting()].flatMap((state) => [
        {
          name: `[SG3] of the desktop answers not_paired while ${state.status}`,
          state,
          event: signalled(desktop),
          next: 'same' as const,
          effects: [error(desktop, 'not_paired', 'signal')],
        },
        {
          name: `[SG3] of the phone that has asked answers not_paired while ${state.status}`,
          state,
          event: signalled(phone),
          next: 'same' as const,
          effects: [error(phone, 'not_paired', 'signal')],
        },
      ]),
      {
        name: '[SG1] of the phone goes to the desktop',
        state: paired(),
        event: signalled(phone),
        next: 'same',
        effects: [relay(desktop)],
      },
      {
        name: '[SG1] of the desktop goes to the phone',
        state: paired(),
        event: signalled(desktop),
        next: 'same',
        effects: [relay(phone)],
      },
      {
        name: '[SG4] of the phone answers peer_unavailable while the desktop is away',
        state: paired({ desktop: away }),
        event: signalled(phone),
        next: 'same',
        effects: [error(phone, 'peer_unavailable', 'signal')],
      },
      {
        name: '[SG4] of the desktop answers peer_unavailable while the phone is lost',
        state: paired({ mobile: lost }),
        event: signalled(desktop),
        next: 'same',
        effects: [error(desktop, 'peer_unavailable', 'signal')],
      },
      {
        name: '[SG4] of the desktop answers peer_unavailable after the phone has left',
        state: paired({ mobile: left }),
        event: signalled(desktop),
        next: 'same',
        effects: [error(desktop, 'peer_unavailable', 'signal')],
      },
      ...[open(), prompting(), paired()].map((state) => ({
        name: `[RO9] of a stranger answers not_allowed while ${state.status}`,
        state,
        event: signalled(stranger, false),
        next: 'same' as const,
        effects: [error(stranger, 'not_allowed', 'signal')],
      })),
      {
        name: "[SG3] of a phone that was refused once is not relayed in another phone's session",
        state: paired(),
        event: signalled(stranger, true),
        next: 'same',
        effects: [error(stranger, 'not_paired', 'signal')],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('mobile gone', () => {
  (
    [
      {
        name: '[PA9] [AT3] [PR5] a waiting phone that leaves ends its request, and that counts',
        state: prompting(),
        event: ended(phone, 'left'),
        next: open({ attempts: 1 }),
        effects: [stop('prompt', 1), cancelled('mobile_left')],
      },
      {
        name: '[PA9] [AT3] a waiting phone without a token that is lost ends its request, and that counts',
        state: prompting({ mobile: present(phone, null), attempts: 3 }),
        event: ended(phone, 'lost'),
        next: open({ attempts: 4 }),
        effects: [stop('prompt', 1), cancelled('mobile_left')],
      },
      {
        name: '[PA10] the prompt of a phone with a token that is lost runs on',
        state: prompting(),
        event: ended(phone, 'lost'),
        next: prompting({ mobile: lost }),
        effects: [],
      },
      {
        name: '[PA9] a phone that leaves while the desktop is away ends its request in silence',
        state: prompting({ desktop: away }),
        event: ended(phone, 'left'),
        next: open({ desktop: away, attempts: 1 }),
        effects: [stop('prompt', 1)],
      },
      {
        name: '[AT5] [AT3] the fifth phone that leaves closes the session',
        state: prompting({ attempts: 4 }),
        event: ended(phone, 'left'),
        next: closedBecause('too_many_attempts'),
        effects: [
          stop('prompt', 1),
          cancelled('mobile_left'),
          stop('expiry', 0),
          ending(desktop, 'too_many_attempts'),
          forget,
        ],
      },
      {
        name: '[CB10] [MS19] a paired phone that leaves stays paired, and the desktop hears left',
        state: paired(),
        event: ended(phone, 'left'),
        next: paired({ mobile: left }),
        effects: [send(desktop, { type: 'peer_state', state: 'left' })],
      },
      {
        name: '[CB10] [MS19] a paired phone that is lost stays paired, and the desktop hears lost',
        state: paired(),
        event: ended(phone, 'lost'),
        next: paired({ mobile: lost }),
        effects: [send(desktop, { type: 'peer_state', state: 'lost' })],
      },
      {
        name: '[CB10] a paired phone without a token that is lost stays paired as well',
        state: paired({ mobile: present(phone, null) }),
        event: ended(phone, 'lost'),
        next: paired({ mobile: { presence: 'lost', token: null } }),
        effects: [send(desktop, { type: 'peer_state', state: 'lost' })],
      },
      {
        name: '[CB10] nobody hears of the phone while the desktop is away',
        state: paired({ desktop: away }),
        event: ended(phone, 'lost'),
        next: paired({ desktop: away, mobile: lost }),
        effects: [],
      },
      ...[open(), prompting({ mobile: present(phoneAgain) }), paired({ mobile: present(phoneAgain) })].map((state) => ({
        name: `[PA11] [CB8] the end of a socket that holds no seat changes nothing while ${state.status}`,
        state,
        event: ended(phone, 'left'),
        next: 'same' as const,
        effects: [],
      })),
    ] satisfies Cell[]
  ).forEach(check);
});

describe('desktop lost, with peerToken', () => {
  const gone = { presence: 'away', timer: 2 } as const;
  (
    [
      {
        name: '[CB2] from an open session: away, 60 seconds to return',
        state: open({ attempts: 3 }),
        event: ended(desktop, 'lost'),
        next: open({ attempts: 3, desktop: gone, nextTimer: 3 }),
        effects: [start('grace', 2, 60)],
      },
      {
        name: '[CB2] [PR6] from a prompt: away, and the 40 seconds run on',
        state: prompting(),
        event: ended(desktop, 'lost'),
        next: prompting({ desktop: gone, nextTimer: 3 }),
        effects: [start('grace', 2, 60)],
      },
      {
        name: '[CB3] from a paired session: away, and the phone hears lost',
        state: paired(),
        event: ended(desktop, 'lost'),
        next: paired({ desktop: gone, nextTimer: 3 }),
        effects: [start('grace', 2, 60), send(phone, { type: 'peer_state', state: 'lost' })],
      },
      {
        name: '[CB3] from a paired session whose phone is lost too: away',
        state: paired({ mobile: lost }),
        event: ended(desktop, 'lost'),
        next: paired({ mobile: lost, desktop: gone, nextTimer: 3 }),
        effects: [start('grace', 2, 60)],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('desktop returns', () => {
  (
    [
      {
        name: '[CB4] to an open session: created, resumed',
        state: open({ desktop: away, attempts: 2 }),
        event: returned(),
        next: open({ desktop: backAgain, attempts: 2 }),
        effects: [seat(desktopAgain, 'desktop', true), stop('grace', 7), created(desktopAgain)],
      },
      {
        name: '[PR7] [PR2] to a prompt: the same prompt again with the seconds left',
        state: prompting({ desktop: away }),
        event: returned(),
        next: prompting({ desktop: backAgain }),
        effects: [seat(desktopAgain, 'desktop', true), stop('grace', 7), created(desktopAgain), prompt(desktopAgain)],
      },
      {
        name: '[PR2] the seconds left are rounded up and never negative',
        state: prompting({ desktop: away, prompt: { ...freshPrompt, promptID, expiresAt: now + 1 } }),
        event: returned(),
        next: prompting({ desktop: backAgain, prompt: { ...freshPrompt, promptID, expiresAt: now + 1 } }),
        effects: [
          seat(desktopAgain, 'desktop', true),
          stop('grace', 7),
          created(desktopAgain),
          prompt(desktopAgain, promptID, 1),
        ],
      },
      {
        name: '[CB5] to a paired session: the phone is connected, and hears connected',
        state: paired({ desktop: away }),
        event: returned(),
        next: paired({ desktop: backAgain }),
        effects: [
          seat(desktopAgain, 'desktop', true),
          stop('grace', 7),
          created(desktopAgain),
          send(desktopAgain, { type: 'peer_state', state: 'connected' }),
          send(phone, { type: 'peer_state', state: 'connected' }),
        ],
      },
      ...([lost, left] as const).map((mobile) => ({
        name: `[CB5] to a paired session whose phone is ${mobile.presence}`,
        state: paired({ desktop: away, mobile }),
        event: returned(),
        next: paired({ desktop: backAgain, mobile }),
        effects: [
          seat(desktopAgain, 'desktop', true),
          stop('grace', 7),
          created(desktopAgain),
          send(desktopAgain, { type: 'peer_state', state: mobile.presence }),
        ],
      })),
      ...[open, prompting, paired].map((make) => ({
        name: `[CB4] [CL4] before its old socket is known to be lost, while ${make().status}: that one is replaced`,
        state: make(),
        event: returned(),
        next: make({ desktop: backAgain }),
        effects: [
          seat(desktopAgain, 'desktop', true),
          replace(desktop),
          created(desktopAgain),
          ...(make().status === 'prompting' ? [prompt(desktopAgain)] : []),
          ...(make().status === 'paired'
            ? [
                send(desktopAgain, { type: 'peer_state', state: 'connected' }),
                send(phone, { type: 'peer_state', state: 'connected' }),
              ]
            : []),
        ],
      })),
      {
        name: '[CB4] over the socket that it has: nothing to replace',
        state: open(),
        event: returned({ connection: desktop }),
        next: open(),
        effects: [seat(desktop, 'desktop', true), created(desktop)],
      },
      ...[open({ desktop: away }), prompting(), paired()].map((state) => ({
        name: `[SC2] with another token is somebody else, while ${state.status}: session_exists`,
        state,
        event: returned({ connection: stranger, token: strangerToken }),
        next: 'same' as const,
        effects: [error(stranger, 'session_exists', 'session_create')],
      })),
      {
        name: '[SC2] without a token: session_exists',
        state: open({ desktop: away }),
        event: returned({ token: undefined }),
        next: 'same',
        effects: [error(desktopAgain, 'session_exists', 'session_create')],
      },
      {
        name: '[SC2] to a session that was made without a token: session_exists, whatever token it has now',
        state: open({ facts: plainFacts }),
        event: returned(),
        next: 'same',
        effects: [error(desktopAgain, 'session_exists', 'session_create')],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('desktop left, lost without peerToken, or 60 seconds over', () => {
  (
    [
      {
        name: '[SC4] an open session closes when its desktop leaves',
        state: open(),
        event: ended(desktop, 'left'),
        next: closedBecause('closed_by_desktop'),
        effects: [stop('expiry', 0), forget],
      },
      {
        name: '[SC4] [SC6] [CB1] a prompting session closes when its desktop leaves: the phone is rejected first',
        state: prompting(),
        event: ended(desktop, 'left'),
        next: closedBecause('closed_by_desktop'),
        effects: [
          stop('prompt', 1),
          rejected('desktop_left'),
          stop('expiry', 0),
          ending(phone, 'closed_by_desktop'),
          forget,
        ],
      },
      {
        name: '[SC4] a paired session closes when its desktop leaves',
        state: paired(),
        event: ended(desktop, 'left'),
        next: closedBecause('closed_by_desktop'),
        effects: [stop('expiry', 0), ending(phone, 'closed_by_desktop'), forget],
      },
      {
        name: '[SC5] an open session closes when its desktop without a token is lost',
        state: open({ facts: plainFacts }),
        event: ended(desktop, 'lost'),
        next: closedBecause('desktop_lost'),
        effects: [stop('expiry', 0), forget],
      },
      {
        name: '[SC5] [SC6] a prompting session closes when its desktop without a token is lost',
        state: prompting({ facts: plainFacts }),
        event: ended(desktop, 'lost'),
        next: closedBecause('desktop_lost'),
        effects: [
          stop('prompt', 1),
          rejected('desktop_left'),
          stop('expiry', 0),
          ending(phone, 'desktop_lost'),
          forget,
        ],
      },
      {
        name: '[SC5] a paired session closes when its desktop without a token is lost',
        state: paired({ facts: plainFacts }),
        event: ended(desktop, 'lost'),
        next: closedBecause('desktop_lost'),
        effects: [stop('expiry', 0), ending(phone, 'desktop_lost'), forget],
      },
      {
        name: '[CB6] an open session closes when the 60 seconds are over',
        state: open({ desktop: away }),
        event: fired('grace', 7),
        next: closedBecause('desktop_lost'),
        effects: [stop('expiry', 0), forget],
      },
      {
        name: '[CB6] [SC6] a prompting session closes when the 60 seconds are over: the phone is rejected first',
        state: prompting({ desktop: away }),
        event: fired('grace', 7),
        next: closedBecause('desktop_lost'),
        effects: [
          stop('prompt', 1),
          rejected('desktop_left'),
          stop('expiry', 0),
          ending(phone, 'desktop_lost'),
          forget,
        ],
      },
      {
        name: '[CB6] a paired session closes when the 60 seconds are over',
        state: paired({ desktop: away }),
        event: fired('grace', 7),
        next: closedBecause('desktop_lost'),
        effects: [stop('expiry', 0), ending(phone, 'desktop_lost'), forget],
      },
      {
        name: '[CB6] the 60 seconds of an earlier absence mean nothing',
        state: paired({ desktop: away }),
        event: fired('grace', 6),
        next: 'same',
        effects: [],
      },
      {
        name: '[CB6] the 60 seconds mean nothing once the desktop is back',
        state: open(),
        event: fired('grace', 7),
        next: 'same',
        effects: [],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('session_close, time up, shutdown', () => {
  const both = (reason: 'closed_by_desktop' | 'expired', rejection: string) => ({
    open: [stop('expiry', 0), ending(desktop, reason), forget],
    prompting: [
      stop('prompt', 1),
      rejected(rejection),
      stop('expiry', 0),
      ending(phone, reason),
      ending(desktop, reason),
      forget,
    ],
    paired: [stop('expiry', 0), ending(phone, reason), ending(desktop, reason), forget],
  });
  const states = [open(), prompting(), paired()] as const;
  const closedByDesktop = both('closed_by_desktop', 'desktop_left');
  const expired = both('expired', 'expired');
  const shut = (to: ConnectionID): SessionEffect =>
    send(to, { type: 'session_closed', reason: 'server_shutdown', reconnectAfterSeconds: 3 });
  const shutdown = {
    open: [stop('expiry', 0), shut(desktop), forget],
    prompting: [stop('prompt', 1), rejected('server_shutdown'), stop('expiry', 0), shut(phone), shut(desktop), forget],
    paired: [stop('expiry', 0), shut(phone), shut(desktop), forget],
  };
  states
    .flatMap((state): Cell[] => [
      {
        name: `[SC3] [SC6] [SC8] session_close closes a session that is ${state.status}`,
        state,
        event: closing(),
        next: closedBecause('closed_by_desktop'),
        effects: closedByDesktop[state.status],
      },
      {
        name: `[EX6] [SC6] time up closes a session that is ${state.status}`,
        state,
        event: fired('expiry', 0),
        next: closedBecause('expired'),
        effects: expired[state.status].filter((effect) => effect.type !== 'stop_timer' || effect.timer !== 'expiry'),
      },
      {
        name: `[SC7] [SC6] shutdown closes a session that is ${state.status}`,
        state,
        event: stopping,
        next: closedBecause('server_shutdown'),
        effects: shutdown[state.status],
      },
      {
        name: `[RO9] session_close of anybody else answers not_allowed while ${state.status}`,
        state,
        event: closing(stranger),
        next: 'same',
        effects: [error(stranger, 'not_allowed', 'session_close')],
      },
      {
        name: `[EX4] a stopped end by time means nothing while ${state.status}`,
        state: { ...state, expiry: null },
        event: fired('expiry', 0),
        next: 'same',
        effects: [],
      },
    ])
    .forEach(check);
  (
    [
      {
        name: '[EX6] time up closes a paired session while both peers are away, and nobody is told',
        state: paired({ desktop: away, mobile: lost }),
        event: fired('expiry', 0),
        next: closedBecause('expired'),
        effects: [stop('grace', 7), forget],
      },
      {
        name: '[SC7] shutdown while the desktop is away stops its 60 seconds',
        state: paired({ desktop: away }),
        event: stopping,
        next: closedBecause('server_shutdown'),
        effects: [stop('grace', 7), stop('expiry', 0), shut(phone), forget],
      },
      {
        name: '[RO9] the paired phone cannot close the session',
        state: paired(),
        event: closing(phone),
        next: 'same',
        effects: [error(phone, 'not_allowed', 'session_close')],
      },
    ] satisfies Cell[]
  ).forEach(check);
});

describe('a closed session', () => {
  const events: readonly SessionEvent[] = [
    returned(),
    requested(),
    responded(true),
    responded(false),
    signalled(desktop),
    closing(),
    ended(desktop, 'left'),
    ended(phone, 'lost'),
    fired('prompt', 1),
    fired('grace', 7),
    fired('expiry', 0),
    stopping,
  ];
  events.forEach((event) =>
    check({
      name: `[SC8] stays closed and silent at ${event.type}${'timer' in event ? ` ${event.timer}` : ''}${'end' in event ? ` ${event.end}` : ''}${'approved' in event ? ` ${String(event.approved)}` : ''}`,
      state: closedBecause('expired'),
      event,
      next: 'same',
      effects: [],
    }),
  );
});

describe('a new session', () => {
  const cases: readonly (readonly [string, SessionType, number | undefined, number | null])[] = [
    ['[EX1] of no kind is temporary and ends after 900 seconds', 'temporary', undefined, 900],
    ['[EX2] that is temporary ends after its ttlSeconds', 'temporary', 28_800, 28_800],
    ['[EX2] that is temporary may live for 2,000,000 seconds', 'temporary', 2_000_000, 2_000_000],
    ['[EX3] that is one_time has 900 seconds to be paired', 'one_time', undefined, 900],
    ['[EX3] that is one_time has no ttlSeconds of its own', 'one_time', 28_800, 900],
    ['[EX5] that is persistent has no end by time', 'persistent', undefined, null],
    ['[EX5] that is persistent has no ttlSeconds either', 'persistent', 60, null],
  ];
  for (const [name, sessionType, ttlSeconds, seconds] of cases) {
    it(`[SC1] [MS16] ${name}`, () => {
      const ofKind = { ...facts, sessionType };
      const opened = openSession({ now, connection: desktop, facts: ofKind, ttlSeconds }, rules);
      expect(opened.state).toEqual({
        status: 'open',
        facts: ofKind,
        desktop: { presence: 'present', connection: desktop },
        expiry: seconds === null ? null : { at: now + seconds * 1000, timer: 0 },
        nextTimer: 1,
        attempts: 0,
      });
      expect(opened.effects).toEqual([
        seat(desktop, 'desktop', false),
        ...(seconds === null ? [] : [start('expiry', 0, seconds)]),
        send(desktop, { type: 'session_created', uuid, sessionType, expiresInSeconds: seconds, resumed: false }),
      ]);
    });
  }

  it('[EX1] [EX2] tells the seconds that are left when its peers come back', () => {
    const { effects } = transition(open({ desktop: away, expiry: { ...expiry, at: now + 2500 } }), returned(), rules);
    expect(effects).toContainEqual(
      send(desktopAgain, {
        type: 'session_created',
        uuid,
        sessionType: 'temporary',
        expiresInSeconds: 3,
        resumed: true,
      }),
    );
  });
});
