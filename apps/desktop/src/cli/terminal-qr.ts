import { encode } from 'uqr';

/** Four modules of white around the code, as ISO/IEC 18004 wants it. */
const quietZone = 4;

/**
 * Draws a QR code with half blocks, two modules a character.
 *
 * @param hasColour black on white whatever the terminal's colours; else for a terminal with light text on dark
 */
export const terminalQr = (text: string, hasColour: boolean): string => {
  const { data, size } = encode(text, { ecc: 'L', border: quietZone });
  const isDark = (row: number, column: number): boolean => data[row]?.[column] ?? false;
  const lines: string[] = [];
  for (let row = 0; row < size; row += 2) {
    let line = '';
    for (let column = 0; column < size; column += 1) {
      const upper = isDark(row, column);
      const lower = row + 1 < size && isDark(row + 1, column);
      line += hasColour ? inked(upper, lower) : inked(!upper, row + 1 < size && !lower);
    }
    lines.push(hasColour ? `\u001B[38;2;0;0;0;48;2;255;255;255m${line}\u001B[0m` : line);
  }
  return lines.join('\n');
};

const inked = (upper: boolean, lower: boolean): string => {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
};
