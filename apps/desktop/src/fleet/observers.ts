import type { ServerObserver } from '@proxim/signaling';

/** One observer of several, told in this order; undefined of none, so that a server pays for none. */
export const observerOf = (observers: readonly ServerObserver[]): ServerObserver | undefined => {
  const [first, second, ...others] = observers;
  if (!first || !second) return first;
  const rest = observerOf([second, ...others]) ?? second;
  return {
    connectionOpened: () => {
      first.connectionOpened();
      rest.connectionOpened();
    },
    roleTaken: (from, to) => {
      first.roleTaken(from, to);
      rest.roleTaken(from, to);
    },
    connectionClosed: (role, code) => {
      first.connectionClosed(role, code);
      rest.connectionClosed(role, code);
    },
    sessionOpened: () => {
      first.sessionOpened();
      rest.sessionOpened();
    },
    sessionChanged: (from, to) => {
      first.sessionChanged(from, to);
      rest.sessionChanged(from, to);
    },
    sessionClosed: (from, end) => {
      first.sessionClosed(from, end);
      rest.sessionClosed(from, end);
    },
    pairingAsked: () => {
      first.pairingAsked();
      rest.pairingAsked();
    },
    pairingEnded: (result, ms) => {
      first.pairingEnded(result, ms);
      rest.pairingEnded(result, ms);
    },
    frameRelayed: (bytes) => {
      first.frameRelayed(bytes);
      rest.frameRelayed(bytes);
    },
    errorSent: (code) => {
      first.errorSent(code);
      rest.errorSent(code);
    },
    requestRefused: (status) => {
      first.requestRefused(status);
      rest.requestRefused(status);
    },
  };
};
