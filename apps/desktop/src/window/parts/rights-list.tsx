import { Icon, type IconNode } from '@proxim/ui';
import { Keyboard, MousePointer2 } from 'lucide';
import type { ComponentChildren } from 'preact';

import type { WindowRights } from '../../host/window-protocol.js';
import { type Ability, texts } from '../texts/en.js';

const abilities = Object.entries({
  point: MousePointer2,
  type: Keyboard,
} satisfies Record<Ability, IconNode>) as [Ability, IconNode][];

export interface RightsListProps {
  readonly rights: WindowRights;
  readonly onChange: (rights: WindowRights) => void;
  readonly isDisabled?: boolean;
  /** Further lines, without a switch. */
  readonly children?: ComponentChildren;
}

/** What a phone may do, each with its switch. */
export const RightsList = ({ rights, onChange, isDisabled = false, children }: RightsListProps) => (
  <ul>
    {abilities.map(([ability, icon]) => (
      <li key={ability}>
        <label class="ability">
          <Icon of={icon} size={20} />
          <span>{texts.request.abilities[ability]}</span>
          <input
            class="switch"
            type="checkbox"
            role="switch"
            checked={rights[ability]}
            disabled={isDisabled}
            onChange={({ currentTarget }) => onChange({ ...rights, [ability]: currentTarget.checked })}
          />
        </label>
      </li>
    ))}
    {children}
  </ul>
);
