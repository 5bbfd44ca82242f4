import { signal } from '@preact/signals';

import type { CameraView } from './scanner/camera-view.js';
import type { ScreenParts } from './screen-view/screen-parts.js';
import type { ConnectedScreen } from './screens/connected-screen.js';
import type { ToolsSheet } from './screens/tools-sheet.js';

/** The pad, once it has been fetched: the first screen does not wait for it. */
export const connectedScreen = signal<typeof ConnectedScreen | undefined>(undefined);

/** Fetches the pad while the user reads and is asked: later the network may be another one. */
export const fetchConnectedScreen = async (): Promise<void> => {
  connectedScreen.value = (await import('./screens/connected-screen.js')).ConnectedScreen;
};

/** The screen's picture, once the computer says that it can show it. */
export const screenParts = signal<ScreenParts | undefined>(undefined);

export const fetchScreenParts = async (): Promise<void> => {
  screenParts.value = (await import('./screen-view/screen-parts.js')).screenParts;
};

/** The camera's picture, once somebody wants to scan. */
export const cameraView = signal<typeof CameraView | undefined>(undefined);

export const fetchCameraView = async (): Promise<void> => {
  cameraView.value = (await import('./scanner/camera-view.js')).CameraView;
};

/** The tools, for a computer that has some. */
export const toolsSheet = signal<typeof ToolsSheet | undefined>(undefined);

/** Fetches them while the phone is still in the computer's network. */
export const fetchToolsSheet = async (): Promise<void> => {
  toolsSheet.value = (await import('./screens/tools-sheet.js')).ToolsSheet;
};
