import type { ScreenCommand, ScreenEnd } from './screen-protocol.js';

const screenEnds: readonly ScreenEnd[] = ['declined', 'ended_on_computer', 'unsupported', 'no_path'];

/** A browser's description of one video is a few kilobytes long. */
const longestSdp = 16_384;
const longestCandidate = 512;

/** Reads a window's command about a share; undefined for anything else. */
export const parseScreenCommand = (fields: Readonly<Record<string, unknown>>): ScreenCommand | undefined => {
  const { command, share, sdp, candidate, sdpMid, sdpMLineIndex, reason } = fields;
  if (typeof share !== 'number' || !Number.isSafeInteger(share)) return undefined;
  switch (command) {
    case 'screen_choose':
      return { command, share };
    case 'screen_offer':
      if (typeof sdp !== 'string' || sdp.length > longestSdp) return undefined;
      return { command, share, sdp };
    case 'screen_candidate': {
      if (typeof candidate !== 'string' || candidate.length > longestCandidate) return undefined;
      if (sdpMid !== null && typeof sdpMid !== 'string') return undefined;
      if (sdpMLineIndex !== null && typeof sdpMLineIndex !== 'number') return undefined;
      return { command, share, candidate, sdpMid, sdpMLineIndex };
    }
    case 'screen_stop': {
      const end = screenEnds.find((known) => known === reason);
      return end && { command, share, reason: end };
    }
    default:
      return undefined;
  }
};
