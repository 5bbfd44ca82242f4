import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { dirname, join } from 'node:path';

import { machineNetwork } from '../host/network-watch.js';
import type { CommandOutcome, FolderState, Machine, WebAnswer } from './machine.js';

/** The header with which the doctor's own server says that it is the one. */
export const markHeader = 'x-proxim-doctor';

const commandLimitMs = 3000;
const answerLimitMs = 2000;
const mostBytes = 65_536;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandOutcome> =>
  new Promise((resolve) => {
    // The tables of a firewall stand in /usr/sbin, which is not in every user's PATH; translated answers cannot be read.
    const environment = { ...env, LC_ALL: 'C', PATH: `${env['PATH'] ?? ''}:/usr/sbin:/sbin` };
    const options = process.platform === 'win32' ? { env } : { env: environment };
    execFile(command, [...args], { ...options, timeout: commandLimitMs, windowsHide: true }, (error, output) => {
      if (!error) resolve({ kind: 'ended', status: 0, output });
      else if (codeOf(error) === 'ENOENT') resolve({ kind: 'missing' });
      else if (typeof error.code === 'number') resolve({ kind: 'ended', status: error.code, output });
      else resolve({ kind: 'failed' });
    });
  });

const ask = (url: string): Promise<WebAnswer | undefined> =>
  new Promise((resolve) => {
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const options = { rejectUnauthorized: false, agent: false, signal: AbortSignal.timeout(answerLimitMs) };
    const asked = request(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
        if (body.length > mostBytes) asked.destroy();
      });
      response.on('end', () => {
        const mark = response.headers[markHeader];
        resolve({ status: response.statusCode ?? 0, body, mark: typeof mark === 'string' ? mark : undefined });
      });
    });
    asked.on('error', () => {
      resolve(undefined);
    });
    // Also the end of one that says nothing, or too much.
    asked.on('close', () => {
      resolve(undefined);
    });
    asked.end();
  });

const nearestExisting = (path: string): string => {
  const parent = dirname(path);
  return existsSync(path) || parent === path ? path : nearestExisting(parent);
};

const probeFolder = async (path: string, uid: number | undefined): Promise<FolderState> => {
  const folder = nearestExisting(path);
  const exists = folder === path;
  try {
    const about = await stat(folder);
    if (!about.isDirectory()) return { kind: 'not_a_folder' };
    if (exists && uid !== undefined && uid !== 0 && about.uid !== uid) return { kind: 'foreign' };
    const probe = await mkdtemp(join(folder, '.proxim-doctor-'));
    try {
      await writeFile(join(probe, 'probe'), 'proxim\n', { mode: 0o600 });
    } finally {
      await rm(probe, { recursive: true, force: true });
    }
    return { kind: 'usable', exists };
  } catch (error) {
    return { kind: ['ENOSPC', 'EDQUOT'].includes(codeOf(error)) ? 'full' : 'unusable' };
  }
};

/** The computer on which this runs. */
export const nodeMachine = (options: {
  readonly env: NodeJS.ProcessEnv;
  readonly wallClock: () => number;
}): Machine => {
  const uid = process.getuid?.();
  return {
    platform: process.platform,
    env: options.env,
    isRoot: uid === 0,
    executable: process.execPath,
    ...machineNetwork(process.platform),
    wallClock: options.wallClock,
    readFile: async (path) => {
      try {
        return { kind: 'text', text: await readFile(path, 'utf8') };
      } catch (error) {
        return { kind: ['EACCES', 'EPERM'].includes(codeOf(error)) ? 'forbidden' : 'missing' };
      }
    },
    canOthersRead: async (path) => {
      if (process.platform === 'win32') return false;
      const about = await stat(path).catch(() => undefined);
      return about !== undefined && (about.mode & constants.S_IROTH) !== 0;
    },
    run: (command, args) => run(command, args, options.env),
    ask,
    probeFolder: (path) => probeFolder(path, uid),
  };
};
