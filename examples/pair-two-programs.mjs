// Two programs meet through an embedded signaling server and talk directly, over WebRTC. Here both run in one process;
// the second could be a page in a browser (`@proxim/peer/browser`).
import { DesktopPeer, MobilePeer } from '@proxim/peer';
import { nodeEnvironment, unloadNodeRtcEngine } from '@proxim/peer/node';
import { createSignalingServer } from '@proxim/signaling';

const server = createSignalingServer();
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

const desktop = new DesktopPeer({
  environment: nodeEnvironment(),
  url: `ws://127.0.0.1:${port}/signal`,
  unverified: 'refuse',
  sessionTtlSeconds: 900,
});

// Your user decides here; this one trusts everybody who has read the code.
desktop.on('prompt', ({ sessionID, promptID, deviceInfo }) => {
  console.log(`desktop: ${deviceInfo.name} asks`);
  desktop.approve(sessionID, { promptID });
});
desktop.on('channel', ({ channel }) => {
  channel.onMessage((message) => {
    console.log(`desktop: received ${message}`);
    channel.send('and hello to you');
  });
});

desktop.start();
const sessionID = desktop.createSession({ sessionType: 'one_time' });
const link = desktop.link(sessionID, { origin: `http://127.0.0.1:${port}` });

// The other program has scanned the link.
const mobile = new MobilePeer({
  environment: nodeEnvironment(),
  link,
  deviceInfo: { name: 'Example phone', id: 'example' },
  channels: [{ label: 'chat', ordered: true }],
});
const answer = new Promise((resolve) => {
  mobile.on('channel', (channel) => {
    channel.onMessage(resolve);
    channel.send('hello');
  });
});
desktop.on('session', () => mobile.ask());

console.log(`mobile: received ${await answer}`);
mobile.leave();
desktop.stop();
await server.close();
await unloadNodeRtcEngine();
