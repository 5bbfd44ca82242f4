import type { Clock } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import type { Program, ProgramEnd } from '../../src/backends/system/run-program.js';
import { programRunner } from '../../src/backends/system/run-program.js';
import { selectSystemBackend } from '../../src/backends/system/select-system-backend.js';

const failed: ProgramEnd = { isOk: false, output: '' };

/** Time passes at once. */
const clock: Clock = {
  now: () => 0,
  setTimer: (_ms, callback) => {
    queueMicrotask(callback);
    return { cancel: () => undefined };
  },
};

/** A platform whose programs the test answers for, and what was run of them. */
const platform = (name: string, answer: (line: string) => ProgramEnd, env: Record<string, string> = {}) => {
  const ran: string[] = [];
  const run = (program: Program): Promise<ProgramEnd> => {
    const line = [program.program, ...program.args].join(' ');
    ran.push(line);
    return Promise.resolve(answer(line));
  };
  return { backend: selectSystemBackend({ platform: name, env, run, clock }), ran };
};

const said = (output: string): ProgramEnd => ({ isOk: true, output });

describe('logind', () => {
  const logind = (answers: Readonly<Record<string, ProgramEnd>>) =>
    platform('linux', (line) => {
      const key = Object.keys(answers).find((part) => line.includes(part));
      return key === undefined ? failed : (answers[key] ?? failed);
    });

  it('offers what needs no password, and asks for no more than that', async () => {
    const { backend, ran } = logind({
      LockedHint: said('   variant       boolean false\n'),
      CanSuspend: said('   yes'),
      CanReboot: said('   challenge'),
      CanPowerOff: said('   na'),
    });
    expect(await backend.actions()).toEqual(['lock', 'sleep']);
    expect(ran.filter((line) => !/\.Can[A-Z]\w+$|Properties\.Get /.test(line))).toEqual([]);
  });

  it('offers nothing where nobody answers, or something else does', async () => {
    expect(await logind({}).backend.actions()).toEqual([]);
    const nonsense = { LockedHint: said('yes'), CanSuspend: said('yes and no') };
    expect(await logind(nonsense).backend.actions()).toEqual([]);
  });

  it.each([
    ['sleep', 'Suspend'],
    ['restart', 'Reboot'],
    ['shut_down', 'PowerOff'],
  ] as const)('does a %s by %s, without asking anybody for a password', async (action, method) => {
    const { backend, ran } = logind({ [`.${method} `]: said('') });
    expect(await backend.carryOut(action)).toBe('done');
    expect(ran).toEqual([
      `dbus-send --system --print-reply=literal --reply-timeout=5000 --dest=org.freedesktop.login1 ` +
        `/org/freedesktop/login1 org.freedesktop.login1.Manager.${method} boolean:false`,
    ]);
    expect(await logind({}).backend.carryOut(action)).toBe('failed');
  });

  it('has locked when the session says so, and not before', async () => {
    let looks = 0;
    const { backend } = platform('linux', (line) => {
      if (!line.includes('LockedHint')) return said('');
      looks += 1;
      return said(`variant boolean ${String(looks > 3)}`);
    });
    expect(await backend.carryOut('lock')).toBe('done');
    expect(looks).toBe(4);
  });

  it('has not locked where no locker hears of it', async () => {
    const { backend, ran } = logind({ 'Session.Lock': said(''), LockedHint: said('variant boolean false') });
    expect(await backend.carryOut('lock')).toBe('failed');
    expect(ran.length).toBeLessThan(30);
  });
});

describe('macOS', () => {
  it('sleeps, restarts and shuts down by programs of its own, and claims no lock', async () => {
    const { backend, ran } = platform('darwin', () => said(''));
    expect(await backend.actions()).toEqual(['sleep', 'restart', 'shut_down']);
    expect(await backend.carryOut('sleep')).toBe('done');
    expect(await backend.carryOut('restart')).toBe('done');
    expect(await backend.carryOut('shut_down')).toBe('done');
    expect(await backend.carryOut('lock')).toBe('failed');
    expect(ran).toEqual([
      '/usr/bin/pmset sleepnow',
      '/usr/bin/osascript -e tell application "System Events" to restart',
      '/usr/bin/osascript -e tell application "System Events" to shut down',
    ]);
  });

  it('has failed when the program has', async () => {
    expect(await platform('darwin', () => failed).backend.carryOut('restart')).toBe('failed');
  });
});

describe('Windows', () => {
  it('locks, restarts and shuts down by programs of its own, by their whole path', async () => {
    const { backend, ran } = platform('win32', () => said(''), { SystemRoot: 'D:\\Windows' });
    const actions = await backend.actions();
    expect(actions).toEqual(['lock', 'restart', 'shut_down']);
    for (const action of actions) expect(await backend.carryOut(action)).toBe('done');
    expect(ran).toEqual([
      'D:\\Windows\\System32\\rundll32.exe user32.dll,LockWorkStation',
      'D:\\Windows\\System32\\shutdown.exe /r /t 0',
      'D:\\Windows\\System32\\shutdown.exe /s /t 0',
    ]);
  });
});

describe('another system', () => {
  it('offers nothing', async () => {
    const { backend, ran } = platform('freebsd', () => said(''));
    expect(await backend.actions()).toEqual([]);
    expect(await backend.carryOut('restart')).toBe('failed');
    expect(ran).toEqual([]);
  });
});

describe('a program', () => {
  const run = programRunner(process.env);
  const node = (script: string): Program => ({ program: process.execPath, args: ['-e', script] });

  it('has done it when it ended with status 0, and hands its words on', async () => {
    expect(await run(node('console.log("yes")'))).toEqual({ isOk: true, output: 'yes\n' });
    expect(await run(node('console.log("no"); process.exit(1)'))).toEqual({ isOk: false, output: 'no\n' });
  });

  it('that is not there has failed', async () => {
    expect(await run({ program: 'no-such-program-anywhere', args: [] })).toMatchObject({ isOk: false });
  });

  it('is given its arguments as they are: no shell reads them', async () => {
    const argument = '$(echo shell); `echo shell` "*"';
    const program = { program: process.execPath, args: ['-e', 'console.log(process.argv[1])', argument] };
    expect((await run(program)).output).toBe(`${argument}\n`);
  });
});
