import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pairedPeers, script, setStage } from './stage.js';

describe('signals between paired peers', () => {
  it('[SG2] arrive byte for byte, whatever their spelling', async () => {
    const { desktop, phone, sessionID } = await pairedPeers(await setStage());
    const frames = [
      `{"type":"signal","sessionID":"${sessionID}","payload":{"sdp":"v=0\\r\\n"}}`,
      ` {\t"payload" :\r\n{ "sdp" : "x" } , "sessionID":"${sessionID}","type":"signal" }\n`,
      `{"sessionID":"${sessionID}","type":"\\u0073ignal","payload":{"sdp":"\\u00e9\\/\\ud83d\\udcf1"}}`,
      `{"type":"signal","sessionID":"${sessionID}","payload":{"sdp":"é电话📱\u2028\u2029\u007f\ufeff"}}`,
      `{"type":"signal","sessionID":"${sessionID}","payload":{"candidate":null,"n":1.0e+2,"big":12345678901234567890,"z":-0}}`,
      `{"type":"signal","sessionID":"${sessionID}","payload":{"candidate":"","candidate":"twice","__proto__":{"a":1}}}`,
      `{"type":"signal","sessionID":"${sessionID}","payload":{"sdp":"\\ud800"},"more":["unknown",{"deep":[[[]]]}]}`,
    ];
    for (const [from, to] of [
      [phone, desktop],
      [desktop, phone],
    ] as const) {
      for (const frame of frames) from.send(frame);
      for (const frame of frames) expect((await to.nextFrame('signal')).text).toBe(frame);
      await from.quiet();
    }
  });

  it('[SG1] [SG2] keep their order, in both directions at once', async () => {
    const { desktop, phone, signal } = await pairedPeers(await setStage({ limits: { signalBurst: 2000 } }));
    const count = 500;
    for (let index = 0; index < count; index += 1) {
      phone.send(signal({ candidate: `phone ${index}` }));
      desktop.send(signal({ candidate: `desktop ${index}` }));
    }
    for (let index = 0; index < count; index += 1) {
      expect(await desktop.next('signal')).toMatchObject({ payload: { candidate: `phone ${index}` } });
      expect(await phone.next('signal')).toMatchObject({ payload: { candidate: `desktop ${index}` } });
    }
  });

  it('[SG2] [SG5] any payload, in any layout', async () => {
    const { desktop, phone, sessionID } = await pairedPeers(await setStage({ limits: { signalBurst: 10_000 } }));
    await fc.assert(
      fc.asyncProperty(
        fc.json({ maxDepth: 4, stringUnit: 'binary' }),
        fc.constantFrom('sdp', 'candidate'),
        fc.constantFrom('', ' ', '\n', '\t\r\n  '),
        async (json, key, space) => {
          const frame = `{${space}"payload":${space}{"${key}":${json}},${space}"type":"signal","sessionID":"${sessionID}"}`;
          phone.send(frame);
          expect((await desktop.nextFrame('signal')).text).toBe(frame);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('[SG1] [SG2] [LI2] go to the phone of their session, and nowhere once it is closed', async () => {
    const stage = await setStage({ limits: { pairBurst: 3 } });
    const { desktop, phone, signal, close } = await pairedPeers(stage);
    const second = script();
    desktop.send(second.create);
    await desktop.next('session_created');
    const other = await stage.connect('other phone');
    other.send(second.request);
    await desktop.next('pair_prompt');
    desktop.send(second.approve);
    await other.next('pair_result');
    desktop.send(signal({ sdp: 'one' }));
    desktop.send(second.signal({ sdp: 'two' }));
    expect(await phone.next('signal')).toEqual(signal({ sdp: 'one' }));
    expect(await other.next('signal')).toEqual(second.signal({ sdp: 'two' }));
    desktop.send(close);
    await phone.next('session_closed');
    await desktop.next('session_closed');
    // Two of three were spent on the requests. What was one's own is guessed at like any other.
    desktop.send(signal({ sdp: 'one' }));
    expect(await desktop.next('error')).toMatchObject({ code: 'session_not_found', replyTo: 'signal' });
    desktop.send(signal({ sdp: 'one' }));
    expect(await desktop.next('error')).toMatchObject({ code: 'rate_limited', replyTo: 'signal' });
    desktop.send(second.signal({ sdp: 'two' }));
    await other.next('signal');
    await phone.quiet();
  });

  it('[TR9] [ER2] a frame with a key that stands twice is not relayed', async () => {
    const { desktop, phone, sessionID } = await pairedPeers(await setStage());
    phone.send(`{"type":"signal","sessionID":"${sessionID}","payload":{"sdp":"a"},"p\\u0061yload":{"sdp":"b"}}`);
    expect(await phone.next('error')).toMatchObject({ code: 'bad_message', replyTo: 'signal', sessionID });
    await desktop.quiet();
  });

  it('[SG5] [AU12] [PR1] an auth goes through untouched: right, wrong or none is between the peers', async () => {
    const stage = await setStage();
    const { desktop, phone, signal } = await pairedPeers(stage);
    for (const auth of ['right?', '', undefined]) {
      phone.send(signal({ sdp: 'v=0', type: 'offer', auth }));
      expect(await desktop.next('signal')).toEqual(
        JSON.parse(JSON.stringify(signal({ sdp: 'v=0', type: 'offer', auth }))),
      );
    }
  });
});
