const firstDelayMs = 250;
const longestDelayMs = 5000;
const failuresUntilEnded = 5;

/** Milliseconds to wait after so many failures in a row, one or more. */
export const retryDelay = (failures: number): number => Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));

/** Whether so many failures in a row mean that nobody is there any more: about four seconds on one machine. */
export const isProbablyEnded = (failures: number): boolean => failures >= failuresUntilEnded;
