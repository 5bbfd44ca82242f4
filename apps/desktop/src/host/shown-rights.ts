import type { WindowAbility, WindowRights } from './window-protocol.js';

/** What is granted of these rights when the user was shown these abilities alone: nobody says yes to what was not there. */
export const shownRights = (abilities: readonly WindowAbility[], rights: WindowRights): WindowRights => {
  const isGranted = (ability: WindowAbility): boolean => rights[ability] && abilities.includes(ability);
  return {
    view: isGranted('view'),
    point: isGranted('point'),
    type: isGranted('type'),
    clipboard: isGranted('clipboard'),
    system: isGranted('system'),
  };
};
