// Figures as Markdown. A figure is { id, what, against, unit, ours, theirs, target? }: less is better, and the target is the
// most that ours may be of theirs.

export const ratioOf = ({ ours, theirs }) => ours / theirs;

/** Whether a figure is beyond its target; one that has none is not. */
export const isMissed = (figure) => figure.target !== undefined && ratioOf(figure) > figure.target;

/** The ratio in so many digits that a target that is missed does not look met. */
export const ratioText = (figure) => {
  const text = ratioOf(figure).toFixed(2);
  return isMissed(figure) && Number(text) <= figure.target ? ratioOf(figure).toFixed(3) : text;
};

/** Three digits that mean something. */
const inDigits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

const verdict = (figure) => {
  if (figure.target === undefined) return '';
  return isMissed(figure) ? '**missed**' : 'met';
};

const row = (cells) => `| ${cells.join(' | ')} |`;

/** The table of all figures, in their order. */
export const tableOf = (figures) =>
  [
    row(['what', 'Proxim', 'against', 'that', 'ratio', 'target', '']),
    row(['---', '---:', '---', '---:', '---:', '---:', '---']),
    ...figures.map((figure) =>
      row([
        figure.what,
        `${inDigits(figure.ours)} ${figure.unit}`,
        figure.against,
        `${inDigits(figure.theirs)} ${figure.unit}`,
        ratioText(figure),
        figure.target === undefined ? '' : `≤ ${figure.target}`,
        verdict(figure),
      ]),
    ),
  ].join('\n');

/** How many targets were met, in a sentence. */
export const summaryOf = (figures) => {
  const judged = figures.filter(({ target }) => target !== undefined);
  const missed = judged.filter(isMissed).length;
  if (missed === 0) return `All ${judged.length} targets were met.`;
  return `${judged.length - missed} of ${judged.length} targets were met, and ${missed} ${missed === 1 ? 'was' : 'were'} **missed**.`;
};

/**
 * What the bare forwarder itself is of the others, in a sentence: no relay over the same library gets below that. Empty where
 * the relay was not measured.
 */
export const floorOf = (figures) => {
  const theirs = Object.fromEntries(figures.map((figure) => [figure.id, figure.theirs]));
  if (theirs['relay-bare'] === undefined) return '';
  const of = (id, name) => (theirs[`${id}-bare`] / theirs[`${id}-${name}`]).toFixed(2);
  const both = (id) => `${of(id, 'peerjs')} of \`peer\` and ${of(id, 'y-webrtc')} of \`y-webrtc\``;
  return `The bare forwarder itself is ${both('relay')} at 4,000 messages a second, and ${both('relay-pressed')} with as many as go through.`;
};

/** What a run was made on, as a list. */
export const listOf = (facts) => facts.map(([name, value]) => `- ${name}: ${value}`).join('\n');
