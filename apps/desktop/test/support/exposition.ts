/** One line of figures in the text format of Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric, as `# HELP` and `# TYPE` describe it, with its samples. */
export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;

/** Reads the text format. @throws Error on a line that is none of it */
export const readExposition = (text: string): ReadonlyMap<string, Metric> => {
  const metrics = new Map<string, Metric>();
  let help = '';
  let current: Metric | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word === 'HELP') help = rest;
    else if (word === 'TYPE') {
      current = { name, type: rest, help, samples: [] };
      metrics.set(name, current);
    } else {
      const [, sample, labels = '', value] = sampleLine.exec(line) ?? [];
      if (!sample?.startsWith(current?.name ?? ' ')) throw new Error(`This line belongs to no metric: ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, label]) => [key, label] as const);
      current?.samples.push({
        name: sample,
        labels: Object.fromEntries(pairs) as Record<string, string>,
        value: Number(value),
      });
    }
  }
  return metrics;
};

/** The value of one sample; undefined when it is not there. */
export const valueOf = (
  metrics: ReadonlyMap<string, Metric>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined =>
  [...metrics.values()]
    .flatMap(({ samples }) => samples)
    .find(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )?.value;
