import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { allRights, noRights } from '@proxim/control';
import type { PeerToken, SessionID } from '@proxim/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { lockDataDir } from '../../src/host/data-dir-lock.js';
import { openPhoneMemory } from '../../src/host/phone-memory.js';
import { replacePrivateFile, copyFileAside } from '../../src/host/private-file.js';
import { readMemory, type RememberedPhone, writeMemory } from '../../src/host/remembered-phone.js';

const phone = (sessionID: string, changes: Partial<RememberedPhone> = {}): RememberedPhone => ({
  kept: {
    sessionID: sessionID as SessionID,
    uuid: '123e4567-e89b-42d3-a456-426614174000',
    peerToken: 'AAECAwQFBgcICQoLDA0ODw' as PeerToken,
    linkSecret: Uint8Array.from({ length: 16 }, (_, index) => index),
    deviceSecret: { secret: Uint8Array.from({ length: 32 }, (_, index) => 255 - index), isKept: true },
    device: { name: 'Galaxy S23 ✓', id: 'device-xyz' },
  },
  signaling: null,
  label: null,
  lastSeenAt: null,
  rights: allRights,
  ...changes,
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proxim-memory-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('[RM4] the text of the file', () => {
  it('is read as it was written', () => {
    const memory = {
      port: 47_801,
      phones: [
        phone('first-session'),
        phone('second-session', { label: 'Kitchen', lastSeenAt: 12, signaling: 'wss://relay.example' }),
      ],
    };
    expect(readMemory(writeMemory(memory))).toEqual({ kind: 'whole', memory });
  });

  it('of a time when there was less to allow allows no more than there was', () => {
    const file = JSON.parse(writeMemory({ port: 1, phones: [phone('first-session')] })) as {
      phones: { rights?: object }[];
    };
    const rightsRead = (rights: object | undefined) => {
      const phones = file.phones.map((written) => ({ ...written, rights }));
      const reading = readMemory(JSON.stringify({ ...file, phones }));
      return reading.kind === 'whole' ? reading.memory.phones.map(({ rights: read }) => read) : [];
    };
    expect(rightsRead(undefined)).toEqual([{ ...noRights, point: true, type: true }]);
    expect(rightsRead({ point: true, type: false })).toEqual([{ ...noRights, point: true }]);
  });

  it('is anything at all, and reading it never throws and never makes a phone of half a one', () => {
    const written = writeMemory({ port: 1, phones: [phone('first-session')] });
    fc.assert(
      fc.property(fc.nat(written.length), fc.string({ unit: 'grapheme', maxLength: 8 }), (at, text) => {
        const reading = readMemory(written.slice(0, at) + text + written.slice(at + text.length));
        if (reading.kind === 'newer') return;
        for (const { kept } of reading.memory.phones) {
          expect(kept.linkSecret).toHaveLength(16);
          expect(kept.deviceSecret.secret).toHaveLength(32);
        }
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['damaged', 'whole', 'newer']).toContain(readMemory(JSON.stringify(value)).kind);
      }),
    );
  });

  it.each([
    ['linkSecret', 'AA'],
    ['deviceSecret', 'AAECAwQFBgcICQoLDA0ODw'],
    ['peerToken', 'short'],
    ['sessionID', 'a b'],
    ['uuid', 'none'],
    ['device', { name: '', id: 'x' }],
  ])('without a right %s costs that phone, and no other', (field, value) => {
    const text = JSON.parse(writeMemory({ port: null, phones: [phone('first-session'), phone('second-session')] })) as {
      phones: Record<string, unknown>[];
    };
    text.phones[0] = { ...text.phones[0], [field]: value };
    const reading = readMemory(JSON.stringify(text));
    expect(reading.kind).toBe('damaged');
    expect(reading.kind !== 'newer' && reading.memory.phones).toEqual([phone('second-session')]);
  });
});

describe('[RM4] a file of secrets', () => {
  it('is replaced as a whole, and stands as it was when that fails', async () => {
    const file = join(folder, 'phones.json');
    replacePrivateFile(file, 'one');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    replacePrivateFile(file, 'two');
    expect(await readFile(file, 'utf8')).toBe('two');
    // A folder of that name cannot be replaced by a file.
    const taken = join(folder, 'taken');
    await mkdir(join(taken, 'inside'), { recursive: true });
    expect(() => {
      replacePrivateFile(taken, 'three');
    }).toThrow();
    expect((await readdir(folder)).sort()).toEqual(['phones.json', 'taken']);
  });

  it('is copied to a name that nobody has', async () => {
    const file = join(folder, 'phones.json');
    const name = (count: number) => join(folder, `aside-${String(count)}`);
    for (const text of ['first', 'second']) {
      await writeFile(file, text);
      copyFileAside(file, name);
    }
    expect(await readFile(name(1), 'utf8')).toBe('first');
    expect(await readFile(name(2), 'utf8')).toBe('second');
  });
});

describe('[RM5] the lock on a folder', () => {
  it('is held by one at a time', async () => {
    const lock = await lockDataDir(folder, process.platform);
    expect(await lockDataDir(folder, process.platform)).toBeUndefined();
    await lock?.release();
    const next = await lockDataDir(folder, process.platform);
    await next?.release();
    expect(next && (await readdir(folder))).toEqual([]);
  });

  it('of a program that was killed holds nobody up', async () => {
    const path = join(folder, 'running.sock');
    const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', program]);
    expect(await readdir(folder)).toEqual(['running.sock']);
    // And of two that find it at once, one takes its place.
    const locks = await Promise.all([lockDataDir(folder, process.platform), lockDataDir(folder, process.platform)]);
    expect(locks.filter((lock) => lock !== undefined)).toHaveLength(1);
    for (const lock of locks) await lock?.release();
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const deep = join(folder, 'x'.repeat(120));
    await mkdir(deep);
    const lock = await lockDataDir(deep, process.platform);
    expect(await lockDataDir(deep, process.platform)).toBeUndefined();
    await lock?.release();
  });
});

describe('the memory', () => {
  const open = (problems: string[] = []) =>
    openPhoneMemory({ dataDir: folder, platform: process.platform, onProblem: () => problems.push('changed') });

  it('[RM3] keeps, changes and forgets, and knows all of it the next time', async () => {
    const first = await open();
    first.usePort(47_805);
    first.remember(phone('first-session'));
    first.remember(phone('second-session'));
    first.change('second-session' as SessionID, { label: 'Kitchen' });
    first.forget('first-session' as SessionID);
    first.change('first-session' as SessionID, { label: 'gone' });
    await first.close();
    const second = await open();
    expect(second.phones).toEqual([phone('second-session', { label: 'Kitchen' })]);
    expect(second.port).toBe(47_805);
    // Another port in a run in which nobody was let in changes nothing for those who come back.
    second.usePort(1234);
    second.change('second-session' as SessionID, { label: null });
    await second.close();
    const third = await open();
    expect(third.port).toBe(47_805);
    await third.close();
  });

  it('[RM3] forgets a phone even where there is no room for a second file, and knows what the file still holds', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      const memory = await open();
      const [first, second] = ['first-session' as SessionID, 'second-session' as SessionID];
      memory.remember(phone(first));
      memory.remember(phone(second));
      const filler = join(folder, 'filler');
      await expect(writeFile(filler, Buffer.alloc(128 * 1024))).rejects.toThrow('ENOSPC');
      memory.change(second, { lastSeenAt: 5 });
      expect(memory.problem).toContain('cannot be written');
      expect([memory.holds(first), memory.holds(second)]).toEqual([true, true]);
      memory.forget(first);
      const text = await readFile(join(folder, 'phones.json'), 'utf8').catch(() => '');
      expect(text).not.toContain(first);
      expect(memory.holds(first)).toBe(false);
      await rm(filler);
      memory.flush();
      expect(memory.problem).toBe(null);
      await memory.close();
      expect((await open()).phones).toEqual([phone(second, { lastSeenAt: 5 })]);
    } finally {
      execFileSync('umount', ['--lazy', folder]);
    }
  });

  it('says that it cannot write, goes on, and writes all of it as soon as it can', async () => {
    const problems: string[] = [];
    const memory = await open(problems);
    const file = join(folder, 'phones.json');
    await mkdir(join(file, 'in the way'), { recursive: true });
    memory.remember(phone('first-session'));
    expect(memory.problem).toContain('cannot be written');
    expect(problems).toEqual(['changed']);
    await rm(file, { recursive: true });
    memory.remember(phone('second-session'));
    expect(memory.problem).toBe(null);
    expect(problems).toEqual(['changed', 'changed']);
    await memory.close();
    expect((await open()).phones).toHaveLength(2);
  });
});
