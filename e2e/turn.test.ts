import { describe, expect, it, type TestContext } from 'vitest';

import { texts as windowTexts } from '../apps/desktop/src/window/texts/en.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { startWindowBrowser } from './support/browsers.js';
import { type Desk, startDesk } from './support/desk.js';
import { type Lab, type LabHost, type LivingRoom, makeLivingRoom } from './support/lab.js';
import { Scene } from './support/scene.js';
import { startTurnServer, type TurnServer } from './support/turn-server.js';
import { makeTwoHomes } from './support/two-homes.js';

interface Between {
  readonly scene: Scene;
  readonly turn: TurnServer;
  readonly relay: Desk;
  /** What the phone opens. */
  readonly link: string;
}

/** The only UDP that reaches either of the two comes from the TURN server's own port. */
const keepApart = ({ lab, hub, desk, phone }: LivingRoom): void => {
  for (const host of [desk, phone]) {
    lab.dropIncoming(host, [`ip saddr ${hub.address} udp sport 3478 accept`, 'meta l4proto udp drop']);
  }
};

/** A TURN server and a signaling server on one host, a desktop app and a phone's browser on two others. */
const begin = async (
  stage: { readonly lab: Lab; readonly servers: LabHost; readonly desk: LabHost; readonly phone: LabHost },
  server: Parameters<typeof startTurnServer>[1],
  { onTestFinished }: TestContext,
): Promise<Between> => {
  onTestFinished(() => {
    stage.lab.remove();
  });
  const { namespace, address } = stage.servers;
  const turn = await startTurnServer(stage.servers, server);
  onTestFinished(() => turn.stop());
  const args = ['serve', '--json', '--web', '--open', '--host', address, '--port', '0', ...turn.flags];
  const relay = startDesk({ args, namespace });
  onTestFinished(() => relay.stop());
  const url = String((await relay.after(0, 'listening')).line['url']);
  const scene = await Scene.make({ desk: stage.desk.namespace, phone: stage.phone.namespace });
  onTestFinished(() => scene.close());
  return { scene, turn, relay, link: await scene.startDesk('--signaling', url, '--phone-page', 'relay') };
};

const livingRoom = (): LivingRoom & { readonly servers: LabHost } => {
  const room = makeLivingRoom();
  keepApart(room);
  return { ...room, servers: room.hub };
};

describe('a phone and a desk that reach each other through a TURN server alone', () => {
  it('connect with credentials that the signaling server made for their session', async (context) => {
    const room = livingRoom();
    const { scene, turn, link } = await begin(room, { secret: 'the secret of both' }, context);
    await scene.connect(link);
    // Each through what the server gave to it: nothing else would hear of the other.
    expect(await scene.path()).toMatchObject({ localType: 'relay', remoteType: 'relay' });
    const { ui } = (await scene.desk.after(0, 'listening')).line;
    const window = await startWindowBrowser({ display: scene.screen.display, namespace: room.desk.namespace });
    try {
      await window.page.goto(String(ui));
      await window.page.getByText(windowTexts.control.paths.relay).waitFor();
    } finally {
      await window.close();
    }
    // Both were let in under the session's pseudonym.
    const { sessionID } = (await scene.desk.after(0, 'session')).line;
    const names = [...turn.said().matchAll(/ new, realm=<turn.example>, username=<(\d{10}):([^>]+)>/g)];
    expect(names.length).toBeGreaterThanOrEqual(2);
    const pseudonyms = new Set(names.map(([, , pseudonym]) => pseudonym));
    expect([...pseudonyms]).toEqual([expect.stringMatching(/^[A-Za-z0-9_-]{16}$/)]);
    expect(turn.said()).not.toContain(String(sessionID));
  });

  it('connect as well behind two NATs that use another port for everybody', async (context) => {
    const homes = makeTwoHomes('symmetric');
    const { scene, link } = await begin({ ...homes, servers: homes.internet }, { secret: 'north' }, context);
    await scene.connect(link);
    const { localType, remoteType } = await scene.path();
    expect([localType, remoteType]).toContain('relay');
  });

  it('do not where the signaling server has another secret, and the phone says so', async (context) => {
    const { scene, turn, link } = await begin(livingRoom(), { secret: 'north', told: 'south' }, context);
    const from = scene.log.views.length;
    await scene.ask(link);
    const { title, text } = texts.ends.no_direct_path;
    await scene.log.after(from, (shows) => shows === title);
    await scene.phone.page.getByText(text).waitFor();
    const states = scene.desk.events.filter(({ line }) => line['event'] === 'peer').map(({ line }) => line['state']);
    expect(states).not.toContain('connected');
    expect(turn.said()).toContain('check_stun_auth: Cannot find credentials');
  });
});
