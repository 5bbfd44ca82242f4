export type CameraFault = 'denied' | 'no_camera' | 'failed';

export type Camera =
  | { readonly ok: true; readonly stream: MediaStream; readonly stop: () => void }
  | { readonly ok: false; readonly fault: CameraFault };

const faultsByName: Readonly<Record<string, CameraFault>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'no_camera',
  OverconstrainedError: 'no_camera',
};

/** Opens the camera on the back of the phone, or the one that there is. */
export const openCamera = async (): Promise<Camera> => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    return {
      ok: true,
      stream,
      stop: () => {
        for (const track of stream.getTracks()) track.stop();
      },
    };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    return { ok: false, fault: (Object.hasOwn(faultsByName, name) ? faultsByName[name] : undefined) ?? 'failed' };
  }
};
