import type { DirectChannel } from '@proxim/peer';
import { useEffect, useMemo, useState } from 'preact/hooks';

import type { Computer } from '../control/control-sender.js';
import { fetchScreenParts, screenParts } from '../lazy-parts.js';

/** Whether the phone lies on its side. */
const isOnItsSide = (): boolean => matchMedia('(orientation: landscape)').matches;

/** Whether the picture has the whole phone: on its side it does, unless the user would rather not. */
const useFull = (): { readonly isFull: boolean; readonly setFull: (isFull: boolean) => void } => {
  const [isFull, setFull] = useState(isOnItsSide);
  useEffect(() => {
    const query = matchMedia('(orientation: landscape)');
    const turned = (): void => setFull(query.matches);
    query.addEventListener('change', turned);
    return () => query.removeEventListener('change', turned);
  }, []);
  return { isFull, setFull };
};

/** Fetches what shows the computer's screen when the computer has one to show; undefined until it is there. */
export const useScreenView = (channel: DirectChannel | undefined, { has, may }: Pick<Computer, 'has' | 'may'>) => {
  const parts = screenParts.value;
  const viewer = useMemo(() => parts?.createScreenViewer(), [parts]);
  const { isFull, setFull } = useFull();

  useEffect(() => {
    // A fetch that failed is tried again when the computer says anew what it has.
    if (has.view && !screenParts.peek()) fetchScreenParts().catch(() => undefined);
  }, [has]);
  useEffect(() => {
    if (channel) viewer?.use(channel);
  }, [viewer, channel]);
  useEffect(() => {
    if (may.view) viewer?.allowed();
  }, [viewer, may.view]);
  useEffect(() => () => viewer?.stop(), [viewer]);

  if (!parts || !viewer) return undefined;
  const isSeen = viewer.view.value.at === 'seen';
  return {
    ScreenButton: parts.ScreenButton,
    ScreenStage: parts.ScreenStage,
    viewer,
    isSeen,
    /** Whether the button to ask is of use. */
    isOffered: has.view || isSeen,
    mayView: may.view,
    isFull: isSeen && isFull,
    setFull,
  };
};
