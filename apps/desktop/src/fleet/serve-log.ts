import type { Log, ServerObserver } from '@proxim/signaling';
import { pino } from 'pino';

import type { LogLevel } from './log-levels.js';

/** The log of a server, and what has it tell, from `debug` on, what happens. */
export interface ServeLog extends Log {
  readonly observer: ServerObserver | undefined;
}

/**
 * A log of JSON lines with `level`, `time` (Unix milliseconds) and `message`.
 *
 * Nothing is blacked out, since nothing is handed to it that would have to be: what the observer hears are numbers and
 * names of a fixed set.
 */
export const createServeLog = (level: LogLevel, output: { write(line: string): void }): ServeLog => {
  const log = pino(
    { level, base: null, messageKey: 'message', formatters: { level: (label) => ({ level: label }) } },
    output,
  );
  const isTracing = log.isLevelEnabled('trace');
  const observer: ServerObserver = {
    connectionOpened: () => {
      log.debug('connection opened');
    },
    roleTaken: (_from, role) => {
      log.debug({ role }, 'role taken');
    },
    connectionClosed: (role, code) => {
      log.debug({ role, code }, 'connection closed');
    },
    sessionOpened: () => {
      log.debug('session opened');
    },
    sessionChanged: (from, to) => {
      log.debug({ from, to }, 'session changed');
    },
    sessionClosed: (from, reason) => {
      log.debug({ from, reason }, 'session closed');
    },
    pairingAsked: () => {
      log.debug('pairing asked for');
    },
    pairingEnded: (result, ms) => {
      log.debug({ result, ms: Math.round(ms) }, 'pairing ended');
    },
    frameRelayed: (bytes) => {
      if (isTracing) log.trace({ bytes }, 'signal relayed');
    },
    errorSent: (code) => {
      log.debug({ code }, 'error sent');
    },
    requestRefused: (status) => {
      log.debug({ status }, 'request refused');
    },
  };
  return {
    observer: log.isLevelEnabled('debug') ? observer : undefined,
    debug: (details, message) => {
      log.debug(details, message);
    },
    info: (details, message) => {
      log.info(details, message);
    },
    warn: (details, message) => {
      log.warn(details, message);
    },
    error: (details, message) => {
      log.error(details, message);
    },
  };
};
