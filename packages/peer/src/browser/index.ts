export { browserRtcEngine } from './engine.js';
export { browserEnvironment } from './environment.js';
export { pageClock } from './page-clock.js';
