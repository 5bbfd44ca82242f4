import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

type Json = Record<string, unknown>;

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** Runs one of the repository's scripts; it may call servers of this process meanwhile. */
const runScript = async (name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Outcome> => {
  const child = spawn(process.execPath, [join(repository, 'scripts', name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return { status: child.exitCode, output };
};

describe('the check of the packages', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'proxim-packages-'));
    const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as { packages: Json };
    const workspaces = Object.keys(lock.packages).filter((path) => !path.includes('node_modules'));
    for (const file of [...workspaces.map((path) => join(path, 'package.json')), 'package-lock.json', '.npmrc']) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(repository, file), join(folder, file));
    }
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const change = (file: string, edit: (json: Json) => void): void => {
    const path = join(folder, file);
    const json = JSON.parse(readFileSync(path, 'utf8')) as Json;
    edit(json);
    writeFileSync(path, JSON.stringify(json));
  };
  const changeLock = (path: string, fields: Json): void => {
    change('package-lock.json', (lock) => {
      Object.assign((lock['packages'] as Record<string, Json>)[path] ?? {}, fields);
    });
  };
  const check = (): Promise<Outcome> => runScript('check-packages.mjs', [folder]);

  it('finds nothing in this repository', async () => {
    expect(await check()).toEqual({ status: 0, output: '' });
  });

  it.each<readonly [string, string, Json, string]>([
    [
      'that is not pinned by its contents',
      'node_modules/ws',
      { integrity: undefined },
      'node_modules/ws has no sha512',
    ],
    ['that is pinned by a weak sum', 'node_modules/ws', { integrity: 'sha1-AAAA' }, 'node_modules/ws has no sha512'],
    [
      'that names a host',
      'node_modules/ws',
      { resolved: 'https://registry.example/ws.tgz' },
      'node_modules/ws names where it comes from',
    ],
    [
      'that runs a script at its installation',
      'node_modules/uqr',
      { hasInstallScript: true },
      'node_modules/uqr wants to run a script',
    ],
    ['that is shipped under another licence', 'node_modules/sirv', { license: 'GPL-3.0' }, 'sirv is shipped'],
    ['that is shipped and tells no licence', 'node_modules/sirv', { license: undefined }, 'sirv is shipped'],
  ])('finds a package %s', async (_what, path, fields, sentence) => {
    changeLock(path, fields);
    const { status, output } = await check();
    expect(output).toContain(sentence);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(1);
  });

  it.each(['*', '>=8', '8.x', 'latest', 'github:websockets/ws', 'https://example.org/ws.tgz', '^8.0.0 || ^9.0.0'])(
    'finds the range %s',
    async (range) => {
      change('packages/signaling/package.json', (manifest) => {
        Object.assign(manifest['dependencies'] as Json, { ws: range });
      });
      expect((await check()).output).toContain(`ws ${range}: a range stays within one major version`);
    },
  );

  it('finds a TypeScript that is not pinned, and a package of ours in another version', async () => {
    change('package.json', (manifest) => {
      Object.assign(manifest['devDependencies'] as Json, { typescript: '^6.0.3' });
    });
    change('apps/desktop/package.json', (manifest) => {
      Object.assign(manifest['dependencies'] as Json, { '@proxim/peer': '^0.1.0' });
    });
    const { output } = await check();
    expect(output).toContain('typescript ^6.0.3: ');
    expect(output).toContain('@proxim/peer is ours');
  });

  it('finds scripts that npm would not run, and an npm that would run those of others', async () => {
    change('package.json', (manifest) => {
      Object.assign(manifest['scripts'] as Json, { postinstall: 'node x.mjs' });
    });
    writeFileSync(join(folder, '.npmrc'), 'fund=false\n');
    const { output } = await check();
    expect(output).toContain('npm would not run the script postinstall');
    expect(output).toContain('.npmrc lacks ignore-scripts=true');
  });
});

describe('the list of what is shipped', () => {
  interface Component extends Json {
    readonly name: string;
    readonly group?: string;
  }

  it('is CycloneDX, holds all that a user gets, on any platform, and nothing of this machine', async () => {
    const { status, output } = await runScript('sbom.mjs');
    expect(output).toContain('release/sbom.cdx.json lists');
    expect(status).toBe(0);
    const text = readFileSync(join(repository, 'release/sbom.cdx.json'), 'utf8');
    const list = JSON.parse(text) as Json & { readonly components: readonly Component[] };
    expect(list).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'proxim' } } });
    const names = list.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));
    // What npm installs with the command, the binaries of other platforms, and what is built into the pages.
    for (const name of ['ws', 'typebox', 'node-datachannel', '@node-datachannel/win32-x64-msvc', 'x11', 'sirv']) {
      expect(names).toContain(name);
    }
    for (const name of ['preact', '@preact/signals', 'zxing-wasm', 'lucide', 'nosleep.js'])
      expect(names).toContain(name);
    for (const name of ['typescript', 'vite', 'vitest', 'playwright-core']) expect(names).not.toContain(name);
    for (const component of list.components) {
      expect(component).toMatchObject({ licenses: [expect.anything()] });
      if (component.group !== '@proxim') expect(component).toMatchObject({ hashes: [{ alg: 'SHA-512' }] });
    }
    for (const path of [repository, homedir(), tmpdir(), 'file:', 'registry']) expect(text).not.toContain(path);
  });
});

describe('the licences that go with the command', () => {
  it('are told for what is built into the pages, with their texts', () => {
    const notices = readFileSync(join(repository, 'apps/desktop/dist/THIRD-PARTY.txt'), 'utf8');
    for (const name of ['preact', '@preact/signals', 'lucide', 'nosleep.js', 'zxing-wasm', 'node-datachannel', 'x11']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, (?:MIT|ISC|MPL-2\\.0)$`, 'm'));
    }
    expect(notices).toContain('Permission is hereby granted, free of charge');
    expect(notices).toContain('Mozilla Public License Version 2.0');
  });
});

describe('the audit before a release', () => {
  let registry: Server;
  let home: string;
  let answer: (path: string) => { readonly status: number; readonly body: object };

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'proxim-npm-'));
    registry = createServer((request, response) => {
      request.resume();
      const { status, body } = answer(request.url ?? '');
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
  });

  afterEach(() => {
    registry.closeAllConnections();
    registry.close();
    rmSync(home, { recursive: true, force: true });
  });

  const audit = (...args: readonly string[]): Promise<Outcome> => {
    const { port } = registry.address() as AddressInfo;
    return runScript('audit.mjs', args, {
      npm_config_registry: `http://127.0.0.1:${String(port)}/`,
      npm_config_cache: home,
      npm_config_proxy: 'null',
      npm_config_https_proxy: 'null',
    });
  };
  const isAudit = (path: string): boolean => path.endsWith('/security/advisories/bulk');

  it('passes when the registry knows of nothing', async () => {
    answer = (path) => (isAudit(path) ? { status: 200, body: {} } : { status: 404, body: {} });
    const { status, output } = await audit();
    expect(output).toContain('No weakness of level high or critical is known');
    expect(status).toBe(0);
  });

  it('fails on a weakness in what is shipped, however it was called', async () => {
    const weakness = { id: 1, url: 'https://advisory.example', title: 'A weakness', severity: 'high' };
    const body = { ws: [{ ...weakness, vulnerable_versions: '<99.0.0', cwe: [], cvss: { score: 8 } }] };
    answer = (path) => (isAudit(path) ? { status: 200, body } : { status: 404, body: {} });
    for (const args of [[], ['--without-audit']]) {
      const { status, output } = await audit(...args);
      expect(output).toContain('ws (high)');
      expect(status).toBe(1);
    }
  });

  it('does not fail on a weakness of a lower level', async () => {
    const weakness = { id: 1, url: 'https://advisory.example', title: 'A weakness', severity: 'low' };
    const body = { ws: [{ ...weakness, vulnerable_versions: '<99.0.0', cwe: [], cvss: { score: 1 } }] };
    answer = (path) => (isAudit(path) ? { status: 200, body } : { status: 404, body: {} });
    expect((await audit()).status).toBe(0);
  });

  it('fails when the registry does not answer it, and says so; a person can decide to go on', async () => {
    answer = () => ({ status: 405, body: {} });
    const refused = await audit();
    expect(refused.output).toContain('The registry did not answer the audit, so nothing is known');
    expect(refused.output).toContain('--without-audit');
    expect(refused.status).toBe(1);
    const accepted = await audit('--without-audit');
    expect(accepted.output).toContain('It was decided to go on without');
    expect(accepted.status).toBe(0);
  });

  it('fails when nobody is there to answer', async () => {
    const { port } = registry.address() as AddressInfo;
    registry.close();
    await once(registry, 'close');
    const { status, output } = await runScript('audit.mjs', [], {
      npm_config_registry: `http://127.0.0.1:${String(port)}/`,
      npm_config_cache: home,
    });
    expect(output).toContain('The registry did not answer the audit');
    expect(status).toBe(1);
  });
});
