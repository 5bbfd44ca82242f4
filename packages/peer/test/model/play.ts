import { checkEmpty, checkMended, checkMoment, checkSurvived } from './invariants.js';
import { actOf, type Prelude, type Scenario } from './steps.js';
import { World } from './world.js';

/** What a run came to, for whoever counts. */
export interface Played {
  readonly steps: number;
  readonly frames: number;
  readonly wasConnected: boolean;
}

const begin = async (world: World, prelude: Prelude): Promise<void> => {
  await world.pass(0);
  if (prelude === 'nothing') return;
  world.newDevice(prelude === 'foreign' ? 'foreign' : 'ours');
  await world.pass(100);
  if (prelude === 'asked') return;
  world.desktop.answer(true);
  await world.pass(1500);
};

const look = async (world: World): Promise<void> => {
  await world.probe();
  checkMoment(world);
};

/** Longer than any search, wait or question of the peers. */
const mendedMs = 420_000;
/** What a socket that only one side knows of may live on for. */
const quietMs = 60_000;

const mend = async (world: World): Promise<void> => {
  await world.mend();
  for (let passed = 0; passed < mendedMs; passed += 5000) {
    world.desktop.answer(true);
    await world.pass(5000);
    const isSettled = world.living.every(({ status }) => status === 'connected' || status === 'ended');
    if (isSettled && passed >= quietMs) break;
  }
  await world.probe();
  checkMended(world);
};

const end = async (world: World): Promise<void> => {
  world.desktop.peer.stop();
  for (const phone of world.living) phone.leave();
  await world.pass(100_000);
  checkEmpty(world);
};

/** Plays a scenario from its beginning to the end of everything. @throws Error that names the invariant */
export const play = async (
  { options, prelude, steps }: Scenario,
  { isSurvived = false }: { readonly isSurvived?: boolean } = {},
): Promise<Played> => {
  const world = new World(options);
  try {
    await begin(world, prelude);
    await look(world);
    for (const { act, which, ms } of steps) {
      world.wire.note(`-- ${act} (${which}), then ${ms} ms`);
      await actOf(act)(world, which);
      await world.pass(ms);
      await look(world);
    }
    world.wire.note('-- everything works again');
    await mend(world);
    if (isSurvived) checkSurvived(world);
    world.wire.note('-- everybody leaves');
    await end(world);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${what}\n${world.wire.transcript.slice(-80).join('\n')}`, { cause });
  }
  return {
    steps: steps.length,
    frames: world.wire.transcript.length,
    wasConnected: world.desktops.some(({ heard }) => heard.length > 0),
  };
};
