export { loadNodeRtcEngine, unloadNodeRtcEngine } from './engine.js';
export { nodeEnvironment } from './environment.js';
export { type IsolatedRtcEngine, isolatedRtcEngine } from './isolated-engine.js';
