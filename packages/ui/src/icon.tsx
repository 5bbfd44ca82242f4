import type { IconNode } from 'lucide';
import { h } from 'preact';

export type { IconNode } from 'lucide';

export interface IconProps {
  /** One of lucide's icons, imported by its name so that the others stay out of the bundle. */
  readonly of: IconNode;
  /** Width and height in CSS pixels; 24 unless given. */
  readonly size?: number;
  /** What the icon says where no text beside it does; without it the icon is decoration. */
  readonly label?: string;
}

/**
 * An icon of the one set that is used, in the colour of the text around it.
 *
 * @example
 * import { Keyboard } from 'lucide';
 * <button class="icon-button" type="button" aria-label={texts.keyboard}><Icon of={Keyboard} /></button>
 */
export const Icon = ({ of, size = 24, label }: IconProps) => (
  <svg
    class="icon"
    viewBox="0 0 24 24"
    width={size}
    height={size}
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    {...(label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label })}
  >
    {of.map(([tag, attributes], index) => h(tag, { key: index, ...attributes }))}
  </svg>
);
