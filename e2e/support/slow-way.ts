import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as elapse } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';

import { endProcess } from '../../apps/desktop/test/support/x-process.js';
import type { LabHost } from './lab.js';
import { inNamespace } from './proxim.js';

const program = fileURLToPath(new URL('udp-relay.mjs', import.meta.url));

/**
 * A slow way between a phone and a desk, for a kernel that cannot delay packets itself.
 *
 * The desk's candidates are rewritten on their way to the phone, so that its packets go through a relay; the phone's
 * own are names that only its browser knows, so the desk answers whoever calls. Nothing authenticates a candidate, and
 * what it leads to has to know the secrets in the description all the same.
 */
export class SlowWay {
  readonly #relay: ChildProcess;
  readonly #lines: Interface;
  readonly #host: LabHost;
  readonly #delayMs: number;
  readonly #answers: ((port: number) => void)[] = [];

  /** @param delayMs one way */
  constructor(host: LabHost, delayMs: number) {
    this.#host = host;
    this.#delayMs = delayMs;
    const [command = '', ...args] = inNamespace(host.namespace, [
      process.execPath,
      program,
      host.address,
      String(delayMs),
    ]);
    this.#relay = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#relay.stdout) throw new Error('the relay has no output');
    this.#lines = createInterface({ input: this.#relay.stdout });
    this.#lines.on('line', (line) => {
      const { port } = JSON.parse(line) as { port: number };
      this.#answers.shift()?.(port);
    });
  }

  /** From now on what the page says to the server, and hears from it, takes its time, and candidates lead here. */
  async lead(page: Page): Promise<void> {
    await page.routeWebSocket(
      () => true,
      (socket) => {
        const server = socket.connectToServer();
        let earlier = Promise.resolve();
        socket.onMessage((text) => {
          void elapse(this.#delayMs).then(() => {
            server.send(text);
          });
        });
        server.onMessage((text) => {
          const rewritten = elapse(this.#delayMs).then(() => this.#rewrite(String(text)));
          // In their order, although one of them may ask the relay for a port.
          earlier = earlier.then(async () => {
            socket.send(await rewritten);
          });
        });
      },
    );
  }

  async stop(): Promise<void> {
    this.#lines.close();
    await endProcess(this.#relay);
  }

  async #rewrite(text: string): Promise<string> {
    const found = /candidate:\S+ 1 UDP \d+ (\d[\d.]+) (\d+) typ /i.exec(text);
    if (!found) return text;
    const [whole, address = '', port = ''] = found;
    const here = await this.#portTo({ address, port: Number(port) });
    return text.replace(whole, whole.replace(`${address} ${port}`, `${this.#host.address} ${String(here)}`));
  }

  #portTo(to: { readonly address: string; readonly port: number }): Promise<number> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      this.#relay.stdin?.write(`${JSON.stringify({ to })}\n`);
    });
  }
}
