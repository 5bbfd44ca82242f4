import type { ModelPhone } from './model-phone.js';
import type { World } from './world.js';

/** What must hold, by name: a failure says which of these it was. */
export type Invariant =
  | 'one phone in control'
  | 'no prompt without a request'
  | 'no control after the end'
  | 'control by approval alone'
  | 'a one-time session ends with its first disconnect'
  | 'a session ends in time'
  | 'the honest are not called forgers'
  | 'connected again, or ended with a reason'
  | 'a short trouble is survived'
  | 'connected means connected'
  | 'nothing is left';

const demand = (name: Invariant, holds: boolean, found: () => string): void => {
  if (!holds) throw new Error(`${name}: ${found()}`);
};

const show = (phones: readonly ModelPhone[]): string =>
  phones.map(({ host, status, end }) => `${host.name} ${status}${end === undefined ? '' : ` (${end})`}`).join(', ');

/** Who reaches the desktop at this very moment. */
const inControl = (world: World): ReadonlySet<string> =>
  new Set(world.desktop.heard.filter(({ moment }) => moment === world.moment).map(({ page }) => page));

const checkControl = (world: World): void => {
  const { desktop } = world;
  const controlling = inControl(world);
  demand('one phone in control', controlling.size <= 1, () => [...controlling].join(' and '));
  demand('one phone in control', desktop.open.length <= 1, () => `${desktop.open.length} direct connections are open`);
  for (const { page, device, approved, wasAlive } of desktop.heard) {
    demand('no control after the end', wasAlive, () => `${page} was heard in a session that is over`);
    demand('control by approval alone', device === approved, () => `${page} was heard, approved is ${approved}`);
  }
  if (!desktop.session) {
    demand('no control after the end', desktop.open.length === 0, () => 'a direct connection outlives its session');
  }
  for (const { host, status, channels } of world.living) {
    if (status !== 'ended' || !host.isAwake) continue;
    const isMute = channels.every((channel) => !channel.send('late'));
    demand('no control after the end', isMute, () => `${host.name} has ended and sends`);
  }
};

/** Each question goes back to a request of the device that it names, and none comes once a phone holds the device secret. */
const checkPrompts = (world: World): void => {
  const questions = world.desktops.flatMap((desktop) => desktop.questions);
  for (const { prompt, requests, asked, isSealed } of questions) {
    const { id } = prompt.deviceInfo;
    demand('no prompt without a request', asked <= requests, () => `${id}: ${asked} questions, ${requests} requests`);
    demand('no prompt without a request', !isSealed, () => `${id}: asked after the device secret was acknowledged`);
  }
};

const checkHonesty = (world: World): void => {
  for (const { host, device, end } of world.phones) {
    // Of two tabs that take the seat from each other, one may be brought the answer to the other's offer, and the one that
    // was copied before the device secret was handed over has a token that is right, and a key that is not.
    const isWronged = end === 'forged' || (end === 'refused' && !world.twice.has(device));
    demand('the honest are not called forgers', !isWronged, () => `${host.name}: ${end}`);
  }
  for (const { events } of world.desktops) {
    const errors = events.flatMap((event) => (event[0] === 'error' ? [event[1].code] : []));
    demand('the honest are not called forgers', errors.length === 0, () => `the desktop heard ${errors.join()}`);
  }
};

const checkOneTime = (world: World): void => {
  if (world.sessionType !== 'one_time') return;
  const { events, peer } = world.desktop;
  for (const event of events) {
    if (event[0] !== 'direct' || event[1].state !== 'disconnected') continue;
    const { sessionID } = event[1];
    const isOver = peer.sessions.every((session) => session.sessionID !== sessionID);
    demand('a one-time session ends with its first disconnect', isOver, () => 'it lives');
  }
};

/** Longer than a side may be silent, and the other go on to believe in it. */
const noticedMs = 8000;
/** The same for a desktop whose phone has handed its session to a page that never came. */
const swappedMs = 16_000;

/** Who says that it is connected is, once there was time to notice that it is not. */
const checkClaims = (world: World): void => {
  if (world.calmMs < noticedMs) return;
  const { desktop, living } = world;
  const controlling = inControl(world);
  for (const { host, status, memory } of living) {
    const claims = status === 'connected' && memory !== undefined && host.isAwake;
    demand('connected means connected', !claims || controlling.has(host.name), () => `${host.name} reaches nobody`);
  }
  const { session } = desktop;
  if (world.calmMs < swappedMs) return;
  const claims = session?.directState === 'connected' && session.isVerified && desktop.host.isAwake;
  demand('connected means connected', !claims || controlling.size > 0, () => 'the desktop hears nobody');
};

/** What holds at every moment, whatever has happened. Probe the channels before. */
export const checkMoment = (world: World): void => {
  checkControl(world);
  checkPrompts(world);
  checkHonesty(world);
  checkOneTime(world);
  checkClaims(world);
  demand('a session ends in time', !world.desktop.isOverdue, () => 'it outlives its time at the desktop');
};

/** What holds once everything works again and has had its time. */
export const checkMended = (world: World): void => {
  checkMoment(world);
  const { living, desktop } = world;
  const isSettled = living.every(({ status, memory }) => status === 'connected' || status === 'ended' || !memory);
  demand('connected again, or ended with a reason', isSettled, () => show(living));
  const connected = living.filter(({ status }) => status === 'connected').map(({ host }) => host.name);
  const controlling = [...inControl(world)];
  demand('connected means connected', connected.join() === controlling.join(), () => {
    return `${show(living)}; heard: ${controlling.join()}`;
  });
  const state = desktop.session?.directState;
  const isTrue = (state === 'connected') === connected.length > 0;
  demand('connected means connected', isTrue, () => `the desktop says ${state}; ${show(living)}`);
};

/** What holds after a trouble that was over before anybody gave up: the phone's last page is in control. */
export const checkSurvived = (world: World): void => {
  const page = world.living.at(-1);
  const survives = page?.status === 'connected';
  demand('a short trouble is survived', survives, () => show(world.living));
};

/** What holds once everybody has left. */
export const checkEmpty = (world: World): void => {
  const { wire, network, desktop, living } = world;
  for (const { counts, status } of wire.servers) {
    if (status === 'killed') continue;
    const { connections, sessions, timers } = counts;
    const isEmpty = connections === 0 && sessions === 0 && timers === 0;
    demand('nothing is left', isEmpty, () => `${status}: ${JSON.stringify(counts)}`);
  }
  for (const { name, clock } of [desktop.host, ...living.map(({ host }) => host)]) {
    demand('nothing is left', clock.pendingTimers === 0, () => `${clock.pendingTimers} timers at ${name}`);
  }
  const alive = network.alive.map(({ owner }) => owner);
  demand('nothing is left', alive.length === 0, () => `direct connections of ${alive.join()}`);
};
