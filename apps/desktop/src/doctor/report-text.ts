import type { Report } from './check.js';
import type { Finding } from './finding.js';

/** ANSI: green, yellow, red, none. */
const colours: Readonly<Record<Finding['result'], string>> = {
  ok: '\u001b[32m',
  warning: '\u001b[33m',
  failure: '\u001b[31m',
  unknown: '\u001b[2m',
};
const plain = '\u001b[0m';

const resultWidth = 9;

/** Lines of at most `width` characters. */
const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
};

/** A cure: each command whole and in a line of its own, so that it can be copied. */
const cureLines = (cure: string, width: number): readonly string[] => {
  const lines = cure.split('`').flatMap((part, index) => (index % 2 === 1 ? [part] : wrap(part, width)));
  return lines.map((line, index) => `${index === 0 ? '→ ' : '  '}${line}`);
};

/** How the list looks. */
export interface ListStyle {
  readonly hasColour: boolean;
  /** Characters in a line. */
  readonly width: number;
  /** Of the longest name of a check. */
  readonly nameWidth: number;
}

/** One check's lines in the list, each with its end. */
export const reportText = ({ check, finding }: Report, style: ListStyle): string => {
  const indent = resultWidth + style.nameWidth + 2;
  const width = Math.max(30, style.width - indent);
  const result = finding.result.padEnd(resultWidth);
  const head = style.hasColour ? `${colours[finding.result]}${result}${plain}` : result;
  const lines = [
    ...wrap(finding.message, width),
    ...(finding.result === 'ok' ? [] : cureLines(finding.cure, width - 2)),
  ];
  const [first = '', ...rest] = lines;
  return [
    `${head}${check.padEnd(style.nameWidth + 2)}${first}\n`,
    ...rest.map((line) => `${' '.repeat(indent)}${line}\n`),
  ].join('');
};

const counted = (count: number, one: string, many: string): string => `${String(count)} ${count === 1 ? one : many}`;

/** The last line: what it all comes to. */
export const summaryText = (reports: readonly Report[]): string => {
  const count = (result: Finding['result']): number =>
    reports.filter(({ finding }) => finding.result === result).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  const rest = warnings > 0 ? ` ${counted(warnings, 'warning', 'warnings')}.` : '';
  return failures === 0
    ? `Nothing was found that stops a phone from connecting.${rest}\n`
    : `${counted(failures, 'thing stops', 'things stop')} a phone from connecting.${rest}\n`;
};

/** One check's line for scripts; `cure` is null where all is well. */
export const reportJson = ({ check, finding }: Report): string =>
  `${JSON.stringify({
    check,
    result: finding.result,
    message: finding.message,
    cure: finding.result === 'ok' ? null : finding.cure,
  })}\n`;
