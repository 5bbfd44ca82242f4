import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { endProcess } from './x-process.js';

/** A real X server without a monitor. */
export interface XScreen {
  /** For DISPLAY: `:3`. */
  readonly display: string;
  /** Ends the server, and with it every program on it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface XScreenOptions {
  /** Pixels; 1280 by 720 when left out. */
  readonly size?: { readonly width: number; readonly height: number };
  /** More arguments for Xvfb: `['-auth', file]`. */
  readonly args?: readonly string[];
}

/**
 * Starts Xvfb on a display that is free; rejects if it ends at once.
 *
 * @example
 * const screen = await startXScreen();
 * spawn('xterm', { env: { ...process.env, DISPLAY: screen.display } });
 * await screen.stop();
 */
export const startXScreen = async (options: XScreenOptions = {}): Promise<XScreen> => {
  const { size = { width: 1280, height: 720 }, args = [] } = options;
  const geometry = `${String(size.width)}x${String(size.height)}x24`;
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', geometry, '-noreset', '-nolisten', 'tcp', ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const displayPipe = child.stdio[3];
  if (!(displayPipe instanceof Readable)) throw new Error('Xvfb has no pipe for its display');
  let number = '';
  try {
    for await (const chunk of displayPipe.setEncoding('utf8')) {
      number += String(chunk);
      if (number.endsWith('\n')) break;
    }
    if (!/^\d+\n$/.test(number)) throw new Error('Xvfb ended before it had a display');
  } catch (error) {
    await endProcess(child);
    throw error;
  }
  return { display: `:${number.trim()}`, stop: (signal) => endProcess(child, signal) };
};

/** Runs a short X program, such as `setxkbmap`, to its end; rejects if it fails. */
export const runOnScreen = async (display: string, command: string, ...args: readonly string[]): Promise<void> => {
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, DISPLAY: display } });
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`${command} ended with ${String(child.exitCode)}`);
};

/** How long a window may take to appear. */
const windowWithinMs = 20_000;

/**
 * Waits for a visible window, and resolves with its id.
 *
 * xdotool asks one window after the other, and gives up when one of them vanishes meanwhile, as windows do while a
 * browser starts: it is asked again until it has seen a whole screen with the window on it.
 *
 * @example
 * await findWindow(screen.display, '--name', 'Proxim');
 */
export const findWindow = async (display: string, ...criteria: readonly string[]): Promise<string> => {
  const deadline = AbortSignal.timeout(windowWithinMs);
  while (!deadline.aborted) {
    const child = spawn('xdotool', ['search', '--onlyvisible', ...criteria], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, DISPLAY: display },
    });
    let found = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      found += text;
    });
    await once(child, 'close');
    const [id] = found.trim().split('\n');
    if (child.exitCode === 0 && id !== undefined && id !== '') return id;
  }
  throw new Error(`no window with ${criteria.join(' ')} in ${String(windowWithinMs)} ms`);
};
