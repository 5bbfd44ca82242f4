import {
  controlChannels,
  type ControlRights,
  parseScreenPhoneMessage,
  type ScreenDesktopMessage,
  type ScreenPhoneMessage,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import type { SessionID } from '@proxim/protocol';

import type { ScreenReason, ScreenSharing } from './screen-sharing.js';
import type { ChannelReceiver, ReceiverKind } from './session-control.js';

export interface ScreenTarget {
  readonly sessionID: SessionID;
  readonly sharing: ScreenSharing;
  /** What this phone may do at the moment. */
  readonly rights: () => ControlRights;
  readonly isPaused: () => boolean;
}

/** What lasts from one direct connection of a session to the next. */
interface Past {
  /** The phone's number of the wish that a lost connection ended, until the phone has been told. */
  interrupted: number | null;
}

/** What the phone is taken to want when it does not say: the picture of a common screen. */
const usualSize = { width: 1920, height: 1080 };

/** The wish that counts: the phone's number for it, and the app's. */
interface Wish {
  readonly phones: number;
  readonly own: number;
}

/** Hears on the `screen` channel of one direct connection what the phone wants to see, and whether it may. */
class ScreenReceiver implements ChannelReceiver {
  readonly #target: ScreenTarget;
  readonly #past: Past;
  #channel: DirectChannel | undefined;
  #wish: Wish | undefined;
  #isActive = true;

  constructor(target: ScreenTarget, past: Past) {
    this.#target = target;
    this.#past = past;
  }

  accept(channel: DirectChannel): boolean {
    if (this.#channel) return false;
    this.#channel = channel;
    channel.onMessage((data) => {
      const parsed = typeof data === 'string' ? parseScreenPhoneMessage(data) : undefined;
      if (parsed?.ok && this.#isActive) this.#carryOut(parsed.message);
    });
    channel.onClose(() => {
      this.stop();
    });
    const { interrupted } = this.#past;
    this.#past.interrupted = null;
    if (interrupted !== null) this.#say(interrupted, 'stopped', 'interrupted');
    return true;
  }

  announceState(): void {
    // What there is to see stands in the `control_state`.
  }

  rightsChanged(): void {
    if (!this.#target.rights().view) this.#end(this.#whyNot());
  }

  /** Nobody knows who looks at a phone that has fallen silent. */
  release(): void {
    this.#past.interrupted = this.#end('interrupted') ?? this.#past.interrupted;
  }

  stop(): void {
    if (!this.#isActive) return;
    this.release();
    this.#isActive = false;
  }

  #carryOut(message: ScreenPhoneMessage): void {
    const { sharing } = this.#target;
    if (message.type === 'screen_ask') {
      this.#ask(message);
      return;
    }
    // What is said of an earlier wish comes too late.
    const wish = this.#wish;
    if (wish?.phones !== message.share) return;
    if (!this.#target.rights().view) {
      this.#end(this.#whyNot());
      return;
    }
    switch (message.type) {
      case 'screen_answer':
        sharing.answer(wish.own, message.sdp);
        break;
      case 'screen_candidate':
        sharing.phoneCandidate(wish.own, message);
        break;
      case 'screen_stop':
        this.#wish = undefined;
        sharing.end(wish.own);
        break;
      default:
        message satisfies never;
    }
  }

  #ask({ share, maxWidth, maxHeight }: Extract<ScreenPhoneMessage, { type: 'screen_ask' }>): void {
    const { sharing, sessionID } = this.#target;
    // A new wish is in the place of the one before.
    if (this.#wish) sharing.end(this.#wish.own);
    this.#wish = undefined;
    this.#past.interrupted = null;
    if (!this.#target.rights().view) {
      this.#say(share, 'refused', this.#whyNot());
      return;
    }
    const own = sharing.ask(
      { sessionID, maxWidth: maxWidth ?? usualSize.width, maxHeight: maxHeight ?? usualSize.height },
      {
        sharing: () => {
          this.#say(share, 'sharing');
        },
        offer: (sdp, iceServers) => {
          this.#send({ type: 'screen_offer', share, sdp, iceServers: [...iceServers] });
        },
        candidate: (candidate) => {
          this.#send({ type: 'screen_candidate', share, ...candidate });
        },
        over: (reason, wasSeen) => {
          this.#wish = undefined;
          this.#say(share, wasSeen ? 'stopped' : 'refused', reason);
        },
      },
    );
    if (typeof own === 'string') {
      this.#say(share, 'refused', own);
      return;
    }
    this.#wish = { phones: share, own };
    this.#say(share, 'asked');
  }

  /** Ends what is asked or seen, and says so. The phone's number of it; null when there was nothing. */
  #end(reason: ScreenReason): number | null {
    const wish = this.#wish;
    if (!wish) return null;
    this.#wish = undefined;
    this.#target.sharing.end(wish.own);
    this.#say(wish.phones, 'stopped', reason);
    return wish.phones;
  }

  #whyNot(): ScreenReason {
    return this.#target.isPaused() ? 'paused' : 'not_allowed';
  }

  #say(
    share: number,
    state: Extract<ScreenDesktopMessage, { type: 'screen_state' }>['state'],
    reason?: ScreenReason,
  ): void {
    this.#send({ type: 'screen_state', share, state, ...(reason === undefined ? {} : { reason }) });
  }

  #send(message: ScreenDesktopMessage): void {
    this.#channel?.send(JSON.stringify(message));
  }
}

/** What one session's phone sees of the screen. */
export const screenReceivers = (target: ScreenTarget): ReceiverKind => {
  const past: Past = { interrupted: null };
  return { labels: [controlChannels.screen.label], make: () => new ScreenReceiver(target, past) };
};
