import type { WindowAbility, WindowRights } from '../host/window-protocol.js';
import { abilityTexts } from './texts.js';

/** `1 [x] see the screen   2 [ ] type`: what a phone may do, numbered from 1. */
export const rightsLine = (abilities: readonly WindowAbility[], rights: WindowRights): string =>
  abilities
    .map((ability, index) => `${String(index + 1)} [${rights[ability] ? 'x' : ' '}] ${abilityTexts[ability]}`)
    .join('   ');

/** The rights after a number was pressed; undefined when the key is none of the numbers. */
export const toggleRight = (
  abilities: readonly WindowAbility[],
  rights: WindowRights,
  key: string,
): WindowRights | undefined => {
  const ability = /^[1-9]$/.test(key) ? abilities[Number(key) - 1] : undefined;
  return ability && { ...rights, [ability]: !rights[ability] };
};
