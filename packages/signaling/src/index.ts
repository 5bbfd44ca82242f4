export type { Bus, ConnectionCommand, Delivery, Eventually } from './bus/bus.js';
export { createMemoryBus } from './bus/memory-bus.js';
export { randomIds } from './ids.js';
export type { Ids } from './ids.js';
export type { Log } from './log.js';
export { createSignalingServer } from './server.js';
export type { RequestHandler, SignalingServer, SignalingServerOptions } from './server.js';
export { systemClock } from './system-clock.js';
export { faultOfRequest, machineHosts } from './access.js';
