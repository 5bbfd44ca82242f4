// The whole question, answered once for one seed.
import { liveDay, together } from './day.mjs';
import { loseNats, loseNode, loseRegion, upgrade } from './events.mjs';
import { needInNeed, needOnADay, natsLoad } from './need.mjs';
import { createRandom } from './random.mjs';

/** `{ name: { value } }` as `{ name: value }`. */
export const valuesOf = (described) =>
  Object.fromEntries(Object.entries(described).map(([name, { value }]) => [name, value]));

const busiest = (rows) => rows.reduce((best, row) => (row.desktops > best.desktops ? row : best));

/** How so many processes and cores are shared out among the regions that are left: in proportion to their own needs. */
const planFor = (rows, regions, costs, given) => {
  const plan = {};
  for (const region of regions) {
    const own = needOnADay(together(rows, [region]), costs, given);
    plan[region] = { own, nodes: own.nodes, proxyCores: own.proxyCores + 1 };
  }
  // With one lost the others share its load; each pair of survivors has to bear the whole of it.
  for (const lost of regions) {
    const left = regions.filter((region) => region !== lost);
    const whole = needInNeed(together(rows, regions), costs, given);
    for (const name of ['nodes', 'proxyCores']) {
      const has = left.reduce((sum, region) => sum + plan[region].own[name], 0);
      for (const region of left) {
        plan[region][name] = Math.max(plan[region][name], Math.ceil((whole[name] * plan[region].own[name]) / has));
      }
    }
  }
  return plan;
};

/** The worst minute in which a region can be lost: when it has the most desktops. */
const worstLoss = (rows, regions, plan) => {
  const cases = regions.map((lost) => {
    const at = rows.reduce((best, row, index) => (row[lost].desktops > rows[best][lost].desktops ? index : best), 0);
    const left = regions.filter((region) => region !== lost);
    const sumOf = (name) => left.reduce((sum, region) => sum + plan[region][name], 0);
    return {
      region: lost,
      lost: rows[at][lost],
      left: together([rows[at]], left)[0],
      nodes: sumOf('nodes'),
      proxyCores: sumOf('proxyCores'),
    };
  });
  return cases.reduce((worst, one) => (one.lost.desktops > worst.lost.desktops ? one : worst));
};

/**
 * @param costs and `given` the two input files, as plain numbers
 * @param sample counts one in so many of those who come back from a lost region
 * @param day a day that was lived already
 */
export const answer = ({ costs, given, seed, sample = 1, day = liveDay(given, createRandom(seed)) }) => {
  const random = createRandom(seed + 1);
  const { rows, regions } = day;
  const plan = planFor(rows, regions, costs, given);
  const loss = worstLoss(rows, regions, plan);
  const region = busiest(together(rows, [loss.region]));
  const { nodes, proxyCores } = plan[loss.region];
  const at = { region, nodes, proxyCores };
  const nats = Object.fromEntries(
    regions.map((name) => {
      const worst = together(rows, [name]).map((row) => natsLoad(row, plan[name].nodes, costs, given));
      return [name, worst.reduce((best, load) => (load.cpu > best.cpu ? load : best))];
    }),
  );
  return {
    day,
    plan,
    nats,
    lossOf: loss.region,
    world: together(rows, regions),
    events: {
      killed: loseNode({ ...at, isSilent: false }, costs, given, random),
      silent: loseNode({ ...at, isSilent: true }, costs, given, random),
      region: loseRegion({ ...loss, sample }, costs, given, random),
      upgrade5: upgrade({ ...at, spreadSeconds: 5 }, costs, given, random),
      upgrade30: upgrade({ ...at, spreadSeconds: 30 }, costs, given, random),
      nats: loseNats({ ...at, seconds: 60 }, costs, given, random),
    },
  };
};
