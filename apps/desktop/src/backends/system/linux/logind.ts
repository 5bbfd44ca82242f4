import type { SystemAction } from '@proxim/control';
import type { Clock } from '@proxim/protocol';

import type { Program, ProgramEnd, RunProgram } from '../run-program.js';
import type { SystemBackend, SystemOutcome } from '../system-backend.js';

// The interface is in org.freedesktop.login1(5); systemd and elogind both have it. `dbus-send` comes with D-Bus itself,
// as `dbus-monitor` does, which hears of a sleep; DBUS_SYSTEM_BUS_ADDRESS leads it to another bus.
const send = ['--system', '--print-reply=literal', '--reply-timeout=5000', '--dest=org.freedesktop.login1'];
const manager = '/org/freedesktop/login1';
/** The session that Proxim runs in, else the one that its user has on the screen. */
const session = '/org/freedesktop/login1/session/auto';

const dbusSend = (...args: readonly string[]): Program => ({ program: 'dbus-send', args: [...send, ...args] });

/** `false`: nobody is asked for a password. What needs one is not offered. */
const now = 'boolean:false';

interface PowerCommand {
  readonly action: Exclude<SystemAction, 'lock'>;
  /** Asks whether it may be done; changes nothing. */
  readonly can: Program;
  readonly order: Program;
}

const powerCommand = (action: PowerCommand['action'], method: 'Suspend' | 'Reboot' | 'PowerOff'): PowerCommand => ({
  action,
  can: dbusSend(manager, `org.freedesktop.login1.Manager.Can${method}`),
  order: dbusSend(manager, `org.freedesktop.login1.Manager.${method}`, now),
});

const powerCommands: readonly PowerCommand[] = [
  powerCommand('sleep', 'Suspend'),
  powerCommand('restart', 'Reboot'),
  powerCommand('shut_down', 'PowerOff'),
];

const lockOrder = dbusSend(session, 'org.freedesktop.login1.Session.Lock');
const lockedHint = dbusSend(
  session,
  'org.freedesktop.DBus.Properties.Get',
  'string:org.freedesktop.login1.Session',
  'string:LockedHint',
);

/** How often, and how many times, the session is asked whether it is locked by now. */
const lookEveryMs = 250;
const looks = 16;

/** `yes` alone: with `challenge` somebody would have to type a password, `no` and `na` speak for themselves. */
const isYes = ({ isOk, output }: ProgramEnd): boolean => isOk && output.trim() === 'yes';

const lockedOf = ({ isOk, output }: ProgramEnd): boolean | undefined => {
  const said = /\bboolean (true|false)\s*$/.exec(output)?.[1];
  return isOk && said !== undefined ? said === 'true' : undefined;
};

/** Linux with logind: asked on the system bus, as the desktop's own menus do. */
export const logind = (run: RunProgram, clock: Clock): SystemBackend => {
  const aMoment = (): Promise<void> =>
    new Promise((resolve) => {
      clock.setTimer(lookEveryMs, resolve);
    });

  /**
   * logind only passes the wish on, to whatever locks the screen; that says in the session when it has. Without its word
   * nothing is called locked. `xdg-screensaver lock` is no second way: where it knows no locker it darkens the screen,
   * and ends with status 0.
   */
  const lock = async (): Promise<SystemOutcome> => {
    if (!(await run(lockOrder)).isOk) return 'failed';
    for (let look = 0; look < looks; look += 1) {
      if (lockedOf(await run(lockedHint)) === true) return 'done';
      await aMoment();
    }
    return 'failed';
  };

  return {
    name: 'logind',
    actions: async () => {
      const [hint, ...answers] = await Promise.all([run(lockedHint), ...powerCommands.map(({ can }) => run(can))]);
      const power = powerCommands.filter((_, index) => {
        const answer = answers[index];
        return answer !== undefined && isYes(answer);
      });
      const hasSession = lockedOf(hint) !== undefined;
      return [...(hasSession ? (['lock'] as const) : []), ...power.map(({ action }) => action)];
    },
    carryOut: async (action) => {
      if (action === 'lock') return lock();
      const command = powerCommands.find((one) => one.action === action);
      return command && (await run(command.order)).isOk ? 'done' : 'failed';
    },
  };
};
