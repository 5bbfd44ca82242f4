import type { Capture, CaptureScreen } from './screen-shares.js';

/** Whether this browser can capture the screen at all. */
export const canCapture = (): boolean =>
  'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices && 'RTCPeerConnection' in window;

const maxFramerate = 30;
/** Enough for sharp text that scrolls; the connection finds out by itself what the network carries. */
const maxBitrate = 12_000_000;

const captureOf = (stream: MediaStream): Capture => {
  const tracks = stream.getVideoTracks();
  // Sharp text before smooth motion: with this hint browsers lower the frame rate, and not the resolution.
  for (const track of tracks) track.contentHint = 'detail';
  return {
    connect: (iceServers, { onCandidate, onFailed }) => {
      const connection = new RTCPeerConnection({ iceServers: [...iceServers] });
      connection.onicecandidate = ({ candidate: found }) => {
        const { candidate, sdpMid, sdpMLineIndex } = found ?? { candidate: '', sdpMid: '0', sdpMLineIndex: 0 };
        onCandidate({ candidate, sdpMid, sdpMLineIndex });
      };
      connection.onconnectionstatechange = () => {
        if (connection.connectionState === 'failed') onFailed();
      };
      const sendEncodings = [{ maxBitrate, maxFramerate }];
      for (const track of tracks) {
        connection.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings });
      }
      return connection;
    },
    onEnded: (listener) => {
      for (const track of tracks) track.onended = listener;
    },
    stop: () => {
      for (const track of tracks) track.stop();
    },
  };
};

/** Captures what the user chooses in the browser's own dialog: without sound, and no larger than it is of use. */
export const captureScreen: CaptureScreen = async ({ maxWidth, maxHeight }) =>
  captureOf(
    await navigator.mediaDevices.getDisplayMedia({
      video: { width: { max: maxWidth }, height: { max: maxHeight }, frameRate: { max: maxFramerate } },
      audio: false,
    }),
  );
