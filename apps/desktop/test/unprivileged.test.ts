import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from './support/command.js';
import { isStatus, type NodePhone, startNodePhone } from './support/node-phone.js';

/** Debian's `nobody`. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const repository = fileURLToPath(new URL('../../..', import.meta.url));

describe('proxim as a user without any rights', () => {
  let folder: string;
  let app: Command | undefined;
  let phone: NodePhone | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'proxim-nobody-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'home'));
    mkdirSync(join(folder, 'repository'));
    if (isRoot) chownSync(join(folder, 'home'), nobody, nobody);
  });

  afterEach(async () => {
    phone?.peer.leave();
    phone = undefined;
    await app?.stop();
    app = undefined;
    // Empty here: what is mounted there is mounted for the program alone.
    rmdirSync(join(folder, 'repository'));
    rmSync(folder, { recursive: true, force: true });
  });

  afterAll(unloadNodeRtcEngine);

  /**
   * Runs with no rights and a umask that keeps nothing back. The program is looked at where this user may: the
   * repository could stand in a folder that is another's.
   */
  const start = (...args: readonly string[]): Command => {
    const here = join(folder, 'repository');
    const drop = [`--reuid=${String(nobody)}`, `--regid=${String(nobody)}`, '--clear-groups', '--no-new-privs'];
    const steps = [
      'umask 0',
      `mount --bind "$0" "$1"`,
      'shift',
      `exec setpriv ${drop.join(' ')} --inh-caps=-all --bounding-set=-all -- "$@"`,
    ];
    const under = isRoot ? ['unshare', '--mount', 'sh', '-ec', steps.join('; '), repository, here] : [];
    return runProxim(['--json', '--no-open', '--port', '0', '--host', '127.0.0.1', ...args], {
      under,
      ...(isRoot ? { repository: here } : {}),
      env: { HOME: join(folder, 'home'), XDG_DATA_HOME: join(folder, 'home') },
    });
  };

  it('listens, lets a phone in, and keeps what it keeps from everybody else', async () => {
    app = start('--session-type', 'persistent');
    await app.next(event('listening'));
    if (isRoot) {
      const status = readFileSync(`/proc/${String(app.child.pid)}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
      expect(status).toMatch(/^CapEff:\t0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    }
    const { link, sessionID } = await app.next(event('session'));
    phone = startNodePhone(String(link));
    await app.next(event('pair_prompt'));
    app.send({ command: 'approve', sessionID: String(sessionID) });
    await app.next(event('peer', { state: 'connected' }));
    await phone.reaches(isStatus('connected'));
    expect(await app.stop('SIGTERM')).toBe(0);

    const data = join(folder, 'home', 'proxim');
    expect(statSync(data).mode & 0o777).toBe(0o700);
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain('phones.json');
    for (const { name, parentPath } of files) expect(statSync(join(parentPath, name)).mode & 0o777).toBe(0o600);
  });

  it('makes a folder private that was open to all', async () => {
    const data = join(folder, 'home', 'mine');
    mkdirSync(data, { mode: 0o777 });
    chmodSync(data, 0o777);
    if (isRoot) chownSync(data, nobody, nobody);
    app = start('--data-dir', data);
    await app.next(event('session'));
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });
});
