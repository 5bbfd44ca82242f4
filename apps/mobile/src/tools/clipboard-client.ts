import {
  beginSending,
  type ClipboardArriving,
  type ClipboardPart,
  type ClipboardPhoneMessage,
  type ClipboardSending,
  nextParts,
  parseClipboardDesktopMessage,
  partsArrived,
  splitClipboardText,
  takePart,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import type { Clock, Timer } from '@proxim/protocol';
import { signal } from '@preact/signals';

/** So long may the computer say nothing while something is under way. */
const answerMs = 10_000;

/** How far it is, from 0 to 1; null until that is known. */
type Progress = number | null;

/** What became of a text for the computer, or of one from it. `reason` is the computer's word, or one of ours: `lost`, `no_answer`. */
export type ClipboardState<Done> =
  | { readonly at: 'rest' }
  | { readonly at: 'under_way'; readonly progress: Progress }
  | ({ readonly at: 'done' } & Done)
  | { readonly at: 'failed'; readonly reason: string };

type Exchange =
  | { readonly kind: 'put'; readonly id: number; readonly sending: ClipboardSending; readonly onWritten: () => void }
  | { readonly kind: 'get'; readonly id: number; readonly arriving: ClipboardArriving | undefined };

/** Asks the computer for its clipboard, or sends it a text: one thing at a time, and only when the user says so. */
export class ClipboardClient {
  /** The text that is sent to the computer. */
  readonly put = signal<ClipboardState<object>>({ at: 'rest' });
  /** The text that is fetched from it. */
  readonly got = signal<ClipboardState<{ readonly text: string }>>({ at: 'rest' });
  readonly #clock: Clock;
  #channel: DirectChannel | undefined;
  #exchange: Exchange | undefined;
  #lastID = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isBusy(): boolean {
    return this.put.value.at === 'under_way' || this.got.value.at === 'under_way';
  }

  /** The channel of the direct connection; undefined when that is lost. What was under way on another one is over. */
  use(channel: DirectChannel | undefined): void {
    if (channel === this.#channel) return;
    this.#channel = channel;
    this.#fail('lost');
    channel?.onMessage((data) => {
      if (this.#channel === channel && typeof data === 'string') this.#onMessage(data);
    });
  }

  /** Puts a text on the computer's clipboard; `onWritten` is called when it is there. */
  putText(text: string, onWritten: () => void): void {
    if (this.#exchange) return;
    const split = splitClipboardText(text);
    if (!split.ok) {
      this.put.value = { at: 'failed', reason: split.fault };
      return;
    }
    const id = this.#newID();
    this.#exchange = { kind: 'put', id, sending: beginSending(id, split.parts), onWritten };
    this.put.value = { at: 'under_way', progress: split.parts.length > 1 ? 0 : null };
    this.#sendMore(0);
  }

  /** Fetches what is on the computer's clipboard. */
  fetchText(): void {
    if (this.#exchange) return;
    const id = this.#newID();
    this.#exchange = { kind: 'get', id, arriving: undefined };
    this.got.value = { at: 'under_way', progress: null };
    this.#say({ type: 'clipboard_get', id });
  }

  /** What was said of the last text counts no more: there is another one. */
  forgetPut(): void {
    if (this.put.peek().at !== 'under_way') this.put.value = { at: 'rest' };
  }

  /** Nobody looks any more. */
  stop(): void {
    this.#channel = undefined;
    this.#fail('lost');
  }

  #newID(): number {
    this.#lastID += 1;
    return this.#lastID;
  }

  #say(message: ClipboardPhoneMessage): void {
    if (this.#channel?.send(JSON.stringify(message)) === true) this.#waitAnew();
    else this.#fail('lost');
  }

  #sendMore(count: number): void {
    const exchange = this.#exchange;
    if (exchange?.kind !== 'put') return;
    const { parts, sending } = nextParts(partsArrived(exchange.sending, count));
    this.#exchange = { ...exchange, sending };
    if (sending.parts.length > 1) {
      this.put.value = { at: 'under_way', progress: sending.arrived / sending.parts.length };
    }
    for (const part of parts) this.#say({ type: 'clipboard_set', ...part });
  }

  #takePart(part: ClipboardPart): void {
    const exchange = this.#exchange;
    if (exchange?.kind !== 'get') return;
    const step = takePart(exchange.arriving, part);
    switch (step.kind) {
      case 'arriving': {
        const { arriving } = step;
        this.#exchange = { ...exchange, arriving };
        this.got.value = { at: 'under_way', progress: arriving.parts.length / arriving.of };
        this.#say({ type: 'clipboard_arrived', id: exchange.id, parts: arriving.parts.length });
        break;
      }
      case 'complete':
        this.#say({ type: 'clipboard_arrived', id: exchange.id, parts: part.of });
        this.#finish();
        this.got.value = { at: 'done', text: step.text };
        break;
      case 'too_large':
      case 'out_of_order':
        this.#fail('unavailable');
        break;
      default:
        step satisfies never;
    }
  }

  #onMessage(data: string): void {
    const read = parseClipboardDesktopMessage(data);
    const exchange = this.#exchange;
    // Of what is over already nothing is taken.
    if (!read.ok || read.message.id !== exchange?.id) return;
    this.#waitAnew();
    const { message } = read;
    switch (message.type) {
      case 'clipboard_text':
        this.#takePart(message);
        break;
      case 'clipboard_arrived':
        this.#sendMore(message.parts);
        break;
      case 'clipboard_written':
        if (exchange.kind !== 'put') break;
        this.#finish();
        this.put.value = { at: 'done' };
        exchange.onWritten();
        break;
      case 'clipboard_refused':
        this.#fail(message.reason);
        break;
      default:
        message satisfies never;
    }
  }

  #waitAnew(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(answerMs, () => {
      this.#fail('no_answer');
    });
  }

  #finish(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#exchange = undefined;
  }

  #fail(reason: string): void {
    const exchange = this.#exchange;
    this.#finish();
    if (exchange?.kind === 'put') this.put.value = { at: 'failed', reason };
    if (exchange?.kind === 'get') this.got.value = { at: 'failed', reason };
  }
}
