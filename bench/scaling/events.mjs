// What breaks: a node, a region, NATS; and an upgrade on purpose. Each at the worst minute of the day.
import { comeBack, backBy } from './comeback.mjs';
import { loadOf } from './need.mjs';
import { askAgainAtLeisureMs, askAgainMs, pingEveryMs, pongWithinMs, windowMs } from './peer-constants.mjs';

/** The processor time of those who are left that may be used for those who come back. */
const usableShare = 0.9;
/** `deadSeconds` of the bus, and how often it looks. */
const deadMs = 3500;
const looksEveryMs = 1000;
/** How long a nats-server that is back goes unnoticed, at most: `reconnectTimeWait` and its jitter. */
const natsNoticedMs = 500;

/**
 * What a pool can do for those who come to it on top of what it does already. The more of them are back, the less is left.
 *
 * @param busy whom it serves already, and `coming` who comes
 */
const takersOf = ({ nodes, proxyCores, busy, coming }, costs, given) => {
  const count = coming.desktops + coming.phones;
  const desktopShare = coming.desktops / count;
  const nodeCost =
    costs.connectCpu +
    desktopShare * given.sessionsPerDesktop * costs.createCpu +
    (1 - desktopShare) * costs.pairingCpu;
  const [now, then] = [busy, sumOf(busy, coming)].map((row) => loadOf(row, costs, given));
  const ratesAt = (back) => {
    const use = (name) => now[name] + ((then[name] - now[name]) * back) / count;
    return {
      nodes: Math.max(1, (nodes * usableShare - use('nodeCpu')) / nodeCost),
      proxies: Math.max(1, (proxyCores * usableShare - use('proxyCpu')) / costs.tlsConnectCpu),
    };
  };
  const rateAt = (back) => {
    const rates = ratesAt(back);
    return Math.min(rates.nodes, rates.proxies);
  };
  const shortOf = ({ nodes: ofNodes, proxies }) => (ofNodes < proxies ? 'nodes' : 'proxies');
  const short = { first: shortOf(ratesAt(0)), last: shortOf(ratesAt(count)) };
  return { rateAt, backlog: given.backlog * proxyCores, short };
};

/** The same pool with one in so many of its parts. */
const sampled = ({ rateAt, backlog, short }, sample) => ({
  rateAt: (back) => rateAt(back * sample) / sample,
  backlog: backlog / sample,
  short,
});

const named = (pick) =>
  Object.fromEntries(['desktops', 'phones', 'desktopsCame', 'visits'].map((name) => [name, pick(name)]));
const sumOf = (one, other) => named((name) => one[name] + other[name]);
const differenceOf = (all, part) => named((name) => all[name] - part[name]);

/** When each pair has its session again: the phone asks, and asks again until its desktop is there. */
const pairsBack = (backMs, pairs, desktops) => {
  const restored = new Float64Array(pairs);
  for (let pair = 0; pair < pairs; pair += 1) {
    const [desktop, phone] = [backMs[pair], backMs[desktops + pair]];
    restored[pair] = desktop <= phone ? phone : phone + Math.ceil((desktop - phone) / askAgainMs) * askAgainMs;
  }
  return restored;
};

const shareBeyond = (values, ms) => {
  let beyond = 0;
  for (const value of values) if (value > ms) beyond += 1;
  return values.length === 0 ? 0 : beyond / values.length;
};

/**
 * The desktops and the phones of a place that is lost come back somewhere else. The first `phones` of the desktops have
 * one each.
 */
const loseCrowd = ({ desktops, phones, takers, ...how }, random) => {
  const { rateAt, backlog } = takers;
  const crowd = comeBack({ count: desktops + phones, rateAt, backlog, ...how }, random);
  const restored = pairsBack(crowd.backMs, phones, desktops);
  return {
    lost: desktops + phones,
    pairs: phones,
    rate: rateAt(0),
    lastRate: rateAt(desktops + phones),
    short: takers.short,
    peakAttempts: Math.max(...crowd.perSecond.map(({ attempts }) => attempts)),
    peakBack: Math.max(...crowd.perSecond.map(({ back }) => back)),
    seconds99: backBy(crowd.backMs, 0.99),
    secondsAll: backBy(crowd.backMs, 1),
    unheard: crowd.unheard,
    tooLate: crowd.tooLate,
    /** Phones that had looked for a minute by then: where the direct connection is gone as well, they say so. */
    beyondWindow: shareBeyond(restored, windowMs),
    perSecond: crowd.perSecond,
  };
};

const scaled = (row, share) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Math.round(value * share)]));

/** Counts at `1 / sample` of the size, told at full size. */
const atFullSize = (result, sample) => ({
  ...result,
  lost: result.lost * sample,
  pairs: result.pairs * sample,
  rate: result.rate * sample,
  lastRate: result.lastRate * sample,
  peakAttempts: result.peakAttempts * sample,
  peakBack: result.peakBack * sample,
});

/** What the other nodes of a region can do for those of one. */
const takersBeside = ({ region, nodes, proxyCores }, coming, costs, given) =>
  takersOf(
    { nodes: nodes - 1, proxyCores, busy: differenceOf(region, scaled(region, 1 / nodes)), coming },
    costs,
    given,
  );

/** `isSilent`: the machine has no power, and only silence tells. Else the kernel says goodbye for the process. */
export const loseNode = ({ isSilent, ...at }, costs, given, random) => {
  const here = scaled(at.region, 1 / at.nodes);
  // Phones at other nodes, whose desktop's session was at this one.
  const orphans = Math.round(here.phones * (1 - 1 / at.nodes));
  const phones = here.phones + orphans;
  const fromSilence = () => pingEveryMs * random.next() + pongWithinMs;
  const fromTheBus = () => deadMs + looksEveryMs * random.next();
  return loseCrowd(
    {
      desktops: here.desktops,
      phones,
      takers: takersBeside(at, { ...here, phones }, costs, given),
      noticeMs: (index) => {
        if (index >= here.desktops + here.phones) return fromTheBus();
        return isSilent ? fromSilence() : 0;
      },
    },
    random,
  );
};

/** @param at `sample` counts one in so many, with as much less to take them: for tables of many runs */
export const loseRegion = ({ lost, left, nodes, proxyCores, sample }, costs, given, random) => {
  const takers = takersOf({ nodes, proxyCores, busy: left, coming: lost }, costs, given);
  const result = loseCrowd(
    {
      ...scaled({ desktops: lost.desktops, phones: lost.phones }, 1 / sample),
      takers: sampled(takers, sample),
      noticeMs: () => pingEveryMs * random.next() + pongWithinMs,
      reachableMs: given.failoverSeconds * 1000,
    },
    random,
  );
  return atFullSize(result, sample);
};

/** How often each connection is moved while every node of so many is taken in turn, and its own are spread evenly. */
export const movesOf = (nodes) => {
  const shares = Array.from({ length: nodes }, () => 1 / nodes);
  let moves = 0;
  for (let node = 0; node < nodes; node += 1) {
    moves += shares[node];
    const each = shares[node] / (nodes - 1);
    for (let other = 0; other < nodes; other += 1) shares[other] += other === node ? -shares[node] : each;
  }
  return moves;
};

/** A node after the other is drained and replaced; each waits until 99 % of the one before are back. */
export const upgrade = ({ spreadSeconds, ...at }, costs, given, random) => {
  const here = scaled(at.region, 1 / at.nodes);
  const one = loseCrowd(
    {
      desktops: here.desktops,
      phones: here.phones,
      takers: takersBeside(at, here, costs, given),
      notBeforeMs: () => spreadSeconds * 1000 * random.next(),
    },
    random,
  );
  const each = Math.max(one.seconds99, given.drainSeconds) + given.restartSeconds;
  return { ...one, moves: movesOf(at.nodes), minutes: (at.nodes * each) / 60 };
};

/** NATS is gone for so long: what spans two nodes is given up, what is on one goes on. */
export const loseNats = ({ region, nodes, proxyCores, seconds }, costs, given, random) => {
  const across = 1 - 1 / nodes;
  const phones = Math.round(region.phones * across);
  const coming = named((name) => (name === 'phones' ? phones : 0));
  const takers = takersOf({ nodes, proxyCores, busy: differenceOf(region, coming), coming }, costs, given);
  const subjects = region.desktops * given.sessionsPerDesktop;
  // Every node listens to its sessions again, and says of each that it owns it. nats-server takes subjects one by one.
  const relistenMs = 1000 * subjects * (costs.natsSubjectCpu + costs.natsMessageCpu);
  const crowd = comeBack({ count: phones, ...takers }, random);
  const restored = crowd.backMs.map((connectedMs) => {
    // One in so many lands where its desktop is, and needs no NATS.
    if (random.next() > across) return connectedMs;
    const natsBackMs = seconds * 1000 + natsNoticedMs * random.next() + relistenMs * random.next();
    let askedMs = connectedMs;
    while (askedMs < natsBackMs) askedMs += askedMs < windowMs ? askAgainMs : askAgainAtLeisureMs;
    return askedMs;
  });
  return {
    lost: phones,
    pairs: phones,
    rate: takers.rateAt(0),
    lastRate: takers.rateAt(phones),
    seconds99: backBy(restored, 0.99),
    secondsAll: backBy(restored, 1),
    peakAttempts: Math.max(...crowd.perSecond.map(({ attempts }) => attempts)),
    beyondWindow: shareBeyond(restored, windowMs),
    asksPerSecond: phones / (askAgainMs / 1000),
    pairingsNotMade: region.visits * seconds * across,
    desktopsNotCreated: region.desktopsCame * seconds,
    subjects,
    relistenSeconds: relistenMs / 1000,
  };
};
