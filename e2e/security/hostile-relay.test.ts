import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { event } from '../../apps/desktop/test/support/command.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import {
  editing,
  HostileRelay,
  intrude,
  type Intruder,
  isCandidate,
  isDescription,
  isType,
  type Lie,
  messageOf,
  payloadOf,
} from './hostile-relay.js';
import { type Code, type Phone, TrustStage } from './trust-stage.js';

const { ends } = texts;
const honest: Lie = (frame) => [frame];

describe('a hostile relay between the desktop app and a phone’s browser', () => {
  let stage: TrustStage;
  let relay: HostileRelay;
  let code: Code;
  let phone: Phone;
  let attacker: Intruder;

  beforeAll(async () => {
    relay = await HostileRelay.start();
    stage = await TrustStage.start();
    await stage.startApp('--signaling', relay.url);
    code = await stage.nextCode();
  });

  afterAll(async () => {
    await stage.close();
    await relay.close();
    await unloadNodeRtcEngine();
  });

  beforeEach(async () => {
    relay.lie = honest;
    relay.passed.length = 0;
    code = await stage.newCode();
    phone = await stage.newPhone();
    attacker = await intrude(relay, code.sessionID);
  });

  afterEach(async () => {
    // Whatever was tried, nobody but the phone was ever in.
    expect(attacker.channels).toEqual([]);
    expect(attacker.states).not.toContain('connected');
    attacker.connection.close();
    relay.lie = honest;
    await phone.context.close();
    stage.app.send({ command: 'close', sessionID: code.sessionID });
    await stage.forgetWhatWasSaid();
  });

  /** The phone asks, and the user approves. */
  const pair = async (): Promise<void> => {
    await phone.asks(code.link);
    await stage.approve(code.sessionID);
  };

  /** The phone asks and is let in; the relay has been honest so far. */
  const connect = async (): Promise<void> => {
    await pair();
    await phone.isConnected();
    await stage.app.next(event('peer', { sessionID: code.sessionID, state: 'connected' }));
  };

  /** Each offer of the phone's from the `from`th frame on takes all the time that it may, until the phone gives up. */
  const offersInVain = async (from: number, onOffer: (offer: string) => void = () => undefined): Promise<void> => {
    const offers = (): string[] =>
      relay.passed
        .slice(from)
        .flatMap(({ frame, way }) => (way === 'from_phone' && isDescription(frame, 'offer') ? [frame] : []));
    const isOver = phone.isTold(ends.no_direct_path).then(() => true);
    let seen = 0;
    const another = (): Promise<false> => relay.seen(() => offers().length > seen).then(() => false);
    while (!(await Promise.race([isOver, another()]))) {
      seen += 1;
      onOffer(offers()[seen - 1] ?? '{}');
      await phone.page.clock.fastForward(21_000);
    }
    expect(seen).toBeGreaterThanOrEqual(2);
  };

  it('[AU7] that swaps the SDP of the offer: nobody is connected, and both screens say so', () =>
    stage.withoutInput(async () => {
      relay.lie = editing('offer', (payload) => ({ ...payload, sdp: attacker.offer }));
      await pair();
      await phone.isTold(ends.refused);
      await stage.saysTurnedAway('auth_wrong');
      await stage.neverConnected(code.sessionID);
    }));

  it('[AU7] [AU19] that swaps the SDP of the answer: nobody is connected, and both screens say so', () =>
    stage.withoutInput(async () => {
      const sdp = attacker.offer.replace('actpass', 'active');
      relay.lie = editing('answer', (payload) => ({ ...payload, sdp }));
      await pair();
      await phone.isTold(ends.forged);
      await stage.saysTurnedAway('auth_wrong');
      await stage.neverConnected(code.sessionID);
    }));

  it('[AU14] that strips the auth of the request: the user is not asked, and both screens say so', () =>
    stage.withoutInput(async () => {
      relay.lie = (frame) => [
        isType(frame, 'pair_request') ? JSON.stringify({ ...messageOf(frame), auth: undefined }) : frame,
      ];
      await phone.asks(code.link);
      await phone.isTold(ends.unverified);
      await stage.saysTurnedAway('unverified');
      await stage.neverConnected(code.sessionID);
    }));

  it.each(['offer', 'answer'] as const)(
    '[AU11] [AU18] that strips the auth of the %s: nobody is connected, and both screens say so',
    (type) =>
      stage.withoutInput(async () => {
        relay.lie = editing(type, ({ sdp }) => ({ sdp, type }));
        await pair();
        await phone.isTold(type === 'offer' ? ends.refused : ends.forged);
        await stage.saysTurnedAway('auth_missing');
        await stage.neverConnected(code.sessionID);
      }),
  );

  it('[AU16] that asks under another name: the user is not asked, and both screens say so', () =>
    stage.withoutInput(async () => {
      relay.lie = (frame, way) =>
        way === 'to_desktop' && isType(frame, 'pair_prompt')
          ? [JSON.stringify({ ...messageOf(frame), deviceInfo: { name: 'Your own phone', id: 'own' } })]
          : [frame];
      await phone.asks(code.link);
      await phone.isTold(ends.unverified);
      const { message } = await stage.app.next(event('error', { code: 'auth_wrong' }));
      expect(message).toContain('Your own phone was turned away');
      await stage.neverConnected(code.sessionID);
    }));

  it('[SG11] [SG12] [PR3] that says every frame twice, and all of them again later: one question, and control goes on', async () => {
    // A second approval would be an error of the server's, which says that the first one came too late.
    const once = ['ping', 'session_create', 'pair_response'];
    relay.lie = (frame) => (once.some((type) => isType(frame, type)) ? [frame] : [frame, frame]);
    await connect();
    await stage.isInControl(phone);
    relay.lie = honest;
    for (const { frame, way } of [...relay.passed]) {
      if (way === 'to_desktop') relay.say('desktop', messageOf(frame));
      if (way === 'to_phone') relay.say('phone', messageOf(frame));
    }
    await stage.isInControl(phone);
    const lines = await stage.said();
    expect(lines.filter(({ event: name }) => name === 'pair_prompt')).toEqual([]);
    expect(lines.filter(({ event: name, state }) => name === 'peer' && state === 'connected')).toEqual([]);
  });

  it('[AU9] [SG11] that replays the request and the offer when the phone has gone: nobody is asked, and nobody is in', async () => {
    await connect();
    const prompt = await relay.seen((frame, way) => way === 'to_desktop' && isType(frame, 'pair_prompt'));
    const offer = await relay.seen((frame, way) => way === 'to_desktop' && isDescription(frame, 'offer'));
    await phone.page.getByRole('button', { name: texts.connected.settings }).click();
    await phone.page.getByRole('button', { name: texts.settings.disconnect }).click();
    await phone.isTold(ends.left);
    await stage.app.next(event('peer', { sessionID: code.sessionID, state: 'disconnected' }));
    await stage.withoutInput(async () => {
      // A server that forgot everything, and a phone that seems to be back.
      const { sessionID } = code;
      const created = await relay.seen(
        (frame, way) => way === 'to_desktop' && messageOf(frame)['sessionID'] === sessionID,
      );
      relay.say('desktop', { ...messageOf(created), resumed: false });
      relay.say('desktop', { ...messageOf(prompt), promptID: 'another' });
      relay.say('desktop', { type: 'peer_state', sessionID, state: 'connected' });
      relay.say('desktop', messageOf(offer));
      await stage.saysTurnedAway('auth_wrong');
      relay.say('desktop', { ...messageOf(offer), payload: { ...payloadOf(offer), sdp: attacker.offer } });
      await stage.saysTurnedAway('auth_wrong');
      await stage.neverConnected(sessionID);
    });
  });

  it('[SG7] that reorders, candidates before descriptions and last ones first: the phone is in control', async () => {
    const held = new Map<string, string[]>();
    relay.lie = (frame, way) => {
      if (!way.startsWith('to_') || !isType(frame, 'signal')) return [frame];
      const frames = held.get(way) ?? [];
      held.set(way, frames);
      frames.unshift(frame);
      // The last candidate is an empty one: with it all of them go, backwards.
      return isCandidate(frame) && payloadOf(frame)['candidate'] === '' ? frames.splice(0) : [];
    };
    await connect();
    await stage.isInControl(phone);
  });

  it('[AU4] [AU5] that reflects the phone’s frames back to it: nobody is connected, and the phone says so', () =>
    stage.withoutInput(async () => {
      relay.lie = (frame, way) => {
        if (way !== 'from_phone' || !isType(frame, 'signal')) return [frame];
        const payload = payloadOf(frame);
        relay.say('phone', {
          ...messageOf(frame),
          payload: 'sdp' in payload ? { ...payload, type: 'answer' } : payload,
        });
        return [];
      };
      await pair();
      await phone.isTold(ends.forged);
      await stage.neverConnected(code.sessionID);
    }));

  it('[AU19] that answers in the computer’s place: nobody is connected, and both screens say so', () =>
    stage.withoutInput(async () => {
      relay.lie = (frame, way) => {
        if (way !== 'from_phone' || !isDescription(frame, 'offer')) return [frame];
        const payload = { sdp: attacker.offer.replace('actpass', 'active'), type: 'answer', auth: 'A'.repeat(43) };
        relay.say('phone', { ...messageOf(frame), payload });
        return [];
      };
      await pair();
      await phone.isTold(ends.forged);
      await stage.saysTurnedAway('auth_wrong');
      await stage.neverConnected(code.sessionID);
    }));

  it.each([
    ['without auth', undefined, 'auth_missing'],
    ['with an auth of its own', 'A'.repeat(43), 'auth_wrong'],
  ] as const)(
    '[AU11] that offers in the phone’s place, %s: only the phone is in, and the computer says so',
    async (_, auth, why) => {
      await connect();
      const { sessionID } = code;
      relay.say('desktop', { type: 'signal', sessionID, payload: { sdp: attacker.offer, type: 'offer', auth } });
      await stage.saysTurnedAway(why);
      await stage.isInControl(phone);
    },
  );

  it('[AU4] that takes the phone’s auth for an offer of its own before the phone’s: nobody is in, and both are told', () =>
    stage.withoutInput(async () => {
      relay.lie = (frame, way) => {
        if (way !== 'from_phone' || !isDescription(frame, 'offer')) return [frame];
        relay.sayFor(
          'phone',
          JSON.stringify({ ...messageOf(frame), payload: { ...payloadOf(frame), sdp: attacker.offer } }),
        );
        return [];
      };
      await pair();
      await stage.saysTurnedAway('auth_wrong');
      await phone.isTold(ends.refused);
      await stage.neverConnected(code.sessionID);
    }));

  it('[AU2] that mixes two sessions: the request of one is none for the other, and both screens say so', () =>
    stage.withoutInput(async () => {
      const other = await stage.newCode();
      relay.lie = (frame, way) =>
        way === 'to_desktop' && isType(frame, 'pair_prompt')
          ? [JSON.stringify({ ...messageOf(frame), sessionID: other.sessionID })]
          : [frame];
      await phone.asks(code.link);
      await stage.saysTurnedAway('auth_wrong');
      relay.say('phone', { type: 'pair_result', sessionID: code.sessionID, status: 'rejected', reason: 'unverified' });
      await phone.isTold(ends.unverified);
      for (const { sessionID } of [code, other]) await stage.neverConnected(sessionID);
      stage.app.send({ command: 'close', sessionID: other.sessionID });
    }));

  it('that keeps a stale session, which the computer has closed: nobody is in, and the phone says so', async () => {
    await connect();
    const { sessionID } = code;
    // The phone is out of reach when the session is closed, and the server never hears of that.
    relay.lie = (frame) => (isType(frame, 'session_close') || isType(frame, 'session_closed') ? [] : [frame]);
    await phone.page.clock.install();
    await phone.page.goto('about:blank');
    await stage.app.next(event('peer', { sessionID, state: 'disconnected' }));
    stage.app.send({ command: 'close', sessionID });
    await stage.app.next(event('session_closed', { sessionID, reason: 'closed_by_desktop' }));
    await stage.withoutInput(async () => {
      const from = relay.passed.length;
      await phone.page.goto(new URL('/', code.link).href);
      await offersInVain(from);
      await stage.neverConnected(sessionID);
    });
  });

  it('that says approved where nobody was asked, and answers: nobody is connected, and the phone says so', () =>
    stage.withoutInput(async () => {
      relay.lie = (frame, way) => {
        if (way !== 'from_phone') return [frame];
        if (isType(frame, 'pair_request')) relay.say('phone', approved(code));
        const payload = { sdp: attacker.offer.replace('actpass', 'active'), type: 'answer', auth: 'A'.repeat(43) };
        if (isDescription(frame, 'offer')) relay.say('phone', { ...messageOf(frame), payload });
        return [];
      };
      await phone.asks(code.link);
      await phone.isTold(ends.forged);
      await stage.neverConnected(code.sessionID);
    }));

  it('that says approved where the user rejected: nobody is connected, and the phone says so', () =>
    stage.withoutInput(async () => {
      relay.lie = (frame, way) =>
        way === 'to_phone' && isType(frame, 'pair_result') ? [JSON.stringify(approved(code))] : [frame];
      await phone.page.clock.install();
      await phone.asks(code.link);
      const { promptID } = await stage.app.next(event('pair_prompt'));
      stage.app.send({ command: 'reject', sessionID: code.sessionID, promptID });
      await offersInVain(0, (offer) => {
        relay.say('desktop', messageOf(offer));
      });
      await stage.neverConnected(code.sessionID);
    }));

  it('that says rejected where the user approved, and offers itself: nobody is in, and both are told', () =>
    stage.withoutInput(async () => {
      const { sessionID } = code;
      relay.lie = (frame, way) =>
        way === 'to_phone' && isType(frame, 'pair_result')
          ? [JSON.stringify({ type: 'pair_result', sessionID, status: 'rejected', reason: 'rejected_by_user' })]
          : [frame];
      await pair();
      await phone.isTold(ends.rejected_by_user);
      relay.say('desktop', { type: 'signal', sessionID, payload: { sdp: attacker.offer, type: 'offer' } });
      await stage.saysTurnedAway('auth_missing');
      await stage.neverConnected(sessionID);
    }));

  it('[EX6] [EX7] that never says that the time is up: it is up by the computer’s clock, and both screens say so', async () => {
    const brief = await stage.newCode({ ttlSeconds: 4 });
    relay.lie = (frame, way) => {
      if (isType(frame, 'session_closed') || isType(frame, 'session_close')) return [];
      const message = messageOf(frame);
      return ['to_phone', 'to_desktop'].includes(way) && 'expiresInSeconds' in message
        ? [JSON.stringify({ ...message, expiresInSeconds: 1_000_000 })]
        : [frame];
    };
    await phone.asks(brief.link);
    await stage.approve(brief.sessionID);
    await phone.isConnected();
    await stage.app.next(event('session_closed', { sessionID: brief.sessionID, reason: 'expired' }));
    await phone.isTold(ends.expired);
    await stage.withoutInput(async () => {
      const { sessionID } = brief;
      const prompt = await relay.seen((frame, way) => way === 'to_desktop' && isType(frame, 'pair_prompt'));
      relay.say('desktop', messageOf(prompt));
      relay.say('desktop', { type: 'signal', sessionID, payload: { sdp: attacker.offer, type: 'offer' } });
      const said = await stage.said();
      expect(said.filter((line) => line['sessionID'] === sessionID && line['event'] === 'pair_prompt')).toEqual([]);
    });
  });

  it.each([10_000_000, 1e300])(
    '[CB12] that says that there are %s seconds left: the phone goes on',
    async (seconds) => {
      relay.lie = (frame, way) =>
        way === 'to_phone' && isType(frame, 'pair_result')
          ? [JSON.stringify({ ...messageOf(frame), expiresInSeconds: seconds })]
          : [frame];
      await connect();
      await stage.isInControl(phone);
    },
  );

  it('[AU18] [CB12] [CB11] that forges refusals, absences and errors, and hangs up: the phone goes on', async () => {
    await connect();
    const { sessionID } = code;
    const payload = { candidate: '', refused: 'auth_wrong' };
    for (const to of ['phone', 'desktop'] as const) {
      relay.say(to, { type: 'signal', sessionID, payload });
      for (const state of ['lost', 'left']) relay.say(to, { type: 'peer_state', sessionID, state });
    }
    for (const why of ['session_busy', 'session_not_found', 'not_allowed', 'capacity']) {
      relay.say('phone', { type: 'error', code: why, message: '-', replyTo: 'pair_request', sessionID });
    }
    relay.say('desktop', { type: 'error', code: 'not_paired', message: '-', replyTo: 'pair_response', sessionID });
    relay.say('desktop', { type: 'pair_cancel', sessionID, reason: 'mobile_left' });
    relay.say('phone', { type: 'session_closed', sessionID, reason: 'desktop_lost' });
    await stage.saysTurnedAway('auth_wrong');
    await stage.isInControl(phone);
    relay.hangUp('phone', 4000);
    await stage.isInControl(phone);
  });

  it('[SG10] that names servers and candidates of its own: the phone is in control, past all of them', async () => {
    const iceServers = [
      { urls: 'turn:127.0.0.1:9?transport=udp', username: 'relay', credential: 'relay' },
      { urls: 'stun:127.0.0.1:9' },
      { urls: ['nonsense', 'turn:no-credentials.example', `stun:${'x'.repeat(300)}`] },
      ...Array.from({ length: 200 }, (_, index) => ({ urls: `stun:127.0.0.1:${String(index + 1)}` })),
    ];
    relay.lie = (frame, way) => {
      const message = messageOf(frame);
      if (way.startsWith('to_') && 'iceServers' in message) return [JSON.stringify({ ...message, iceServers })];
      if (!way.startsWith('to_') || !isCandidate(frame)) return [frame];
      const payload = { ...payloadOf(frame), candidate: 'candidate:1 1 UDP 2122317823 127.0.0.1 9 typ host' };
      return [frame, JSON.stringify({ ...message, payload })];
    };
    await connect();
    await stage.isInControl(phone);
  });

  it('[TR4] that says more than anybody may: the phone goes on', async () => {
    await connect();
    const { sessionID } = code;
    for (const to of ['phone', 'desktop'] as const) {
      relay.say(to, { type: 'signal', sessionID, payload: { sdp: 'x'.repeat(1_000_000), type: 'offer' } });
    }
    // What is too large for the computer ends its connection; it comes back and takes its session up again.
    await relay.seen((frame, way) => way === 'to_desktop' && messageOf(frame)['resumed'] === true);
    await stage.isInControl(phone);
  });

  it('[LK5] [LK6] [LK7] [LK8] that reads everything learns no secret, and the phone keeps them in its tab alone, until the end', async () => {
    await connect();
    const tab = (): Promise<string> => phone.page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
    await expect.poll(tab).toContain('deviceSecret');
    const kept = await tab();
    const k = new URLSearchParams(new URL(code.link).hash.slice(1)).get('k') ?? '';
    const d = /deviceSecret\W+([0-9a-f]{64})/.exec(kept)?.[1] ?? '';
    expect(kept).toContain(k);
    expect([k.length, d.length]).toEqual([22, 64]);
    const secrets = [k, Buffer.from(k, 'base64url').toString('hex'), d, Buffer.from(d, 'hex').toString('base64url')];
    const read = relay.passed.map(({ frame }) => frame).join('\n');
    for (const secret of secrets) expect(read).not.toContain(secret);
    expect(phone.page.url()).toBe(new URL('/', code.link).href);
    const lasting = await phone.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    for (const secret of secrets) expect(lasting).not.toContain(secret);
    await phone.page.goBack();
    await phone.page.goForward();
    expect(phone.page.url()).toBe(new URL('/', code.link).href);
    await phone.isConnected();
    stage.app.send({ command: 'close', sessionID: code.sessionID });
    await phone.isTold(ends.closed_by_desktop);
    const left = await tab();
    for (const secret of secrets) expect(left).not.toContain(secret);
    for (const secret of secrets) expect(stage.app.errors()).not.toContain(secret);
  });

  it('[CB17] that says session_exists: the session ends, the computer says so, and no phone gets in by its code', () =>
    stage.withoutInput(async () => {
      const { sessionID } = code;
      relay.say('desktop', {
        type: 'error',
        code: 'session_exists',
        message: '-',
        replyTo: 'session_create',
        sessionID,
      });
      await stage.app.next(event('session_closed', { sessionID, reason: 'desktop_lost' }));
      relay.lie = (frame, way) => {
        if (way === 'from_phone' && isType(frame, 'pair_request')) relay.say('phone', approved(code));
        return way === 'from_phone' && !isType(frame, 'ping') ? [] : [frame];
      };
      await phone.page.clock.install();
      await phone.asks(code.link);
      await offersInVain(0);
    }));
});

const approved = ({ sessionID }: Code) => ({
  type: 'pair_result',
  sessionID,
  status: 'approved',
  resumed: false,
  expiresInSeconds: 900,
  iceServers: [],
});
