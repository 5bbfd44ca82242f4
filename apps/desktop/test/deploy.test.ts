import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { CertificateAuthority, type Issued } from './support/certificate-authority.js';
import { type Command, event, runProxim } from './support/command.js';
import { type FleetProxy, freePort, type Node, proxyKinds, startFleetProxy } from './support/fleet-proxy.js';

const uuid = '550e8400-e29b-41d4-a716-446655440000';
const deploy = fileURLToPath(new URL('../../../deploy/', import.meta.url));

describe.each(Object.keys(proxyKinds) as (keyof typeof proxyKinds)[])('two nodes behind deploy’s %s', (kind) => {
  let authority: CertificateAuthority;
  let certificate: Issued;
  let proxy: FleetProxy | undefined;
  const running: Command[] = [];

  beforeAll(() => {
    authority = new CertificateAuthority();
    certificate = authority.issue({ names: ['DNS:relay.example', 'IP:127.0.0.1'] });
  });
  afterEach(async () => {
    await proxy?.stop();
    await Promise.all(running.splice(0).map((command) => command.stop('SIGKILL')));
  });
  afterAll(() => {
    authority.remove();
  });

  /** As `deploy/proxim.service` starts it, on ports of its own. */
  const startNode = async (...args: readonly string[]): Promise<Node & { readonly command: Command }> => {
    const metricsPort = await freePort();
    const trust = ['--trust-proxy', '127.0.0.1', '--allow-origin', 'https://relay.example'];
    const ports = ['--port', '0', '--metrics-port', String(metricsPort)];
    const command = runProxim(['serve', '--json', ...ports, ...trust, ...args]);
    running.push(command);
    const { port } = await command.next(event('listening'));
    return { port: Number(port), metricsPort, command };
  };

  /** Somebody from this address, by the server's public name. */
  const connect = (from: string, headers: Readonly<Record<string, string>> = {}): Promise<WireClient> =>
    WireClient.connect(`wss://127.0.0.1:${String(proxy?.port)}/signal`, {
      localAddress: from,
      ca: authority.root,
      headers: { host: 'relay.example', origin: 'https://relay.example', ...headers },
    });

  /** Where nobody listens: a session lives on one node, as long as no NATS joins the two. */
  const nobody = async (): Promise<Node> => ({ port: await freePort(), metricsPort: await freePort() });

  it('lets a desktop and a phone pair and signal', async () => {
    proxy = await startFleetProxy(kind, certificate, [await startNode(), await nobody()]);
    const desktop = await connect('127.0.0.2');
    desktop.send({ type: 'session_create', sessionID: 'abc123', uuid });
    await desktop.next('session_created');
    const phone = await connect('127.0.0.3');
    phone.send({ type: 'pair_request', sessionID: 'abc123', deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' } });
    await desktop.next('pair_prompt');
    desktop.send({ type: 'pair_response', sessionID: 'abc123', approved: true });
    expect(await phone.next('pair_result')).toMatchObject({ status: 'approved' });
    phone.send({ type: 'signal', sessionID: 'abc123', payload: { sdp: '...' } });
    expect(await desktop.next('signal')).toMatchObject({ payload: { sdp: '...' } });
    await phone.leave();
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'left' });
    await desktop.leave();
  });

  it('counts each address for itself, and believes no forged header', async () => {
    const node = await startNode('--max-connections-per-address', '2');
    proxy = await startFleetProxy(kind, certificate, [node, await nobody()]);
    const neighbours = [await connect('127.0.0.2'), await connect('127.0.0.2')];
    const third = await connect('127.0.0.2');
    expect(await third.next('error')).toMatchObject({ code: 'capacity' });
    const forger = await connect('127.0.0.2', { 'x-forwarded-for': '198.51.100.7' });
    expect(await forger.next('error')).toMatchObject({ code: 'capacity' });
    const other = await connect('127.0.0.3');
    await other.quiet();
    await Promise.all([...neighbours, other].map((client) => client.leave()));
  });

  it('refuses a page of another origin', async () => {
    proxy = await startFleetProxy(kind, certificate, [await startNode(), await nobody()]);
    await expect(connect('127.0.0.2', { origin: 'https://elsewhere.example' })).rejects.toThrow('403');
  });

  it('goes to the other node while one drains', async () => {
    const [first, second] = [await startNode(), await startNode()];
    proxy = await startFleetProxy(kind, certificate, [first, second]);
    const stays = await connect('127.0.0.2');
    stays.send({ type: 'session_create', sessionID: 'before', uuid });
    await stays.next('session_created');
    // Whichever has it goes down; it says so to its desktop, and nobody who comes now is turned away.
    const count = async (node: Node): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${String(node.metricsPort)}/metrics`)).text();
      return Number(/^proxim_connections\{role="desktop"\} (\d+)$/m.exec(text)?.[1]);
    };
    const isFirst = (await count(first)) === 1;
    const [draining, left] = isFirst ? [first, second] : [second, first];
    const ended = draining.command.stop('SIGTERM');
    expect(await stays.next('session_closed')).toMatchObject({ reason: 'server_shutdown' });
    for (let index = 0; index < 4; index += 1) {
      const desktop = await connect('127.0.0.4');
      desktop.send({ type: 'session_create', sessionID: `after-${String(index)}`, uuid });
      await desktop.next('session_created');
    }
    expect(await count(left)).toBe(4);
    expect(await ended).toBe(0);
  });
});

describe('deploy/proxim.service', () => {
  it('is a unit that systemd takes, and leaves little to attack', () => {
    const folder = mkdtempSync(join(tmpdir(), 'proxim-unit-'));
    const unit = join(folder, 'proxim.service');
    // What is verified includes that the program is there.
    const text = readFileSync(join(deploy, 'proxim.service'), 'utf8').replace('/usr/bin/node', process.execPath);
    writeFileSync(unit, text);
    const env = { ...process.env, SYSTEMD_PAGER: '' };
    const verified = execFileSync('systemd-analyze', ['verify', '--man=no', unit], { env, stdio: 'pipe' });
    expect(verified.toString()).toBe('');
    const report = execFileSync('systemd-analyze', ['security', '--offline=true', unit], { env, stdio: 'pipe' });
    const exposure = Number(/Overall exposure level for proxim\.service: ([\d.]+)/.exec(report.toString())?.[1]);
    expect(exposure).toBeLessThan(2);
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts the command with flags that it has, and is given time to drain', () => {
    const text = readFileSync(join(deploy, 'proxim.service'), 'utf8');
    const flags = [...text.matchAll(/ (--[a-z-]+)/g)].map(([, flag]) => flag);
    expect(flags).toContain('--trust-proxy');
    const program = fileURLToPath(new URL('../bin/proxim.js', import.meta.url));
    const known = execFileSync(process.execPath, [program, 'serve', '--help']);
    for (const flag of flags) expect(known.toString()).toContain(flag);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])).toBeGreaterThan(10);
  });
});
