import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect } from 'vitest';

import { endProcess } from './x-process.js';

const start = (display: string, ...args: readonly string[]): ChildProcess =>
  spawn('xclip', ['-selection', 'clipboard', ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, DISPLAY: display },
  });

/** What another program pastes from the clipboard; empty when nobody has anything in this format. */
export const pasteAs = async (display: string, format: string): Promise<Buffer> => {
  const child = start(display, '-o', '-t', format);
  const pieces: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
  await once(child, 'close');
  return Buffer.concat(pieces);
};

/** The clipboard's text, as another program pastes it. */
export const pastedText = async (display: string): Promise<string> =>
  (await pasteAs(display, 'UTF8_STRING')).toString('utf8');

/** A program that has copied something, and gives it to whoever pastes. */
export interface Copied {
  /** Makes it hang, or go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  stop(): Promise<void>;
}

/** Another program copies something; resolves when it has the clipboard. */
export const copyElsewhere = async (
  display: string,
  content: string | Buffer,
  format = 'UTF8_STRING',
): Promise<Copied> => {
  // In the foreground, so that it can be ended.
  const child = start(display, '-i', '-quiet', '-t', format);
  child.stdin?.end(content);
  const bytes = Buffer.from(content);
  await expect.poll(async () => (await pasteAs(display, format)).equals(bytes), { timeout: 10_000 }).toBe(true);
  return {
    signal: (name) => {
      child.kill(name);
    },
    stop: async () => {
      child.kill('SIGCONT');
      await endProcess(child);
    },
  };
};
