export { CountdownRing } from './countdown-ring.js';
export type { CountdownRingProps } from './countdown-ring.js';
export { formatClock, formatDuration } from './duration.js';
export { Icon } from './icon.js';
export type { IconNode, IconProps } from './icon.js';
export { secondsLeft, useSecondsLeft } from './seconds-left.js';
