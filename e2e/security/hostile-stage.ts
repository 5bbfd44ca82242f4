import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { type BrowserContext, chromium } from 'playwright-core';

import { inNamespace } from '../support/proxim.js';

const program = fileURLToPath(new URL('hostile-host.mjs', import.meta.url));

/** Somebody else's web server, inside a namespace. */
export interface HostileHost {
  readonly port: number;
  /** Its name leads to this listener from now on, as a DNS name does that was rebound. */
  turn(victim: { readonly address: string; readonly port: number }): Promise<void>;
  stop(): Promise<void>;
}

/** Starts somebody else's web server on an address of a namespace. */
export const startHostileHost = async (namespace: string, address: string): Promise<HostileHost> => {
  const [command = '', ...args] = inNamespace(namespace, [process.execPath, program, address]);
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('the hostile host has no pipes');
  const lines = createInterface({ input: stdout });
  const [first] = (await once(lines, 'line')) as [string];
  const { port } = JSON.parse(first) as { port: number };
  return {
    port,
    turn: async (victim) => {
      const turned = once(lines, 'line');
      stdin.write(`${JSON.stringify({ turn: victim })}\n`);
      await turned;
    },
    stop: async () => {
      const exit = once(child, 'exit');
      stdin.end();
      await exit;
    },
  };
};

/** A browser in which hostile pages are open. */
export interface HostileBrowser {
  readonly context: BrowserContext;
  /** A folder that goes with it. */
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * Starts a browser in which hostile pages are open. Where newer browsers keep pages from private addresses by themselves, that is
 * off: what refuses here is Proxim.
 *
 * @param options `rules`: what a name server says, as `MAP evil.example 127.0.0.1`
 */
export const startHostileBrowser = async (options: {
  readonly namespace: string;
  readonly rules: readonly string[];
}): Promise<HostileBrowser> => {
  const folder = await mkdtemp(join(tmpdir(), 'proxim-hostile-'));
  const launcher = join(folder, 'chromium');
  const command = inNamespace(options.namespace, ['/usr/bin/chromium']);
  await writeFile(launcher, `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, { mode: 0o755 });
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: launcher,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      `--host-resolver-rules=${options.rules.join(', ')}`,
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,HttpsUpgrades',
    ],
  });
  return {
    context,
    folder,
    close: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
