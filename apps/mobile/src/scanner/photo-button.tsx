import { Icon } from '@proxim/ui';
import { Camera } from 'lucide';
import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';

import { texts } from '../texts/en.js';

export interface PhotoButtonProps {
  readonly isPrimary: boolean;
  readonly onCode: (text: string) => void;
  readonly onFault: (sentence: string) => void;
}

/** Reads a code from a photo: the phone's own camera works on pages that may not use one. */
export const PhotoButton = ({ isPrimary, onCode, onFault }: PhotoButtonProps) => {
  const [isReading, setReading] = useState(false);
  const read = async (photo: File): Promise<void> => {
    const { readCode } = await import('./detect.js');
    const code = await readCode(photo);
    if (code === undefined) onFault(texts.start.noCodeInPhoto);
    else onCode(code);
  };
  const onChange = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    const photo = currentTarget.files?.[0];
    if (!photo) return;
    setReading(true);
    read(photo)
      .catch(() => {
        onFault(texts.start.photoFailed);
      })
      .finally(() => {
        setReading(false);
      });
    // The same photo can be chosen again.
    currentTarget.value = '';
  };
  return (
    <label class={isPrimary ? 'button button-primary button-wide' : 'button button-wide'}>
      <Icon of={Camera} />
      {texts.start.photo}
      <input
        class="visually-hidden"
        type="file"
        accept="image/*"
        capture="environment"
        disabled={isReading}
        onChange={onChange}
      />
    </label>
  );
};
