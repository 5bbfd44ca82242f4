import type { AnsweringConnection, DirectState, OfferingConnection, RtcEngine } from '@proxim/peer';
import type { CandidatePayload } from '@proxim/protocol';

import type { Check } from '../check.js';
import { failure, type Finding, ok, unknown } from '../finding.js';

const question = 'Is anybody there?';
const reply = 'Yes.';

/** The same port of the same socket, by way of 127.0.0.1. Undefined for the end of the candidates. */
const overLoopback = (candidate: string): string | undefined => {
  const parts = candidate.split(' ');
  if (parts.length < 8) return undefined;
  return parts.map((part, index) => (index === 4 ? '127.0.0.1' : part)).join(' ');
};

const howItWent = (engine: RtcEngine, signal: AbortSignal): Promise<Finding> =>
  new Promise((resolve) => {
    const connections: (OfferingConnection | AnsweringConnection)[] = [];
    let isOver = false;
    const finish = (finding: Finding): void => {
      if (isOver) return;
      isOver = true;
      for (const connection of connections) connection.close();
      resolve(finding);
    };
    signal.addEventListener('abort', () => {
      finish(unknown('Two connections of this computer did not find each other in time.', 'Try once more.'));
    });
    const onState = (state: DirectState): void => {
      if (state !== 'failed') return;
      finish(
        failure(
          'Two WebRTC connections of this computer do not find each other over 127.0.0.1.',
          'Look for a firewall or security program that stops UDP for Node.js.',
        ),
      );
    };

    /** The answerer's candidates, until the offerer has its answer and can take them. */
    let early: CandidatePayload[] | undefined = [];
    let candidates = 0;
    const offerer = engine.offer({
      iceServers: [],
      channels: [{ label: 'doctor', ordered: true }],
      handlers: {
        onCandidate: () => undefined,
        onState,
        onChannel: (channel) => {
          channel.onMessage((data) => {
            if (data === reply) finish(ok('WebRTC works: a message went over 127.0.0.1 and back.'));
          });
          channel.send(question);
        },
      },
    });
    const answerer = engine.answer({
      iceServers: [],
      handlers: {
        onCandidate: (candidate) => {
          const rewritten = overLoopback(candidate.candidate);
          if (rewritten !== undefined) {
            const moved = { ...candidate, candidate: rewritten };
            candidates += 1;
            if (early) early.push(moved);
            else offerer.addCandidate(moved);
          } else if (candidates === 0) {
            finish(
              unknown(
                'The WebRTC engine starts, but without a network there is nothing to try it on.',
                'See to the address first.',
              ),
            );
          }
        },
        onState,
        onChannel: (channel) => {
          channel.onMessage((data) => {
            if (data === question) channel.send(reply);
          });
        },
      },
    });
    connections.push(offerer, answerer);
    offerer
      .createOffer()
      .then((offer) => answerer.acceptOffer(offer))
      .then((answer) => offerer.acceptAnswer(answer))
      .then(() => {
        for (const candidate of early ?? []) offerer.addCandidate(candidate);
        early = undefined;
      })
      .catch(() => {
        finish(failure('The WebRTC engine refuses its own connection.', 'Install the packages anew: `npm ci`'));
      });
  });

/** Whether the WebRTC engine runs on this machine: one connection to itself, a message there and back. */
export const webrtcCheck = (options: { readonly loadEngine: () => Promise<RtcEngine> }): Check => ({
  name: 'webrtc',
  limitMs: 10_000,
  run: async (signal) => {
    let engine: RtcEngine;
    try {
      engine = await options.loadEngine();
    } catch {
      return failure(
        'The WebRTC engine cannot be loaded on this system.',
        'Install the packages anew, with Node.js for this very system: `npm ci`',
      );
    }
    if (signal.aborted) return unknown('The WebRTC engine took too long to start.', 'Try once more.');
    return howItWent(engine, signal);
  },
});
