import { Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';

const name = 'org.freedesktop.login1';
const path = '/org/freedesktop/login1';

type Answer = 'yes' | 'no' | 'challenge' | 'na';

/** What answers in logind's place on a bus of the test's own: nothing is ever locked, suspended or restarted. */
export interface StandInLogind {
  /** What each `Can…` answers. */
  readonly can: Record<'CanSuspend' | 'CanReboot' | 'CanPowerOff', Answer>;
  /** Whether a screen locker hears of a `Lock` and locks. */
  hasLocker: boolean;
  /** What is answered with an error: `Reboot`. */
  readonly failing: Set<string>;
  /** What was ordered and nobody has taken, in order: `Reboot false`. */
  readonly orders: readonly string[];
  /** How often each question was asked. */
  readonly asked: ReadonlyMap<string, number>;
  /** Takes the next order; waits for it. */
  next(): Promise<string>;
  /** Says what logind says after a sleep. */
  wakeUp(): void;
  stop(): void;
}

const orderedFrom: Readonly<Record<string, string>> = {
  Suspend: `${name}.Manager`,
  Reboot: `${name}.Manager`,
  PowerOff: `${name}.Manager`,
  Lock: `${name}.Session`,
};

const isQuestion = (member: string): member is keyof StandInLogind['can'] =>
  ['CanSuspend', 'CanReboot', 'CanPowerOff'].includes(member);

/** Takes logind's name on a bus; resolves when calls arrive. */
export const startStandInLogind = async (address: string): Promise<StandInLogind> => {
  const bus: MessageBus = sessionBus({ busAddress: address });
  const orders: string[] = [];
  const asked = new Map<string, number>();
  const waiting: ((order: string) => void)[] = [];
  let isLocked = false;

  const prepareForSleep = (isBefore: boolean): void => {
    bus.send(Message.newSignal(path, `${name}.Manager`, 'PrepareForSleep', 'b', [isBefore]));
  };

  const logind: StandInLogind = {
    can: { CanSuspend: 'yes', CanReboot: 'yes', CanPowerOff: 'yes' },
    hasLocker: true,
    failing: new Set(),
    orders,
    asked,
    next: () => {
      const order = orders.shift();
      return order === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(order);
    },
    wakeUp: () => {
      prepareForSleep(false);
    },
    stop: () => {
      bus.disconnect();
    },
  };

  const onOrder = (call: Message, member: string): void => {
    const order = [member, ...call.body.map(String)].join(' ');
    const wake = waiting.shift();
    if (wake) wake(order);
    else orders.push(order);
    if (logind.failing.has(member)) {
      bus.send(Message.newError(call, 'org.freedesktop.DBus.Error.AccessDenied', 'Permission denied'));
      return;
    }
    if (member === 'Lock') isLocked = logind.hasLocker;
    bus.send(Message.newMethodReturn(call));
    // As logind does before a sleep, to whoever listens.
    if (member === 'Suspend') prepareForSleep(true);
  };

  bus.addMethodHandler((call) => {
    const { member } = call;
    if (call.path === path && call.interface === `${name}.Manager` && isQuestion(member)) {
      asked.set(member, (asked.get(member) ?? 0) + 1);
      bus.send(Message.newMethodReturn(call, 's', [logind.can[member]]));
      return true;
    }
    const isHint = call.interface === 'org.freedesktop.DBus.Properties' && member === 'Get';
    if (isHint && call.body.join() === `${name}.Session,LockedHint`) {
      bus.send(Message.newMethodReturn(call, 'v', [new Variant('b', isLocked)]));
      return true;
    }
    if (orderedFrom[member] !== call.interface) return false;
    onOrder(call, member);
    return true;
  });
  await bus.requestName(name);
  return logind;
};
