import type { Scenario } from './steps.js';

const options = {
  seed: 0,
  sessionType: 'persistent',
  ttlSeconds: undefined,
  unverified: 'ask',
  oneAddress: false,
} as const;

/** Scenarios that failed once, as they were shrunk: by what they showed. */
export const regressions: Readonly<Record<string, Scenario>> = {
  'a question that lapsed at the desktop alone is asked again': {
    options,
    prelude: 'connected',
    steps: [
      { act: 'the desktop is started anew', which: 0, ms: 100 },
      { act: 'a phone reads the code', which: 0, ms: 100 },
      { act: 'the server stands still', which: 0, ms: 130_000 },
      { act: 'a phone reads the code', which: 0, ms: 100 },
    ],
  },
  'a page that was copied before the device secret came back is refused': {
    options,
    prelude: 'asked',
    steps: [
      { act: 'a socket is cut', which: 3, ms: 100 },
      { act: 'a page is opened in a second tab', which: 0, ms: 0 },
      { act: 'the user makes a session', which: 0, ms: 100 },
    ],
  },
  'a foreign phone that is switched off is noticed by ICE alone': {
    options,
    prelude: 'nothing',
    steps: [
      { act: 'a foreign program reads the code', which: 1, ms: 100 },
      { act: 'the user approves', which: 0, ms: 25_000 },
      { act: 'a phone is switched off', which: 0, ms: 100 },
      { act: 'the user rejects', which: 0, ms: 25_000 },
    ],
  },
  'a server that stood still on its way down ends all the same': {
    options,
    prelude: 'connected',
    steps: [
      { act: 'the server shuts down', which: 0, ms: 0 },
      { act: 'the server stands still', which: 0, ms: 100 },
      { act: 'the server is started', which: 0, ms: 100 },
    ],
  },
  'of two tabs one hears the answer to the offer of the other': {
    options: { ...options, seed: 10 },
    prelude: 'connected',
    steps: [
      { act: 'the radio is gone', which: 0, ms: 0 },
      { act: 'the server stands still', which: 0, ms: 8000 },
      { act: 'a page is opened in a second tab', which: 0, ms: 8000 },
    ],
  },
  'an offer whose radio goes before its answer comes opens nothing, and another one is made': {
    options,
    prelude: 'connected',
    steps: [
      { act: 'a socket is held', which: 0, ms: 100 },
      { act: 'the desktop is in another network', which: 0, ms: 100 },
      { act: 'the radio is gone', which: 0, ms: 0 },
      { act: 'all sockets flow', which: 0, ms: 25_000 },
      { act: 'one frame to the server', which: 0, ms: 0 },
    ],
  },
  'a socket that was given up takes the seat of the one after it, late': {
    options: { ...options, seed: 603362117 },
    prelude: 'connected',
    steps: [
      { act: 'the server is started anew', which: 1, ms: 700 },
      { act: 'a socket is held', which: 7, ms: 0 },
      { act: 'direct connections fail', which: 0, ms: 8000 },
    ],
  },
};
