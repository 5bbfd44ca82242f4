import type { SessionType } from './message.js';

/** The kinds of session there are, for whoever reads one from elsewhere. */
export const sessionTypes = ['one_time', 'temporary', 'persistent'] as const satisfies readonly SessionType[];
