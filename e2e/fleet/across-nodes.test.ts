import { randomBytes, randomUUID } from 'node:crypto';

import { describe, expect, it, onTestFinished } from 'vitest';

import { WireClient } from '../../conformance/src/wire-client.js';
import { type Fleet, type FleetNode, startFleet } from './support/fleet.js';

const token = (): string => randomBytes(16).toString('base64url');

const connectTo = async (node: FleetNode, name: string): Promise<WireClient> => {
  const client = await WireClient.connect(node.url, { name });
  onTestFinished(() => {
    client.socket.terminate();
  });
  return client;
};

const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };

const createAt = async (node: FleetNode, sessionID = token()) => {
  const desktop = await connectTo(node, 'desktop');
  const create = { type: 'session_create', sessionID, uuid: randomUUID(), peerToken: token() };
  desktop.send(create);
  await desktop.next('session_created');
  return { desktop, sessionID, create };
};

const pairAcross = async (fleet: Fleet) => {
  const [a, b] = fleet.nodes;
  const made = await createAt(a);
  const phone = await connectTo(b, 'phone');
  const request = { type: 'pair_request', sessionID: made.sessionID, deviceInfo, peerToken: token() };
  phone.send(request);
  const { promptID } = await made.desktop.next('pair_prompt');
  made.desktop.send({ type: 'pair_response', sessionID: made.sessionID, approved: true, promptID });
  expect(await phone.next('pair_result')).toMatchObject({ status: 'approved' });
  return { ...made, phone, request };
};

describe('three nodes on one NATS server', () => {
  it('pair and signal across two of them, both directions, in order and byte for byte', async () => {
    const fleet = await startFleet();
    const { desktop, phone, sessionID } = await pairAcross(fleet);
    const count = 500;
    const frame = (from: string, index: number): string =>
      `{ "type":"signal" ,"sessionID":"${sessionID}","payload":{"candidate":"${from} ${index} ü😀"},"x":[1.0e0,${index}] }`;
    const sendAll = (client: WireClient, from: string): void => {
      for (let index = 0; index < count; index += 1) client.send(frame(from, index));
    };
    const hearAll = async (client: WireClient, from: string): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        expect((await client.nextFrame('signal')).text).toBe(frame(from, index));
      }
    };
    sendAll(phone, 'phone');
    sendAll(desktop, 'desktop');
    await Promise.all([hearAll(desktop, 'phone'), hearAll(phone, 'desktop')]);
    await phone.leave(1000);
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'left' });
  });

  it('a name is taken at every node as soon as one has it, and free when that one gave it up', async () => {
    const { nodes } = await startFleet();
    const { desktop, sessionID } = await createAt(nodes[0]);
    const other = await connectTo(nodes[1], 'other');
    other.send({ type: 'session_create', sessionID, uuid: randomUUID(), peerToken: token() });
    expect(await other.next('error')).toMatchObject({ code: 'session_exists' });
    desktop.send({ type: 'session_close', sessionID });
    await desktop.next('session_closed');
    other.send({ type: 'session_create', sessionID, uuid: randomUUID(), peerToken: token() });
    await other.next('session_created');
  });

  it('a session that no node has is not found, at once', async () => {
    const { nodes } = await startFleet();
    const phone = await connectTo(nodes[2], 'phone');
    const begun = performance.now();
    phone.send({ type: 'pair_request', sessionID: 'nobody-has-this', deviceInfo });
    expect(await phone.next('error')).toMatchObject({ code: 'session_not_found', replyTo: 'pair_request' });
    // A timeout of the bus would take two seconds.
    expect(performance.now() - begun).toBeLessThan(1500);
    phone.send({ type: 'signal', sessionID: 'nobody-has-this', payload: { sdp: '' } });
    expect(await phone.next('error')).toMatchObject({ code: 'session_not_found', replyTo: 'signal' });
  });

  it('a desktop that comes back to another node takes its session up there, and the phone notices a moment only', async () => {
    const fleet = await startFleet();
    const { desktop, phone, sessionID, create } = await pairAcross(fleet);
    await desktop.lose();
    expect(await phone.next('peer_state')).toMatchObject({ state: 'lost' });
    const again = await connectTo(fleet.nodes[2], 'desktop again');
    again.send(create);
    expect(await again.next('session_created')).toMatchObject({ resumed: true });
    expect(await again.next('peer_state')).toMatchObject({ state: 'connected' });
    expect(await phone.next('peer_state')).toMatchObject({ state: 'connected' });
    again.send({ type: 'signal', sessionID, payload: { sdp: 'after' } });
    expect(await phone.next('signal')).toMatchObject({ payload: { sdp: 'after' } });
  });

  it('a phone that comes back to another node is the same phone, and its old connection is replaced', async () => {
    const fleet = await startFleet();
    const { desktop, phone, request } = await pairAcross(fleet);
    const again = await connectTo(fleet.nodes[2], 'phone again');
    again.send(request);
    expect(await again.next('pair_result')).toMatchObject({ status: 'approved', resumed: true });
    expect(await phone.end()).toMatchObject({ code: 4000 });
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'connected' });
    await desktop.quiet();
  });

  it('whoever is no owner changes nothing from another node', async () => {
    const fleet = await startFleet();
    const { desktop, phone, sessionID } = await pairAcross(fleet);
    const stranger = await connectTo(fleet.nodes[2], 'stranger');
    for (const message of [
      { type: 'session_close', sessionID },
      { type: 'pair_response', sessionID, approved: true },
      { type: 'signal', sessionID, payload: { sdp: 'mine' } },
    ]) {
      stranger.send(message);
      const { code } = await stranger.next('error');
      expect(['not_allowed', 'not_paired']).toContain(code);
    }
    stranger.send({ type: 'pair_request', sessionID, deviceInfo });
    expect(await stranger.next('error')).toMatchObject({ code: 'session_busy' });
    await desktop.quiet();
    await phone.quiet();
  });
});
