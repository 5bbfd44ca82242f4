export { createNatsBus, type NatsBus, type NatsBusOptions } from './bus/nats-bus.js';
