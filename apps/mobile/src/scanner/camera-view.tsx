import { useEffect, useRef, useState } from 'preact/hooks';

import { texts } from '../texts/en.js';
import { type CameraFault, openCamera } from './camera.js';

/** Between two looks at the camera's picture: a look takes some 20 ms, and the phone is not to get warm. */
const lookEveryMs = 120;

export interface CameraViewProps {
  /** Called with each code that is read; true ends the scanning. */
  readonly onCode: (text: string) => boolean;
  readonly onCancel: () => void;
  /** Said under the picture: what was wrong with the last code. */
  readonly hint: string | null;
  readonly onFault: (fault: CameraFault) => void;
}

/** The camera's picture, edge to edge, with the place for the code in its middle. */
export const CameraView = ({ onCode, onCancel, hint, onFault }: CameraViewProps) => {
  const video = useRef<HTMLVideoElement>(null);
  const handlers = useRef({ onCode, onFault });
  handlers.current = { onCode, onFault };
  const [isShowing, setShowing] = useState(false);

  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    const scan = async (): Promise<void> => {
      const [{ readCode }, camera] = await Promise.all([import('./detect.js'), openCamera()]);
      if (!camera.ok) {
        if (!signal.aborted) handlers.current.onFault(camera.fault);
        return;
      }
      signal.addEventListener('abort', camera.stop);
      const picture = video.current;
      if (signal.aborted || !picture) {
        camera.stop();
        return;
      }
      picture.srcObject = camera.stream;
      await picture.play();
      setShowing(true);
      const look = async (): Promise<void> => {
        const code = await readCode(picture);
        if (signal.aborted) return;
        if (code !== undefined && handlers.current.onCode(code)) return;
        setTimeout(() => look().catch(fail), lookEveryMs);
      };
      await look();
    };
    const fail = (): void => {
      if (!signal.aborted) handlers.current.onFault('failed');
    };
    scan().catch(fail);
    return () => {
      gone.abort();
    };
  }, []);

  return (
    <main class="scanner">
      <div class="scanner-view" aria-hidden="true">
        <video class="scanner-picture" ref={video} muted playsInline />
        <div class={isShowing ? 'scanner-frame' : 'scanner-frame scanner-frame-waiting'} />
      </div>
      <div class="scanner-foot">
        <h1 class="visually-hidden">{texts.scanner.title}</h1>
        <p role="status">{hint ?? texts.scanner.text}</p>
        <button class="button button-wide" type="button" onClick={onCancel}>
          {texts.scanner.cancel}
        </button>
      </div>
    </main>
  );
};
