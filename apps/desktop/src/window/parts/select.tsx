import { Icon } from '@proxim/ui';
import { ChevronDown } from 'lucide';
import type { ComponentChildren } from 'preact';

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Its options. */
  readonly children: ComponentChildren;
}

/** A menu of the platform's own, with the arrow of our icons. */
export const Select = ({ label, value, onChange, children }: SelectProps) => (
  <span class="select">
    <select class="tabular" aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {children}
    </select>
    <Icon of={ChevronDown} size={20} />
  </span>
);
