import { ScreenButton } from './screen-button.js';
import { ScreenStage } from './screen-stage.js';
import { ScreenViewer } from './screen-viewer.js';

/** More is hard work for a computer without a video encoder, and too small to be seen on a phone. */
const mostPixels = 1920;

const openConnection = (iceServers: RTCIceServer[] = []): RTCPeerConnection => {
  try {
    return new RTCPeerConnection({ iceServers });
  } catch {
    // A server that this browser does not know the form of; in one network none is needed.
    return new RTCPeerConnection();
  }
};

/** The picture's own connection, made by this browser. */
const createScreenViewer = (): ScreenViewer =>
  new ScreenViewer({
    openConnection: (iceServers, { onStream, onCandidate, onFailed }) => {
      const connection = openConnection(iceServers);
      connection.ontrack = ({ track, streams: [stream] }) => onStream(stream ?? new MediaStream([track]));
      connection.onicecandidate = ({ candidate: found }) => {
        const { candidate, sdpMid, sdpMLineIndex } = found ?? { candidate: '', sdpMid: '0', sdpMLineIndex: 0 };
        onCandidate({ candidate, sdpMid, sdpMLineIndex });
      };
      connection.onconnectionstatechange = () => {
        if (connection.connectionState === 'failed') onFailed();
      };
      return connection;
    },
    // The phone may be turned, so the longer side counts for both.
    size: () => {
      const longest = Math.min(mostPixels, Math.max(screen.width, screen.height) * devicePixelRatio);
      return { width: longest, height: longest };
    },
  });

/** What shows the computer's screen. */
export const screenParts = { ScreenButton, ScreenStage, createScreenViewer } as const;
export type ScreenParts = typeof screenParts;
