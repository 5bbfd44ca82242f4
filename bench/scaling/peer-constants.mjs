// The peers' own patience, in milliseconds, as their source has it: the model's test compares the two.

/** `signaling-connection.ts` */
export const pingEveryMs = 15_000;
export const pongWithinMs = 10_000;
export const openWithinMs = 10_000;
/** `mobile-seat.ts` */
export const askAgainMs = 3000;
export const askAgainAtLeisureMs = 15_000;
/** `return-window.ts` */
export const windowMs = 60_000;
