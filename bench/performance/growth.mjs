// Whether a message and a session cost the same however many there are: servers with few, more and many connections side by
// side, which take turns.
import { setTimeout as after } from 'node:timers/promises';

import { costInBetterHalf, takeTurns } from './better-half.mjs';
import { dissolve, gather, startCrowd } from './crowd.mjs';
import { withProcessorTime } from './process-costs.mjs';

const rate = 4000;
const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * The processor time of the messages alone: what the same server takes for its heartbeats in as long a time is taken off.
 */
const measureMessages = async ({ port, pid }, crowd, seconds) => {
  const idle = await withProcessorTime(pid, () => after(seconds * 1000, {}));
  const start = performance.now();
  const relayed = await withProcessorTime(pid, async () => {
    const jobs = crowd.map((clients) => clients.relay({ port, rate: rate / crowd.length, seconds }));
    return { messages: sum((await Promise.all(jobs)).map(({ messages }) => messages)) };
  });
  const lasted = (performance.now() - start) / 1000;
  const { messages } = relayed;
  return {
    messages,
    processor: relayed.processor - (idle.processor / seconds) * lasted,
    idle: idle.processor / seconds,
  };
};

/**
 * @param options `sessions`: how many at each of the servers, the fewest first; `seconds`: of a round, best as long as lies
 * between two heartbeats
 * @returns the figures of growth
 */
export const measureGrowth = async ({ sessions, rounds, seconds, settleSeconds }) => {
  const crowd = startCrowd(sum(sessions));
  const gathered = {};
  for (const pairs of sessions) gathered[pairs] = await gather({ name: 'proxim', pairs, crowd, settleSeconds });
  // What is compiled at first is in no round.
  for (const pairs of sessions) await measureMessages(gathered[pairs], crowd, Math.min(2, seconds));
  const measured = await takeTurns(sessions, rounds, (pairs) => measureMessages(gathered[pairs], crowd, seconds));
  for (const pairs of sessions) await dissolve(gathered[pairs], crowd);
  await Promise.all(crowd.map((clients) => clients.stop()));

  const micros = (pairs) => costInBetterHalf(measured[pairs], 'processor', 'messages') * 1e6;
  const kilobytes = (pairs) => gathered[pairs].bytes / pairs / 1000;
  const connections = (pairs) => (pairs * 2).toLocaleString('en');
  const [fewest, ...more] = sessions;
  const against = `${connections(fewest)} connections`;
  return more.flatMap((pairs, index) => [
    {
      id: `growth-message-${index + 1}`,
      what: `processor for a message among ${connections(pairs)} connections`,
      against,
      unit: 'µs',
      ours: micros(pairs),
      theirs: micros(fewest),
      target: 1.1,
    },
    {
      id: `growth-memory-${index + 1}`,
      what: `memory of a session among ${connections(pairs)} connections`,
      against,
      unit: 'kB',
      ours: kilobytes(pairs),
      theirs: kilobytes(fewest),
      target: 1.1,
    },
  ]);
};
