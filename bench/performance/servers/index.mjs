// The servers that are measured, by name.
import { bare } from './bare.mjs';
import { peerjs } from './peerjs.mjs';
import { proxim } from './proxim.mjs';
import { yWebrtc } from './y-webrtc.mjs';

export const servers = Object.fromEntries([proxim, bare, peerjs, yWebrtc].map((server) => [server.name, server]));
