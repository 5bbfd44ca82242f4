import { Icon } from '@proxim/ui';
import { Maximize } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';

import { screenTexts as texts } from './texts.js';

export interface PictureProps {
  readonly stream: MediaStream;
  /** Whether it has the whole screen of the phone; then the pad lies over it. */
  readonly isFull: boolean;
  readonly onFull: () => void;
}

/** The computer's screen. */
export const Picture = ({ stream, isFull, onFull }: PictureProps) => {
  const video = useRef<HTMLVideoElement>(null);
  const [isThere, setThere] = useState(false);

  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    // Set here and not in the markup: Safari plays by itself only what it finds muted.
    element.muted = true;
    element.srcObject = stream;
    const play = (): void => {
      element.play().catch(() => undefined);
    };
    play();
    // A phone that saves its battery plays nothing until it is touched.
    const listening = new AbortController();
    document.addEventListener(
      'pointerup',
      () => {
        if (element.paused) play();
      },
      { signal: listening.signal },
    );
    return () => {
      listening.abort();
      element.srcObject = null;
    };
  }, [stream]);

  return (
    <figure class="picture" aria-label={texts.picture}>
      <video
        class="picture-video"
        ref={video}
        autoPlay
        muted
        playsInline
        disablePictureInPicture
        onLoadedData={() => setThere(true)}
      />
      {isThere ? null : (
        <p class="picture-note" role="status">
          {texts.coming}
        </p>
      )}
      {isFull ? null : (
        <button class="icon-button picture-full" type="button" aria-label={texts.full} onClick={onFull}>
          <Icon of={Maximize} size={20} />
        </button>
      )}
    </figure>
  );
};
