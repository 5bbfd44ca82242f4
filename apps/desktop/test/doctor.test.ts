import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Command, event, type Line, runProxim } from './support/command.js';
import { startXScreen, type XScreen } from './support/x-screen.js';

const program = fileURLToPath(new URL('../bin/proxim.js', import.meta.url));
const runFile = promisify(execFile);

interface Outcome {
  readonly status: number | null;
  readonly findings: ReadonlyMap<unknown, Line>;
  readonly errors: string;
}

/** Runs `proxim doctor --json` to its end. */
const examine = async (args: readonly string[], options: Parameters<typeof runProxim>[1] = {}): Promise<Outcome> => {
  const command = runProxim(['doctor', '--json', ...args], options);
  const status = await command.ended();
  return {
    status,
    findings: new Map(command.seen().map((line) => [line['check'], line])),
    errors: command.errors(),
  };
};

/** What a person sees who runs it in a pipe, or under another program. */
const readList = async (
  args: readonly string[],
  under: readonly string[] = [],
): Promise<{ readonly status: number | null; readonly text: string }> => {
  const [command = process.execPath, ...rest] = [...under, process.execPath, program, 'doctor', ...args];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DISPLAY: '', NO_COLOR: undefined },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(child, 'close');
  return { status: child.exitCode, text };
};

const checks = [
  ...['address', 'port', 'reachable', 'firewall', 'webrtc', 'page', 'input', 'browser', 'data-dir', 'clock'],
  'user',
];

describe('proxim doctor on a machine of its own', () => {
  const namespace = `proxim-doctor-${String(process.pid)}`;
  const inside = ['ip', 'netns', 'exec', namespace];
  const ip = async (...args: readonly string[]): Promise<void> => {
    await runFile('ip', [...args]);
  };
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-doctor-'));
    await ip('netns', 'add', namespace);
  });

  afterEach(async () => {
    await ip('netns', 'del', namespace);
    await rm(folder, { recursive: true, force: true });
  });

  /** A card with an address, whose other end is in the same namespace. */
  const plugIn = async (): Promise<void> => {
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    await ip('-n', namespace, 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'veth0');
    await ip('-n', namespace, 'addr', 'add', '192.168.77.2/24', 'dev', 'lan0');
    await ip('-n', namespace, 'link', 'set', 'lan0', 'up');
    await ip('-n', namespace, 'link', 'set', 'veth0', 'up');
  };

  it('finds nothing that stops a phone, leaves nothing behind, and ends with status 0', async () => {
    await plugIn();
    const data = join(folder, 'data');
    const { status, findings, errors } = await examine(['--data-dir', data], { under: inside });
    expect([...findings.keys()]).toEqual(checks);
    for (const check of ['address', 'port', 'reachable', 'firewall', 'webrtc', 'page', 'data-dir']) {
      expect(findings.get(check)).toMatchObject({ result: 'ok', cure: null });
    }
    expect(findings.get('address')?.['message']).toContain('192.168.77.2 (lan0)');
    expect(findings.get('port')?.['message']).toBe('Port 47800 is free.');
    expect(findings.get('input')).toMatchObject({ result: 'warning' });
    expect(findings.get('user')).toMatchObject({ result: process.getuid?.() === 0 ? 'warning' : 'ok' });
    expect(errors).toBe('');
    expect(status).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('without any network, says so in every check that it concerns, and ends with status 1', async () => {
    const { status, findings } = await examine([], { under: inside });
    expect(status).toBe(1);
    expect(findings.get('address')).toMatchObject({
      result: 'failure',
      message: 'This computer is in no network.',
      cure: 'Join the Wi-Fi or network that the phone is in.',
    });
    expect(findings.get('reachable')).toMatchObject({ result: 'unknown' });
    expect(findings.get('webrtc')).toMatchObject({ result: 'unknown' });
  });

  it('knows a firewall that drops, and the commands that open it', async () => {
    await plugIn();
    const nft = async (command: string): Promise<void> => {
      await runFile('ip', [...inside.slice(1), 'nft', ...command.split(' ')]);
    };
    await nft('add table inet guard');
    await nft('add chain inet guard incoming { type filter hook input priority 0 ; policy drop ; }');
    await nft('add rule inet guard incoming iif lo accept');
    const closed = await examine([], { under: inside });
    expect(closed.findings.get('firewall')).toMatchObject({ result: 'failure' });
    expect(closed.status).toBe(1);
    const cure = String(closed.findings.get('firewall')?.['cure']);
    const commands = [...cure.matchAll(/`sudo nft ([^`]+)`/g)].map(([, command = '']) => command);
    expect(commands).toHaveLength(2);
    for (const command of commands) await nft(command);
    const opened = await examine([], { under: inside });
    expect(opened.findings.get('firewall')?.['result']).not.toBe('failure');
    expect(opened.status).toBe(0);
  });

  it('is an aligned list for people, and coloured on a terminal alone', async () => {
    await plugIn();
    const { status, text } = await readList([], inside);
    expect(status).toBe(0);
    expect(text).toContain('ok       address    A phone in the same network finds this computer at 192.168.77.2');
    expect(text).toContain('\n                    → Start Proxim in a terminal of the graphical session.\n');
    expect(text).toMatch(/\n\nNothing was found that stops a phone from connecting\. \d warnings?\.\n$/);
    expect(text).not.toContain('\u001b');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);

    const onTerminal = (...variables: readonly string[]): Promise<{ readonly stdout: string }> => {
      const line = ['env', '-u', 'NO_COLOR', ...variables, process.execPath, program, 'doctor'].join(' ');
      return runFile('ip', [...inside.slice(1), 'script', '-qec', line, '/dev/null']);
    };
    expect((await onTerminal()).stdout).toContain('\u001b[32mok       \u001b[0maddress');
    expect((await onTerminal('NO_COLOR=1')).stdout).not.toContain('\u001b[');
  });
});

describe('proxim doctor and others on the port', () => {
  let other: Server | undefined;
  let running: Command | undefined;

  afterEach(async () => {
    await running?.stop('SIGKILL');
    running = undefined;
    other?.close();
    other = undefined;
  });

  /** Another program on a port of 127.0.0.1. */
  const listen = async (greet: (socket: Socket) => void): Promise<string> => {
    other = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      greet(socket);
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    return String((other.address() as AddressInfo).port);
  };

  it('fails where another program has the port that was asked for', async () => {
    const port = await listen((socket) => socket.end('220 something else\r\n'));
    const { status, findings } = await examine(['--port', port, '--host', '127.0.0.1']);
    expect(status).toBe(1);
    expect(findings.get('port')).toMatchObject({
      result: 'failure',
      message: `Port ${port} is taken by another program.`,
    });
    expect(findings.get('port')?.['cure']).toContain(`\`sudo ss -ltnp sport = :${port}\``);
    expect(findings.get('reachable')).toMatchObject({ result: 'unknown' });
  });

  it('does not wait long for a program that has the port and says nothing', async () => {
    const port = await listen(() => undefined);
    const { findings } = await examine(['--port', port, '--host', '127.0.0.1']);
    expect(findings.get('port')).toMatchObject({ result: 'failure' });
  });

  it('knows a Proxim that runs, and asks it for the page', async () => {
    running = runProxim(['--json', '--no-open', '--port', '0', '--host', '127.0.0.1']);
    const port = String((await running.next(event('listening')))['port']);
    const { findings } = await examine(['--port', port, '--host', '127.0.0.1']);
    expect(findings.get('port')).toMatchObject({
      result: 'ok',
      message: `Port ${port} is taken by Proxim itself, which is running.`,
    });
    expect(findings.get('reachable')).toMatchObject({ result: 'ok' });
    // Nobody else could come to it.
    expect(findings.get('address')).toMatchObject({ result: 'failure' });
  });

  it('knows it behind its own certificate too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'proxim-doctor-'));
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const form = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await runFile('openssl', ['req', ...form, '-subj', '/CN=proxim', '-keyout', key, '-out', cert]);
    const tls = ['--tls-cert', cert, '--tls-key', key];
    running = runProxim(['--json', '--no-open', '--port', '0', '--host', '127.0.0.1', ...tls]);
    const port = String((await running.next(event('listening')))['port']);
    const { findings } = await examine(['--port', port, '--host', '127.0.0.1']);
    expect(findings.get('port')?.['message']).toContain('Proxim itself');
    expect(findings.get('reachable')).toMatchObject({ result: 'ok' });
    await rm(folder, { recursive: true, force: true });
  });
});

describe('proxim doctor and its flags', () => {
  it('fails for a data folder that Proxim would refuse', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'proxim-doctor-'));
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const dataDir of [file, join(file, 'below'), '/proc/proxim']) {
      const { status, findings } = await examine(['--port', '0', '--host', '127.0.0.1', '--data-dir', dataDir]);
      expect(findings.get('data-dir')).toMatchObject({ result: 'failure' });
      expect(status).toBe(1);
    }
    await rm(folder, { recursive: true, force: true });
  });

  it('names the flag that makes no sense', async () => {
    const { status, errors } = await examine(['--port', 'many']);
    expect(status).toBe(1);
    expect(errors).toMatch(/^proxim: [^\n]*--port[^\n]*\n$/);
  });

  it('ends in peace when whoever reads it has gone', async () => {
    const child = spawn(process.execPath, [program, 'doctor', '--port', '0', '--host', '127.0.0.1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.stdout.destroy();
    await once(child, 'close');
    expect(errors).toBe('');
    expect(child.exitCode).toBe(0);
  });
});

describe('proxim doctor on a screen', () => {
  let screen: XScreen;

  beforeEach(async () => {
    screen = await startXScreen();
  });

  afterEach(async () => {
    await screen.stop();
  });

  it('takes hold of the pointer, and lets it go', async () => {
    const { findings } = await examine(['--port', '0', '--host', '127.0.0.1'], {
      env: { DISPLAY: screen.display },
    });
    expect(findings.get('input')).toEqual({
      check: 'input',
      result: 'ok',
      message: 'A phone can move the pointer and type here (x11).',
      cure: null,
    });
  });
});
