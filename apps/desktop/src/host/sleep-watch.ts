import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** logind says so before a sleep and after it (org.freedesktop.login1, PrepareForSleep), to whoever listens. */
const listener: readonly [string, ...string[]] = [
  'sh',
  '-c',
  // The shell's input ends with this program, however that ends; the monitor by itself would wait for the next sleep.
  'dbus-monitor --system "$0" & monitor=$!; cat > /dev/null; kill "$monitor"',
  "type='signal',sender='org.freedesktop.login1',interface='org.freedesktop.login1.Manager',member='PrepareForSleep'",
];
/** Holds the sleep up while it runs, for five seconds at most; it runs until its input ends. */
const delay: readonly [string, ...string[]] = [
  'systemd-inhibit',
  '--what=sleep',
  '--mode=delay',
  '--who=Proxim',
  '--why=Phones are told that this computer sleeps',
  'cat',
];
/** What is said last may still have to leave the machine. */
const sayGoodbyeMs = 300;

export interface SleepWatch {
  stop(): void;
}

const start = ([command, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv): ChildProcess => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env });
  // Where there is no such program nothing is said before a sleep; the clock tells afterwards.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return child;
};

/**
 * Listens for the moment before this machine sleeps. Only on Linux with logind is there such a moment; everywhere else
 * the sleep is noticed when it is over.
 *
 * @param options `onSleep`: called before; the sleep waits for a moment where the system lets it. `onWake`: after it
 */
export const watchSleep = (options: {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly onSleep: () => void;
  readonly onWake: () => void;
}): SleepWatch => {
  const { platform, env, onSleep, onWake } = options;
  if (platform !== 'linux') return { stop: () => undefined };
  let inhibitor: ChildProcess | undefined = start(delay, env);
  const monitor = start(listener, env);
  const release = (): void => {
    inhibitor?.stdin?.end();
    inhibitor = undefined;
  };
  if (monitor.stdout) {
    createInterface({ input: monitor.stdout }).on('line', (line) => {
      const said = /^\s*boolean (true|false)\s*$/.exec(line)?.[1];
      if (said === 'true') {
        onSleep();
        setTimeout(release, sayGoodbyeMs);
      } else if (said === 'false') {
        inhibitor ??= start(delay, env);
        onWake();
      }
    });
  }
  return {
    stop: () => {
      release();
      monitor.stdin?.end();
    },
  };
};
