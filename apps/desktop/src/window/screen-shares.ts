import { signal } from '@preact/signals';

import type { ScreenCommand, ScreenEnd, ScreenEvent, WindowCandidate, WindowScreen } from '../host/screen-protocol.js';

/** As much of an `RTCPeerConnection` as a share needs. */
export interface ScreenConnection {
  createOffer(): Promise<{ readonly sdp?: string }>;
  setLocalDescription(description: { readonly type: 'offer'; readonly sdp: string }): Promise<void>;
  setRemoteDescription(description: { readonly type: 'answer'; readonly sdp: string }): Promise<void>;
  addIceCandidate(candidate: WindowCandidate): Promise<void>;
  close(): void;
}

export interface ScreenHandlers {
  /** One of this window's candidates; an empty one is their end. */
  readonly onCandidate: (candidate: WindowCandidate) => void;
  /** There is no way to the phone, or none any more. */
  readonly onFailed: () => void;
}

/** What the user has chosen, as it is being captured. */
export interface Capture {
  /** A new connection that sends it. */
  readonly connect: (iceServers: WindowScreen['iceServers'], handlers: ScreenHandlers) => ScreenConnection;
  /** The browser's own way to end it was used, or the window that it shows is gone. */
  readonly onEnded: (listener: () => void) => void;
  readonly stop: () => void;
}

/** Lets the user choose what is seen; rejects when they choose nothing. To be called within a click. */
export type CaptureScreen = (size: Pick<WindowScreen, 'maxWidth' | 'maxHeight'>) => Promise<Capture>;

type Share =
  /** The browser's own dialog is open. */
  | { readonly step: 'choosing' }
  | { readonly step: 'sharing'; readonly capture: Capture; readonly connection: ScreenConnection };

/** What this window captures, a share of its own for each phone. */
export class ScreenShares {
  /** Which of them this window is busy with. */
  readonly steps = signal<ReadonlyMap<number, Share['step']>>(new Map());
  readonly #captureScreen: CaptureScreen;
  readonly #send: (command: ScreenCommand) => void;
  readonly #shares = new Map<number, Share>();
  /** What the app last said there is. */
  #wanted: ReadonlySet<number> = new Set();

  constructor(captureScreen: CaptureScreen, send: (command: ScreenCommand) => void) {
    this.#captureScreen = captureScreen;
    this.#send = send;
  }

  /** Opens the browser's own dialog, and offers what the user chooses there. To be called within a click. */
  async choose({ share, maxWidth, maxHeight, iceServers }: WindowScreen): Promise<void> {
    if (this.#shares.has(share)) return;
    const choosing: Share = { step: 'choosing' };
    this.#set(share, choosing);
    this.#send({ command: 'screen_choose', share });
    const isOpen = (): boolean => this.#shares.get(share) === choosing;
    let capture: Capture;
    try {
      capture = await this.#captureScreen({ maxWidth, maxHeight });
    } catch (error) {
      // Whoever closes the dialog, or forbids it, does not want to; all else is the browser's doing.
      const isChoice = error instanceof DOMException && error.name === 'NotAllowedError';
      if (isOpen()) this.stop(share, isChoice ? 'declined' : 'unsupported');
      return;
    }
    if (!isOpen() || !this.#wanted.has(share)) {
      // Meanwhile the phone has left, or may not see it any more, or the choice was turned down.
      capture.stop();
      if (isOpen()) this.#set(share, undefined);
      return;
    }
    await this.#offer(share, capture, iceServers);
  }

  /** Ends a share, wherever it is, and says why: the user does not want it, now or any more. */
  stop(share: number, reason: ScreenEnd): void {
    this.#close(share);
    this.#send({ command: 'screen_stop', share, reason });
  }

  /** Ends what the app does not want any more: it is the one that knows what each phone may. */
  keepOnly(shares: ReadonlySet<number>): void {
    this.#wanted = shares;
    for (const [share, { step }] of [...this.#shares]) {
      // An open dialog cannot be closed; what is chosen in it counts for nothing then.
      if (!shares.has(share) && step === 'sharing') this.#close(share);
    }
  }

  /** The phone's side of the negotiation. */
  async receive(event: ScreenEvent): Promise<void> {
    if (event.event === 'screen_not_taken') {
      this.#close(event.share);
      return;
    }
    const found = this.#shares.get(event.share);
    if (found?.step !== 'sharing') return;
    const { connection } = found;
    switch (event.event) {
      case 'screen_answer':
        try {
          await connection.setRemoteDescription({ type: 'answer', sdp: event.sdp });
        } catch {
          if (this.#isCurrent(event.share, connection)) this.stop(event.share, 'no_path');
        }
        break;
      case 'screen_candidate': {
        const { candidate, sdpMid, sdpMLineIndex } = event;
        // One that this browser cannot use is one way less.
        await connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex }).catch(() => undefined);
        break;
      }
      default:
        event satisfies never;
    }
  }

  async #offer(share: number, capture: Capture, iceServers: WindowScreen['iceServers']): Promise<void> {
    const connection = capture.connect(iceServers, {
      onCandidate: (candidate) => {
        if (this.#isCurrent(share, connection)) this.#send({ command: 'screen_candidate', share, ...candidate });
      },
      onFailed: () => {
        if (this.#isCurrent(share, connection)) this.stop(share, 'no_path');
      },
    });
    this.#set(share, { step: 'sharing', capture, connection });
    capture.onEnded(() => {
      if (this.#isCurrent(share, connection)) this.stop(share, 'ended_on_computer');
    });
    try {
      const { sdp = '' } = await connection.createOffer();
      if (!this.#isCurrent(share, connection)) return;
      // The app hears of the offer before it hears of the candidates that the description sets free.
      this.#send({ command: 'screen_offer', share, sdp });
      await connection.setLocalDescription({ type: 'offer', sdp });
    } catch {
      if (this.#isCurrent(share, connection)) this.stop(share, 'unsupported');
    }
  }

  #isCurrent(share: number, connection: ScreenConnection): boolean {
    const found = this.#shares.get(share);
    return found?.step === 'sharing' && found.connection === connection;
  }

  #close(share: number): void {
    const found = this.#shares.get(share);
    if (found?.step === 'sharing') {
      found.capture.stop();
      found.connection.close();
    }
    this.#set(share, undefined);
  }

  #set(share: number, found: Share | undefined): void {
    if (found) this.#shares.set(share, found);
    else this.#shares.delete(share);
    this.steps.value = new Map([...this.#shares].map(([each, { step }]) => [each, step]));
  }
}
