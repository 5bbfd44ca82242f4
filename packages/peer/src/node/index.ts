export { loadNodeRtcEngine, unloadNodeRtcEngine } from './engine.js';
export { nodeEnvironment } from './environment.js';
