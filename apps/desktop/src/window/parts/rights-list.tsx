import { Icon, type IconNode } from '@proxim/ui';
import { ClipboardList, Keyboard, MonitorUp, MousePointer2, Power } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { WindowAbility, WindowRights } from '../../host/window-protocol.js';
import { texts } from '../texts/en.js';

const icons: Readonly<Record<WindowAbility, IconNode>> = {
  view: MonitorUp,
  point: MousePointer2,
  type: Keyboard,
  clipboard: ClipboardList,
  system: Power,
};

export interface RightsListProps {
  /** What can be allowed here at all. */
  readonly abilities: readonly WindowAbility[];
  readonly rights: WindowRights;
  readonly onChange: (rights: WindowRights) => void;
  /** What the app refused last: a switch then shows what is, and no more what was asked for. */
  readonly refused?: string | null;
  readonly isDisabled?: boolean;
  /** Further lines, without a switch. */
  readonly children?: ComponentChildren;
}

/** What a phone may do, each with its switch. */
export const RightsList = ({
  abilities,
  rights,
  onChange,
  refused = null,
  isDisabled = false,
  children,
}: RightsListProps) => {
  const [asked, setAsked] = useState<WindowRights | null>(null);
  useEffect(() => setAsked(null), [rights, refused]);
  const ask = (next: WindowRights): void => {
    setAsked(next);
    onChange(next);
  };
  return (
    <ul>
      {abilities.map((ability) => (
        <li key={ability}>
          <label class="ability">
            <Icon of={icons[ability]} size={20} />
            <span>{texts.request.abilities[ability]}</span>
            <input
              class="switch"
              type="checkbox"
              role="switch"
              checked={(asked ?? rights)[ability]}
              disabled={isDisabled}
              onChange={({ currentTarget }) => ask({ ...rights, [ability]: currentTarget.checked })}
            />
          </label>
        </li>
      ))}
      {children}
    </ul>
  );
};
