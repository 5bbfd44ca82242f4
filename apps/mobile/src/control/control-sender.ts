import {
  addMotion,
  allRights,
  type ComputerFeatures,
  type ControlRights,
  controlVersion,
  emptyMotionSum,
  encodeMotion,
  type KeyStroke,
  type MotionSum,
  noRights,
  parseDesktopMessage,
  type PhoneMessage,
  type PointerButton,
} from '@proxim/control';
import { signal } from '@preact/signals';

import { chunksOfText } from './graphemes.js';
import { modifierStrokes, strokeOfCharacter } from './key-strokes.js';
import type { ChannelSet } from './open-channels.js';
import { SystemRequests } from './system-requests.js';

/** What the computer says of itself. */
export interface Computer {
  /** Its own name, which counts for more than the one in the link. */
  readonly name: string | null;
  /** Why it carries out nothing at the moment; null when it does. */
  readonly problem: string | null;
  /** What this phone may do there. */
  readonly may: ControlRights;
  /** What there is besides pointer and keyboard. */
  readonly has: ComputerFeatures;
}

interface Motion {
  readonly x: number;
  readonly y: number;
  readonly scrollX: number;
  readonly scrollY: number;
}

type ControlChannels = Pick<ChannelSet, 'control' | 'motion'>;

const noFeatures: ComputerFeatures = { view: false, clipboard: false, system: [] };

const stillness: Motion = { x: 0, y: 0, scrollX: 0, scrollY: 0 };

/** Totals that nobody acknowledges are said again after the last motion, once a frame: the last one may be lost too. */
const repeats = 2;
/** Of what a computer says of itself, so much is shown at once, and of more only the newest, with the next frame. */
const mostSaidAtOnce = 8;
/** With this much unsent, a frame's totals wait for the next frame. */
const maxBufferedMotion = 4096;

/** Sends what the fingers do over the channels of the direct connection. What cannot be sent is gone, never late. */
export class ControlSender {
  readonly computer = signal<Computer>({ name: null, problem: null, may: allRights, has: noFeatures });
  readonly system: SystemRequests;
  readonly #deviceName: string;
  readonly #requestFrame: (callback: () => void) => void;
  #channels: ControlChannels | undefined;
  #sum: MotionSum = emptyMotionSum;
  #pending: Motion = stillness;
  #repeatsLeft = 0;
  #isFrameAsked = false;
  /** What the computer says of itself, newest last, and how often it did in this frame. */
  #said: Computer = this.computer.peek();
  #timesSaid = 0;

  /** @param options `requestFrame` calls back at the next frame, as `requestAnimationFrame` does; `now` is the page's clock */
  constructor(options: {
    readonly deviceName: string;
    readonly requestFrame: (callback: () => void) => void;
    readonly now: () => number;
  }) {
    this.#deviceName = options.deviceName;
    this.#requestFrame = options.requestFrame;
    this.system = new SystemRequests((message) => {
      this.#send(message);
    }, options.now);
  }

  /** The channels of a new direct connection: totals begin anew with them. */
  use({ control, motion }: ControlChannels): void {
    this.#channels = { control, motion };
    this.#sum = emptyMotionSum;
    this.#pending = stillness;
    this.#repeatsLeft = 0;
    this.system.begin();
    control.onMessage((data) => {
      if (this.#channels?.control === control && typeof data === 'string') this.#onMessage(data);
    });
    this.#send({ type: 'hello', version: controlVersion, name: this.#deviceName });
  }

  /** Moves the pointer, in the desktop's pixels. */
  move(x: number, y: number): void {
    this.#addMotion({ ...stillness, x, y });
  }

  /** Turns the wheel, in notches right and down. */
  scroll(scrollX: number, scrollY: number): void {
    this.#addMotion({ ...stillness, scrollX, scrollY });
  }

  button(button: PointerButton, pressed: boolean): void {
    // The button carries the totals itself, so that the click lands where the finger was.
    this.#takePending();
    this.#send({ type: 'button', button, pressed, at: this.#sum.totals });
  }

  text(text: string): void {
    for (const chunk of chunksOfText(text)) this.#send({ type: 'text', text: chunk });
  }

  key({ code, key }: KeyStroke, pressed: boolean): void {
    this.#send({ type: 'key', code, key, pressed });
  }

  /** Presses a key and lets it go. */
  stroke(stroke: KeyStroke): void {
    this.key(stroke, true);
    this.key(stroke, false);
  }

  /** Pastes what is on the computer's clipboard where its cursor is. */
  paste(): void {
    this.key(modifierStrokes.ctrl, true);
    this.stroke(strokeOfCharacter('v'));
    this.key(modifierStrokes.ctrl, false);
  }

  releaseAll(): void {
    this.#send({ type: 'release_all' });
  }

  #send(message: PhoneMessage): void {
    this.#channels?.control.send(JSON.stringify(message));
  }

  #addMotion(motion: Motion): void {
    const { x, y, scrollX, scrollY } = this.#pending;
    this.#pending = {
      x: x + motion.x,
      y: y + motion.y,
      scrollX: scrollX + motion.scrollX,
      scrollY: scrollY + motion.scrollY,
    };
    this.#askFrame();
  }

  #takePending(): void {
    if (this.#pending === stillness) return;
    this.#sum = addMotion(this.#sum, this.#pending);
    this.#pending = stillness;
  }

  #askFrame(): void {
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    this.#requestFrame(() => {
      this.#isFrameAsked = false;
      this.#onFrame();
    });
  }

  #onFrame(): void {
    const motion = this.#channels?.motion;
    if (!motion) {
      this.#pending = stillness;
      return;
    }
    if (motion.bufferedBytes > maxBufferedMotion) {
      this.#askFrame();
      return;
    }
    if (this.#pending === stillness) this.#repeatsLeft -= 1;
    else this.#repeatsLeft = repeats;
    this.#takePending();
    const isSent = motion.send(encodeMotion(this.#sum.totals));
    if (isSent && this.#repeatsLeft > 0) this.#askFrame();
  }

  #show(computer: Computer): void {
    this.#said = computer;
    this.#timesSaid += 1;
    if (this.#timesSaid <= mostSaidAtOnce) this.computer.value = computer;
    if (this.#timesSaid > 1) return;
    this.#requestFrame(() => {
      this.#timesSaid = 0;
      this.computer.value = this.#said;
    });
  }

  #onMessage(text: string): void {
    const read = parseDesktopMessage(text);
    // A newer Proxim may say more than is known here.
    if (!read.ok) return;
    const { message } = read;
    switch (message.type) {
      case 'hello':
        this.#show({ ...this.#said, name: message.name });
        break;
      case 'control_state':
        this.#show({
          ...this.#said,
          problem: message.ready ? null : (message.reason ?? 'not_allowed'),
          may: { ...noRights, ...(message.may ?? allRights) },
          has: message.has ?? noFeatures,
        });
        break;
      case 'system_result':
        this.system.onResult(message);
        break;
      case 'system_going':
        this.system.onGoing(message.action);
        break;
      default:
        message satisfies never;
    }
  }
}
