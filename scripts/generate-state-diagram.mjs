// Draws docs/protocol/state-diagram.md from the transition function itself: every event is put to every state, and what
// comes of it is written down. With --check nothing is written, and a file that is not up to date ends it with 1.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root, runNode } from './run.mjs';

await import('./generate-validators.mjs');
runNode(join(root, 'node_modules/typescript/bin/tsc'), ['-b', 'packages/protocol']);
const { limitDefinitions, openSession, transition, withDefaultLimits } =
  await import('../packages/protocol/dist/index.js');

const target = join(root, 'docs/protocol/state-diagram.md');
const rules = withDefaultLimits();
const now = 10_000;

const names = {
  desktop: 'desktop',
  'desktop-again': 'desktop',
  mobile: 'mobile',
  'mobile-again': 'mobile',
  newcomer: 'sender',
  outsider: 'sender',
};
const tokens = { desktop: 'D'.repeat(22), mobile: 'M'.repeat(22), other: 'X'.repeat(22) };

// Events as the runtime puts them.

const pairRequest = (connection, token, changes = {}) => ({
  type: 'pair_requested',
  now,
  connection,
  token,
  deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
  auth: undefined,
  limited: false,
  promptID: 'prompt',
  ...changes,
});
const pairResponse = (connection, approved, changes = {}) => ({
  type: 'pair_responded',
  now,
  connection,
  approved,
  promptID: undefined,
  reason: undefined,
  ...changes,
});
const returns = (connection, token) => ({ type: 'desktop_returned', now, connection, token });
const signal = (connection, asked) => ({ type: 'signal_sent', connection, asked });
const ends = (connection, end) => ({ type: 'connection_ended', now, connection, end });

// States are reached as a server reaches them: from `session_create` on, event by event.

const opened = (withToken = true) =>
  openSession(
    {
      now: 0,
      connection: 'desktop',
      facts: {
        sessionID: 'abc123',
        uuid: '123e4567-e89b-42d3-a456-426614174000',
        sessionType: 'temporary',
        desktopToken: withToken ? tokens.desktop : null,
      },
      ttlSeconds: undefined,
    },
    rules,
  ).state;
const after = (state, ...events) => events.reduce((before, event) => transition(before, event, rules).state, state);
const asks = pairRequest('mobile', tokens.mobile);
const approves = pairResponse('desktop', true);
const desktopLost = ends('desktop', 'lost');
const mobileLost = ends('mobile', 'lost');
const mobileLeft = ends('mobile', 'left');

/** How a state is called here: what it is, and who is away. */
const nameOf = (state) => {
  if (state.status === 'closed') return 'closed';
  const parts = [state.status];
  if (state.desktop.presence === 'away') parts.push('desktop away');
  if (state.status !== 'open' && state.mobile.presence !== 'present') parts.push(`mobile ${state.mobile.presence}`);
  return parts.join(', ');
};

const states = [
  opened(),
  after(opened(), desktopLost),
  after(opened(), asks),
  after(opened(), asks, desktopLost),
  after(opened(), asks, mobileLost),
  after(opened(), asks, desktopLost, mobileLost),
  after(opened(), asks, approves),
  after(opened(), asks, approves, desktopLost),
  after(opened(), asks, approves, mobileLost),
  after(opened(), asks, approves, mobileLeft),
  after(opened(), asks, approves, desktopLost, mobileLost),
  after(opened(), asks, approves, desktopLost, mobileLeft),
];

/** The same state in a session whose desktop, or whose phone, never gave a `peerToken`. */
const withoutDesktopToken = (state) => ({ ...state, facts: { ...state.facts, desktopToken: null } });
const withoutMobileToken = (state) =>
  state.status === 'open' ? state : { ...state, mobile: { ...state.mobile, token: null } };
const asOneTime = (state) => ({ ...state, facts: { ...state.facts, sessionType: 'one_time' } });
const onLastAttempt = (state) =>
  'attempts' in state ? { ...state, attempts: limitDefinitions.maxAttempts.default - 1 } : state;

const isOpen = (state) => state.status === 'open';
const isPrompting = (state) => state.status === 'prompting';
const hasDesktop = (state) => state.desktop.presence === 'present';
const lacksDesktop = (state) => !hasDesktop(state);
const hasMobile = (state) => !isOpen(state) && state.mobile.presence === 'present';

/** What is put to the states: its name, when it can happen at all, and how the state is prepared for it. */
const events = [
  { name: '`session_create`, the session’s `peerToken`', event: () => returns('desktop-again', tokens.desktop) },
  { name: '`session_create`, another `peerToken` or none', event: () => returns('outsider', tokens.other) },
  { name: '`pair_request` of a new phone', event: () => pairRequest('newcomer', tokens.other) },
  {
    name: '`pair_request` of a new phone, address over its limit',
    event: () => pairRequest('newcomer', tokens.other, { limited: true }),
  },
  {
    name: '`pair_request`, `peerToken` of this phone',
    when: (state) => !isOpen(state),
    event: () => pairRequest('mobile-again', tokens.mobile),
  },
  { name: '`pair_response` true', when: hasDesktop, event: () => pairResponse('desktop', true) },
  {
    name: '`pair_response` true, `one_time` session',
    when: (state) => isPrompting(state) && hasDesktop(state),
    prepare: asOneTime,
    event: () => pairResponse('desktop', true),
  },
  { name: '`pair_response` false', when: hasDesktop, event: () => pairResponse('desktop', false) },
  {
    name: '`pair_response` false, fifth attempt',
    when: (state) => isPrompting(state) && hasDesktop(state),
    prepare: onLastAttempt,
    event: () => pairResponse('desktop', false),
  },
  {
    name: '`pair_response` false, `reason` of the desktop’s own',
    when: (state) => isPrompting(state) && hasDesktop(state),
    prepare: onLastAttempt,
    event: () => pairResponse('desktop', false, { reason: 'unverified' }),
  },
  {
    name: '`pair_response`, wrong `promptID`',
    when: (state) => isPrompting(state) && hasDesktop(state),
    event: () => pairResponse('desktop', true, { promptID: 'another' }),
  },
  { name: '`pair_response` of anybody else', event: () => pairResponse('outsider', true) },
  { name: '`signal` of the desktop', when: hasDesktop, event: () => signal('desktop', true) },
  { name: '`signal` of the mobile', when: hasMobile, event: () => signal('mobile', true) },
  { name: '`signal` of a phone that asked and is not let in', event: () => signal('newcomer', true) },
  { name: '`signal` of anybody else', event: () => signal('outsider', false) },
  { name: '`session_close`', when: hasDesktop, event: () => ({ type: 'close_requested', connection: 'desktop' }) },
  {
    name: '`session_close` of anybody else',
    event: () => ({ type: 'close_requested', connection: 'outsider' }),
  },
  { name: 'desktop left', when: hasDesktop, event: () => ends('desktop', 'left') },
  { name: 'desktop lost, with a `peerToken`', when: hasDesktop, event: () => ends('desktop', 'lost') },
  {
    name: 'desktop lost, without a `peerToken`',
    when: hasDesktop,
    prepare: withoutDesktopToken,
    event: () => ends('desktop', 'lost'),
  },
  { name: 'mobile left', when: hasMobile, event: () => ends('mobile', 'left') },
  { name: 'mobile lost, with a `peerToken`', when: hasMobile, event: () => ends('mobile', 'lost') },
  {
    name: 'mobile lost, without a `peerToken`',
    when: hasMobile,
    prepare: withoutMobileToken,
    event: () => ends('mobile', 'lost'),
  },
  {
    name: `the request’s ${rules.pairingTimeoutSeconds} s are over`,
    when: (state) => isPrompting(state) && hasDesktop(state),
    event: (state) => ({ type: 'timer_fired', timer: 'prompt', generation: state.prompt.timer }),
  },
  {
    name: `the request’s ${rules.pairingTimeoutSeconds} s are over, fifth attempt`,
    when: (state) => isPrompting(state) && hasDesktop(state),
    prepare: onLastAttempt,
    event: (state) => ({ type: 'timer_fired', timer: 'prompt', generation: state.prompt.timer }),
  },
  {
    // Four attempts have failed before, and this one does not count.
    name: `the request’s ${rules.pairingTimeoutSeconds} s are over, desktop away`,
    when: (state) => isPrompting(state) && lacksDesktop(state),
    prepare: onLastAttempt,
    event: (state) => ({ type: 'timer_fired', timer: 'prompt', generation: state.prompt.timer }),
  },
  {
    name: `the desktop’s ${rules.desktopGraceSeconds} s are over`,
    when: lacksDesktop,
    event: (state) => ({ type: 'timer_fired', timer: 'grace', generation: state.desktop.timer }),
  },
  {
    name: 'the session’s time is up',
    event: (state) => ({ type: 'timer_fired', timer: 'expiry', generation: state.expiry.timer }),
  },
  {
    name: 'a timer that was stopped fires',
    event: () => ({ type: 'timer_fired', timer: 'prompt', generation: -1 }),
  },
  { name: 'the server stops', event: () => ({ type: 'server_stopping', reconnectAfterSeconds: 2 }) },
];

// What came of them, in words.

const detailOf = (message) => {
  switch (message.type) {
    case 'error':
      return ` \`${message.code}\``;
    case 'pair_result':
      return ` ${message.status}${message.reason ? ` \`${message.reason}\`` : ''}${message.resumed ? ', `resumed`' : ''}`;
    case 'pair_cancel':
    case 'session_closed':
      return ` \`${message.reason}\``;
    case 'peer_state':
      return ` \`${message.state}\``;
    case 'session_created':
      return message.resumed ? ' `resumed`' : '';
    default:
      return '';
  }
};

const wordsFor = (effect) => {
  switch (effect.type) {
    case 'send':
      return `${names[effect.to]} ← \`${effect.message.type}\`${detailOf(effect.message)}`;
    case 'relay':
      return `${names[effect.to]} ← the frame itself`;
    case 'seat':
      return null;
    case 'replace':
      return `older ${names[effect.connection]} connection: close 4000`;
    case 'start_timer':
      return `start ${effect.timer} ${effect.seconds} s`;
    case 'stop_timer':
      return `stop ${effect.timer}`;
    case 'forget':
      return 'forget';
    default:
      throw new Error(`an effect without words: ${effect.type}`);
  }
};

const outcomes = states.flatMap((start) =>
  events
    .filter(({ when = () => true }) => when(start))
    .map(({ name, prepare = (state) => state, event }) => {
      const { state: next, effects } = transition(prepare(start), event(start), rules);
      const words = effects.map(wordsFor).filter((text) => text !== null);
      return { from: nameOf(start), event: name, to: nameOf(next), words };
    }),
);

const opening = openSession(
  { now: 0, connection: 'desktop', facts: opened().facts, ttlSeconds: undefined },
  rules,
).effects;

// The pictures.

const plain = (text) => text.replaceAll('`', '').replaceAll('’', "'");
const idOf = (name) => name.replaceAll(/[^a-z]+/g, '_');
const edgesOf = (found) => {
  const edges = new Map();
  for (const { from, event, to } of found) {
    const key = `${idOf(from)} --> ${idOf(to)}`;
    edges.set(key, (edges.get(key) ?? new Set()).add(plain(event)));
  }
  return [...edges].map(([edge, labels]) => `  ${edge} : ${[...labels].join('<br/>')}`);
};
const diagram = (lines) => ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
const statusOf = (name) => name.split(',')[0];
const isSelf = ({ from, to }) => from === to;

const life = edgesOf(
  outcomes
    .map((outcome) => ({ ...outcome, from: statusOf(outcome.from), to: statusOf(outcome.to) }))
    .filter((outcome) => !isSelf(outcome)),
);
const comings = outcomes.filter((outcome) => !isSelf(outcome) && statusOf(outcome.from) === statusOf(outcome.to));
const comingsNames = [...new Set(comings.flatMap(({ from, to }) => [from, to]))];

// The tables.

const row = (...cells) => `| ${cells.join(' | ')} |`;
const statuses = ['open', 'prompting', 'paired'];
const overview = events.flatMap(({ name }) => {
  const cells = statuses.map((status) => {
    const outcome = outcomes.find(({ from, event }) => from === status && event === name);
    if (!outcome) return '–';
    const refusal = outcome.words.map((text) => /^\S+ ← `error` (`\w+`)$/.exec(text)?.[1]).find(Boolean);
    if (refusal) return refusal;
    return outcome.to === status ? 'stays' : `→ ${outcome.to}`;
  });
  return cells.every((cell) => cell === '–') ? [] : [row(name, ...cells)];
});
const details = states.map((state) => {
  const name = nameOf(state);
  const rows = outcomes
    .filter(({ from }) => from === name)
    .map(({ event, to, words }) => row(event, to === name ? 'stays' : to, words.join('; ') || '–'));
  return [
    `### ${name[0].toUpperCase()}${name.slice(1)}`,
    [row('event', 'next state', 'what the server does, in this order'), row('---', '---', '---'), ...rows].join('\n'),
  ].join('\n\n');
});

const text = `# The states of a session

<!-- Generated by scripts/generate-state-diagram.mjs from packages/protocol/src/session. Do not edit. -->

This page is drawn by asking: each event below is put to \`transition\` in each state in which it can happen, and what the
function answers is written down. The rules behind it are in [rules.md](rules.md); a life in prose is in the
[overview](README.md).

## From one state to the next

\`session_create\` opens a session: ${opening
  .map(wordsFor)
  .filter((words) => words !== null)
  .join('; ')}.

${diagram(['  [*] --> open : session_create', ...life, '  closed --> [*]'])}

## Who comes and goes meanwhile

The state stays what it is while a peer is away. "Away" is a desktop that was lost and has
${rules.desktopGraceSeconds} seconds to return; a phone is "lost" when its connection broke, and "left" when it said goodbye.

${diagram([...comingsNames.map((name) => `  state "${name}" as ${idOf(name)}`), ...edgesOf(comings)])}

## All events at a glance

With both peers connected. A code such as \`session_busy\` is the \`error\` that the sender gets, and then nothing else
changes. A dash: it cannot happen there.

${[row('event', ...statuses), row('---', '---', '---', '---'), ...overview].join('\n')}

## Every state, every event

"Sender" is whoever sent the message and has no part in the session. \`prompt\`, \`grace\` and \`expiry\` are the session's
timers: for the open request, for the desktop's return, for the session's own end. \`closed\` answers nothing: the session
is forgotten, and the server says \`session_not_found\` to whoever still names it.

${details.join('\n\n')}
`;

const formatted = await format(text, { ...(await resolveConfig(target)), filepath: target });
let before = '';
try {
  before = readFileSync(target, 'utf8');
} catch {
  // Not drawn yet.
}
if (before !== formatted) {
  if (process.argv.includes('--check')) {
    console.error('docs/protocol/state-diagram.md is not up to date: run `node scripts/generate-state-diagram.mjs`.');
    process.exit(1);
  }
  writeFileSync(target, formatted);
}
