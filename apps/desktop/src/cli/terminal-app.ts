import type { DesktopApp } from '../host/desktop-app.js';

/** What the terminal needs of the app. */
export type TerminalApp = Pick<
  DesktopApp,
  | 'on'
  | 'state'
  | 'renewSession'
  | 'approve'
  | 'reject'
  | 'block'
  | 'answerSystem'
  | 'setRights'
  | 'pause'
  | 'closeSession'
  | 'endControl'
  | 'time'
  | 'isWithoutNetwork'
  | 'isPhonePressing'
>;

/** What is needed of a terminal: its two ends. */
export interface Terminal {
  readonly input: {
    readonly isTTY?: boolean;
    setRawMode(isRaw: boolean): unknown;
    setEncoding(encoding: 'utf8'): unknown;
    on(event: 'data', listener: (keys: string) => void): unknown;
    on(event: 'error', listener: () => void): unknown;
  };
  readonly output: { write(text: string): unknown };
  readonly hasColour: boolean;
}
