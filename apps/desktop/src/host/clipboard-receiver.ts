import {
  beginSending,
  type ClipboardArriving,
  type ClipboardDesktopMessage,
  type ClipboardPart,
  type ClipboardPhoneMessage,
  type ClipboardRefusal,
  type ClipboardSending,
  nextParts,
  parseClipboardPhoneMessage,
  partsArrived,
  splitClipboardText,
  takePart,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';

import type { ClipboardBackend } from '../backends/clipboard/clipboard-backend.js';
import type { ClipboardRate } from './clipboard-rate.js';
import type { ChannelReceiver } from './session-control.js';

/** What a receiver works with. */
export interface ClipboardTarget {
  /** Connects to the clipboard at its first use; rejects while it cannot be reached. */
  readonly open: () => Promise<ClipboardBackend>;
  /** Whether this phone may read and write it at the moment. */
  readonly isAllowed: () => boolean;
  /** Of the session, so that a new connection does not bring new tokens. */
  readonly rate: Pick<ClipboardRate, 'take'>;
  /** What happened, for the run's log: never what the text was. */
  readonly onUse: (kind: 'clipboard_read' | 'clipboard_written') => void;
}

/** What is under way for one request; whoever waited for something goes on only if it is still the same. */
type Doing =
  | { readonly kind: 'reading'; readonly id: number }
  | { readonly kind: 'sending'; readonly id: number; sending: ClipboardSending }
  | { readonly kind: 'taking'; readonly id: number; arriving: ClipboardArriving | undefined }
  | { readonly kind: 'writing'; readonly id: number };

/**
 * Lets one phone read and write the clipboard when it asks; nothing is ever sent unasked. One request is carried out at
 * a time, and at each of its steps it has to be allowed.
 */
export class ClipboardReceiver implements ChannelReceiver {
  readonly #target: ClipboardTarget;
  #channel: DirectChannel | undefined;
  #doing: Doing | undefined;
  #isActive = true;

  constructor(target: ClipboardTarget) {
    this.#target = target;
  }

  accept(channel: DirectChannel): boolean {
    if (this.#channel) return false;
    this.#channel = channel;
    channel.onMessage((data) => {
      if (!this.#isActive || typeof data !== 'string') return;
      const parsed = parseClipboardPhoneMessage(data);
      if (parsed.ok) this.#carryOut(parsed.message);
    });
    channel.onClose(() => {
      this.stop();
    });
    return true;
  }

  /** What a phone may do, and what there is, is said on the channel `control`. */
  announceState(): void {
    // Nothing of it is said here.
  }

  rightsChanged(): void {
    if (!this.#target.isAllowed()) this.#breakOff('not_allowed');
  }

  release(): void {
    this.#breakOff('unavailable');
  }

  stop(): void {
    this.#isActive = false;
    this.#doing = undefined;
  }

  #send(message: ClipboardDesktopMessage): void {
    this.#channel?.send(JSON.stringify(message));
  }

  #refuse(id: number, reason: ClipboardRefusal): void {
    this.#send({ type: 'clipboard_refused', id, reason });
  }

  #breakOff(reason: ClipboardRefusal): void {
    const doing = this.#doing;
    this.#doing = undefined;
    if (doing) this.#refuse(doing.id, reason);
  }

  #carryOut(message: ClipboardPhoneMessage): void {
    switch (message.type) {
      case 'clipboard_get':
        if (this.#mayBegin(message.id)) void this.#read(message.id);
        break;
      case 'clipboard_set':
        this.#take(message);
        break;
      case 'clipboard_arrived':
        this.#sendMore(message.id, message.parts);
        break;
      default:
        message satisfies never;
    }
  }

  /** Whether a new request is carried out; says why not. */
  #mayBegin(id: number): boolean {
    const doing = this.#doing?.kind;
    if (!this.#target.isAllowed()) this.#refuse(id, 'not_allowed');
    else if (doing === 'reading' || doing === 'writing' || !this.#target.rate.take()) this.#refuse(id, 'busy');
    else return true;
    return false;
  }

  async #read(id: number): Promise<void> {
    const doing: Doing = { kind: 'reading', id };
    this.#doing = doing;
    try {
      const clipboard = await this.#target.open();
      if (!this.#goesOn(doing)) return;
      const content = await clipboard.read();
      if (!this.#goesOn(doing)) return;
      this.#doing = undefined;
      if (content.kind !== 'text') {
        this.#refuse(id, content.kind);
        return;
      }
      const split = splitClipboardText(content.text);
      if (!split.ok) {
        this.#refuse(id, split.fault);
        return;
      }
      this.#doing = { kind: 'sending', id, sending: beginSending(id, split.parts) };
      this.#target.onUse('clipboard_read');
      this.#sendMore(id, 0);
    } catch {
      if (this.#goesOn(doing)) this.#breakOff('unavailable');
    }
  }

  /** The phone has so many parts: a few more go. */
  #sendMore(id: number, count: number): void {
    const doing = this.#doing;
    if (doing?.kind !== 'sending' || doing.id !== id || !this.#goesOn(doing)) return;
    const { parts, sending } = nextParts(partsArrived(doing.sending, count));
    doing.sending = sending;
    for (const part of parts) this.#send({ type: 'clipboard_text', ...part });
    if (sending.arrived === sending.parts.length) this.#doing = undefined;
  }

  #take(part: ClipboardPart): void {
    const { id, index } = part;
    if (index === 0) {
      if (!this.#mayBegin(id)) return;
      this.#doing = { kind: 'taking', id, arriving: undefined };
    }
    const doing = this.#doing;
    // The rest of what was refused or broken off.
    if (doing?.kind !== 'taking' || doing.id !== id || !this.#goesOn(doing)) return;
    const step = takePart(doing.arriving, part);
    switch (step.kind) {
      case 'arriving':
        doing.arriving = step.arriving;
        this.#send({ type: 'clipboard_arrived', id, parts: step.arriving.parts.length });
        break;
      case 'complete':
        void this.#write(id, step.text);
        break;
      case 'too_large':
        this.#breakOff('too_large');
        break;
      case 'out_of_order':
        this.#doing = undefined;
        break;
      default:
        step satisfies never;
    }
  }

  async #write(id: number, text: string): Promise<void> {
    const doing: Doing = { kind: 'writing', id };
    this.#doing = doing;
    try {
      const clipboard = await this.#target.open();
      if (!this.#goesOn(doing)) return;
      await clipboard.write(text);
      this.#target.onUse('clipboard_written');
      if (this.#doing !== doing) return;
      this.#doing = undefined;
      this.#send({ type: 'clipboard_written', id });
    } catch {
      if (this.#goesOn(doing)) this.#breakOff('unavailable');
    }
  }

  /** Whether this is still what is to be done, and is allowed at this moment. */
  #goesOn(doing: Doing): boolean {
    if (!this.#isActive || this.#doing !== doing) return false;
    if (this.#target.isAllowed()) return true;
    this.#breakOff('not_allowed');
    return false;
  }
}
