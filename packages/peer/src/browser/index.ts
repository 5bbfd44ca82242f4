export { browserRtcEngine } from './engine.js';
export { browserEnvironment } from './environment.js';
