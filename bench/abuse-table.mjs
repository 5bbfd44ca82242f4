// What the phases come to, and how it is shown.
const target = 2;

const percentile = (numbers, share) => {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** The median over the phases of each one's percentile: a moment in which the machine did something else is one of many. */
const over = (phases, where, what, share) =>
  percentile(
    phases.map((samples) => percentile(samples[where][what], share)),
    0.5,
  );

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
