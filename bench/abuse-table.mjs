// What the phases come to, and how it is shown.
const target = 2;

const percentile = (numbers, share) => {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/**
 * The percentile of what was measured in the better half of the phases. Others use the machine as well, and can only make
 * a phase worse; what the server makes worse is worse in each.
 */
const over = (phases, where, what, share) => {
  const samples = phases.map((phase) => phase[where][what]);
  const ranked = samples.toSorted((left, right) => percentile(left, 0.99) - percentile(right, 0.99));
  return percentile(ranked.slice(0, Math.ceil(ranked.length / 2)).flat(), share);
};

const summaryOf = ({ quiet, loud }, what) => {
  const p99 = (phases, where) => over(phases, where, what, 0.99);
  return {
    quiet: [over(quiet, 'there', what, 0.5), p99(quiet, 'there')],
    loud: [over(loud, 'there', what, 0.5), p99(loud, 'there')],
    ratio: p99(loud, 'there') / p99(quiet, 'there'),
    elsewhere: p99(loud, 'elsewhere') / p99(quiet, 'elsewhere'),
    completed: loud.reduce((sum, samples) => sum + samples.there[what].length, 0),
  };
};

export const summarize = (phases) => ({ signal: summaryOf(phases, 'signal'), pairing: summaryOf(phases, 'pairing') });

const columns = [
  'abuse',
  'acts a second',
  'ended a second',
  'processor, server / abusers',
  'what',
  'p50 / p99 quiet, ms',
  'p50 / p99 loud, ms',
  'ratio of p99',
  'at the spared server',
  `≤ ${target}`,
];

export const printHeader = (connections) => {
  console.log(`| ${columns.join(' | ').replace('abuse', `abuse (${connections} connections)`)} |`);
  console.log(`|${' --- |'.repeat(columns.length)}`);
};

export const printResult = (result) => {
  const { acts, ended, served, attacked, lasted } = result.abuse;
  const perSecond = (count) => (count / lasted).toFixed(0);
  const share = (spent) => `${((spent / lasted) * 100).toFixed(0)} %`;
  const pair = (values) => values.map((value) => value.toFixed(2)).join(' / ');
  for (const what of ['signal', 'pairing']) {
    const { quiet, loud, ratio, elsewhere } = result[what];
    const cells = [
      result.name,
      perSecond(acts),
      perSecond(ended),
      `${share(served)} / ${share(attacked)}`,
      what,
      pair(quiet),
      pair(loud),
      ratio.toFixed(2),
      elsewhere.toFixed(2),
      ratio <= target ? 'ok' : 'missed',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
};
