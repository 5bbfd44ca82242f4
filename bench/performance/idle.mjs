// What a paired session holds of the server's memory while nobody says anything, against two connections of `ws` alone.
import { costInBetterHalf, takeTurns } from './better-half.mjs';
import { dissolve, gather, startCrowd } from './crowd.mjs';
import { servers } from './servers/index.mjs';

/** @returns the figure of idle sessions */
export const measureIdle = async ({ sessions, rounds, settleSeconds }) => {
  const crowd = startCrowd(sessions);
  const measured = await takeTurns(['proxim', 'bare'], rounds, async (name) => {
    const { bytes, pairs, ...server } = await gather({ name, pairs: sessions, crowd, settleSeconds });
    await dissolve(server, crowd);
    return { bytes, pairs };
  });
  await Promise.all(crowd.map((clients) => clients.stop()));
  const kilobytes = (name) => costInBetterHalf(measured[name], 'bytes', 'pairs') / 1000;
  return [
    {
      id: 'idle',
      what: `memory of a paired session among ${sessions.toLocaleString('en')}, idle`,
      against: `two connections, ${servers.bare.label}`,
      unit: 'kB',
      ours: kilobytes('proxim'),
      theirs: kilobytes('bare'),
      target: 1.3,
    },
  ];
};
