/** What the app and its window say to each other about the screen that a phone sees. Types alone, for both sides. */

/** A phone's wish to see the screen, as every window knows it. */
export interface WindowScreen {
  /** The app's number for it: another wish is another number. */
  readonly share: number;
  /** `asked`: the user has not answered; `shared`: a window captures for it. */
  readonly step: 'asked' | 'shared';
  /** The largest picture that is of use to the phone, in pixels. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** For the picture's own connection. */
  readonly iceServers: readonly WindowIceServer[];
}

/** As W3C's `RTCIceServer`. */
export interface WindowIceServer {
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

/** An ICE candidate; an empty one is the end of the candidates. */
export interface WindowCandidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
}

/**
 * Why a window ends a share: the user will not, the user ended it, this browser cannot, or the two browsers find no way to
 * each other.
 */
export type ScreenEnd = 'declined' | 'ended_on_computer' | 'unsupported' | 'no_path';

/** From the window. */
export type ScreenCommand =
  /** The user has pressed the button that opens the browser's dialog. */
  | { readonly command: 'screen_choose'; readonly share: number }
  /** The user has chosen what the phone sees; the window that says so first is the one that shares. */
  | { readonly command: 'screen_offer'; readonly share: number; readonly sdp: string }
  | ({ readonly command: 'screen_candidate'; readonly share: number } & WindowCandidate)
  | { readonly command: 'screen_stop'; readonly share: number; readonly reason: ScreenEnd };

/** To the window that offers. That a share is over it learns from the state, as every window does. */
export type ScreenEvent =
  | { readonly event: 'screen_answer'; readonly share: number; readonly sdp: string }
  | ({ readonly event: 'screen_candidate'; readonly share: number } & WindowCandidate)
  /** What is chosen in this window counts for nothing: another was faster, or a phone may have pressed the button itself. */
  | { readonly event: 'screen_not_taken'; readonly share: number };
