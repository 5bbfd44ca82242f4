// What the model found, as Markdown and as pictures.
import { plot } from './plot.mjs';

const whole = (value) => Math.round(value).toLocaleString('en-GB');
const inGb = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
const percent = (share) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
const inSeconds = (seconds) =>
  Number.isFinite(seconds) ? `${seconds.toFixed(seconds < 20 ? 1 : 0)} s` : 'not in 900 s';

const table = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');

export const costTable = ({ machine, measured, source, costs }) => {
  const show = ({ value, unit }) => {
    if (unit === 's') return `${(value * 1e6).toPrecision(3)} µs`;
    if (unit !== 'bytes') return String(value);
    return value < 1e6 ? `${(value / 1000).toPrecision(3)} kB` : `${(value / 1e6).toPrecision(3)} MB`;
  };
  const rows = Object.entries(costs).map(([name, cost]) => [`\`${name}\``, cost.what, show(cost)]);
  return `Measured by \`${source}\` on ${measured}: ${machine}.\n\n${table(['cost', 'of', 'value'], rows)}`;
};

export const assumptionTable = (assumptions) =>
  table(
    ['assumption', 'value', 'meaning'],
    Object.entries(assumptions).map(([name, { value, why }]) => [
      `\`${name}\``,
      whole(value) === '0' || value % 1 ? String(value) : whole(value),
      why,
    ]),
  );

export const needTable = ({ plan, nats }) => {
  const rows = Object.entries(plan).map(([name, { own, nodes, proxyCores }]) => [
    name,
    whole(own.row.desktops),
    whole(own.row.phones),
    own.load.connects.toFixed(0),
    whole(own.load.signals),
    `${own.nodes} (${own.limit})`,
    whole(nodes),
    `${own.proxyCores} / ${proxyCores}`,
    inGb(own.load.proxyBytes),
    `${whole(nats[name].messages)}/s`,
    inGb(nats[name].bytes),
  ]);
  const sum = (pick) => Object.values(plan).reduce((total, part) => total + pick(part), 0);
  rows.push([
    'all',
    ...['', '', '', ''],
    whole(sum(({ own }) => own.nodes)),
    whole(sum(({ nodes }) => nodes)),
    `${sum(({ own }) => own.proxyCores)} / ${sum(({ proxyCores }) => proxyCores)}`,
    ...['', '', ''],
  ]);
  return table(
    [
      'region, at its peak',
      'desktops',
      'phones',
      'new connections/s',
      'signals/s',
      'processes, N+1 (set by)',
      'with one region lost',
      'proxy cores, own / region lost',
      'proxy memory',
      'NATS messages',
      'NATS memory a server',
    ],
    rows,
  );
};

const eventNames = {
  killed: 'a process is killed',
  silent: 'a machine goes dark',
  region: 'a region goes dark',
  upgrade5: 'an upgrade, spread over 5 s: each node',
  upgrade30: 'an upgrade, spread over 30 s: each node',
  nats: 'NATS is gone for 60 s',
};

export const eventTable = ({ events }, given) =>
  table(
    [
      'event',
      'connections lost',
      'pairs',
      'most attempts/s',
      'room for, /s: at first, at last',
      '99 % back',
      'all back',
      'pairs apart for over 60 s',
      'of these without a direct connection',
    ],
    Object.entries(eventNames).map(([name, text]) => {
      const event = events[name];
      const beyond = event.beyondWindow * event.pairs;
      return [
        text,
        whole(event.lost),
        whole(event.pairs),
        whole(event.peakAttempts),
        `${whole(event.rate)}, ${whole(event.lastRate)}`,
        inSeconds(event.seconds99),
        inSeconds(event.secondsAll),
        `${whole(beyond)} (${percent(event.beyondWindow)})`,
        whole(beyond * given.withoutDirect),
      ];
    }),
  );

const resources = { proxies: 'processor time of the proxies', nodes: 'processor time of the nodes' };
const shortOf = ({ short: { first, last } }) =>
  first === last
    ? `${resources[first]}, from first to last`
    : `${resources[first]} at first, and then ${resources[last]}`;

export const otherFacts = ({ events: { upgrade5, upgrade30, nats, region } }) =>
  [
    `- The whole upgrade of that region takes ${upgrade5.minutes.toFixed(0)} minutes with a spread of 5 s and ${upgrade30.minutes.toFixed(0)} with 30 s, one node after the other; a connection is moved ${upgrade5.moves.toFixed(2)} times on average.`,
    `- While NATS is away ${whole(nats.pairingsNotMade)} pairings and ${whole(nats.desktopsNotCreated)} desktops that are switched on wait, and the phones that were given up ask ${whole(nats.asksPerSecond)} times a second in all. Then the nodes listen to ${whole(nats.subjects)} subjects again, which takes nats-server ${nats.relistenSeconds.toFixed(0)} s.`,
    `- When the region goes dark, what those who are left have least of is ${shortOf(region)}. ${whole(region.unheard)} packets go unheard, ${whole(region.tooLate)} connections are taken after their client has given up.`,
  ].join('\n');

export const sensitivityTable = (rows) =>
  table(
    [
      'what is changed',
      'processes',
      'cores that they use at their peaks',
      'proxy cores',
      'proxy memory',
      'NATS memory, largest region',
      'NATS, of a core',
      'region dark: 99 % back',
      'NATS gone: 99 % back',
    ],
    rows.map(({ name, plan, nats, events }) => {
      const sum = (pick) => Object.values(plan).reduce((total, part) => total + pick(part), 0);
      const most = (pick) => Math.max(...Object.values(nats).map(pick));
      return [
        name,
        whole(sum(({ nodes }) => nodes)),
        sum(({ own }) => own.load.nodeCpu).toFixed(1),
        whole(sum(({ proxyCores }) => proxyCores)),
        inGb(sum(({ own }) => own.load.proxyBytes)),
        inGb(most(({ bytes }) => bytes)),
        percent(most(({ cpu }) => cpu)),
        inSeconds(events.region.seconds99),
        inSeconds(events.nats.seconds99),
      ];
    }),
  );

export const dayPicture = ({ day: { rows, regions } }) =>
  plot({
    title: 'Connections through a day, in millions',
    lines: regions.map((region) => ({
      name: region,
      points: rows
        .filter((_, minute) => minute % 20 === 0)
        .map((row, index) => [index / 3, row[region].desktops + row[region].phones]),
    })),
    ticks: [0, 4, 8, 12, 16, 20].map((hour) => [hour, `${hour}:00`]),
    unit: 'UTC',
    show: (value) => (value / 1e6).toFixed(1),
  });

export const regionPicture = ({ events: { region } }) => {
  const seconds = region.perSecond.slice(0, Math.ceil(region.secondsAll) + 10);
  const most = Math.max(...seconds.map(({ attempts }) => attempts));
  const lost = seconds.reduce((sum, { back }) => sum + back, 0);
  return plot({
    title: 'A region goes dark: who is still away, in percent',
    lines: [
      { name: 'still away', points: seconds.map(({ waiting }, second) => [second, (waiting / lost) * 100]) },
      {
        name: `attempts, 100 = ${whole(most)} a second`,
        points: seconds.map(({ attempts }, second) => [second, (attempts / most) * 100]),
      },
    ],
    ticks: [0, 20, 40, 60, 80, 100].filter((second) => second < seconds.length).map((second) => [second, `${second}`]),
    unit: 'seconds',
    show: (value) => String(value),
  });
};
