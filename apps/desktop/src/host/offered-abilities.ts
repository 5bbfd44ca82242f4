import { abilities, type Ability, type ComputerFeatures } from '@proxim/control';

/** What can be allowed on a computer that has these things besides pointer and keyboard. */
export const offeredAbilities = ({ view, clipboard, system }: ComputerFeatures): readonly Ability[] => {
  const offered: Readonly<Record<Ability, boolean>> = {
    view,
    point: true,
    type: true,
    clipboard,
    system: system.length > 0,
  };
  return abilities.filter((ability) => offered[ability]);
};
