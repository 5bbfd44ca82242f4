import {
  allRights,
  applyMotion,
  type ComputerFeatures,
  controlChannels,
  type ControlRights,
  controlVersion,
  decodeMotion,
  type DesktopMessage,
  type KeyStroke,
  type MotionApplied,
  type MotionTotals,
  nothingApplied,
  parsePhoneMessage,
  type PhoneMessage,
  type PointerButton,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';

import type { InputBackend } from '../backends/input/input-backend.js';
import { costOfMotion, costOfText } from './input-budget.js';
import { placeOf } from './key-place.js';
import type { ChannelReceiver } from './session-control.js';
import { isSystemMessage, type PhoneSystem, type SystemMessage, SystemReceiver } from './system-receiver.js';

/** What a receiver is told when it begins, and what it carries out on. */
export interface ControlTarget {
  readonly computerName: string;
  /** Null while this computer cannot be controlled. */
  readonly input: () => InputBackend | null;
  /** Why not, for the phone's sentence: `no_screen`. */
  readonly problem: () => string | null;
  /** Whether no other phone is in control, so that nobody else's text waits to be typed; so it is when left out. */
  readonly isLast?: () => boolean;
  /** What this phone may do at the moment; everything when left out. */
  readonly rights?: () => ControlRights;
  /** Takes what something costs from this phone's budget; false when that is used up. Without bounds when left out. */
  readonly affords?: (cost: number) => boolean;
  /** What there is besides pointer and keyboard; nothing when left out. */
  readonly features?: () => ComputerFeatures;
  /** What locks, sleeps, restarts and shuts down; nothing when left out. */
  readonly system?: PhoneSystem;
}

const noFeatures: ComputerFeatures = { view: false, clipboard: false, system: [] };

/** Carries out what arrives on the channels of one direct connection. */
export class ControlReceiver implements ChannelReceiver {
  readonly #target: ControlTarget;
  readonly #channels = new Map<string, DirectChannel>();
  /** What this phone holds, and no other: of each key the stroke that pressed it. */
  readonly #heldButtons = new Set<PointerButton>();
  readonly #heldKeys = new Map<string, KeyStroke>();
  #motion: MotionApplied = nothingApplied;
  /** Texts of this phone that may not all be typed yet. */
  #texts = 0;
  readonly #system: SystemReceiver | undefined;
  #isActive = true;

  constructor(target: ControlTarget) {
    this.#target = target;
    this.#system =
      target.system &&
      new SystemReceiver(target.system, (message) => {
        this.#send(message);
      });
  }

  /** Takes a channel; false when it has one of that label: then a newer connection has begun. */
  accept(channel: DirectChannel): boolean {
    if (this.#channels.has(channel.label)) return false;
    this.#channels.set(channel.label, channel);
    switch (channel.label) {
      case controlChannels.control.label:
        channel.onMessage((data) => {
          if (typeof data === 'string') this.#onControl(data);
        });
        channel.onClose(() => {
          this.stop();
        });
        this.#send({ type: 'hello', version: controlVersion, name: this.#target.computerName });
        this.announceState();
        break;
      case controlChannels.motion.label:
        channel.onMessage((data) => {
          const totals = typeof data === 'string' ? undefined : decodeMotion(data);
          if (totals) this.#move(totals);
        });
        break;
      default:
      // A channel of a newer phone: nothing here listens to it.
    }
    return true;
  }

  /** Tells the phone whether this computer carries out what it asks. */
  announceState(): void {
    const reason = this.#target.problem();
    const may = this.#rights;
    const ready = this.#target.input() !== null && (may.point || may.type);
    const has = this.#target.features?.() ?? noFeatures;
    this.#send({ type: 'control_state', ready, ...(reason === null ? {} : { reason }), may, has });
  }

  /** The user allows more, or less: what is held and not allowed any more is released, and the phone is told. */
  rightsChanged(): void {
    const input = this.#target.input();
    const { point, type } = this.#rights;
    if (!point) this.#releaseButtons(input);
    if (!type) {
      this.#releaseKeys(input);
      this.#dropText(input);
    }
    this.announceState();
  }

  get #rights(): ControlRights {
    return this.#target.rights?.() ?? allRights;
  }

  /** The phone has fallen silent: nothing of it stays pressed meanwhile, and its text ends. */
  release(): void {
    const input = this.#target.input();
    this.#system?.withdraw();
    this.#releaseHeld(input);
    this.#dropText(input);
  }

  /** The connection is over, or another one counts from now on. */
  stop(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.release();
    this.#system?.stop();
  }

  /**
   * Text that still waits to be typed is not typed. The backend does not know whose it is: while this phone's waits, what
   * others type at that moment ends with it; while none of it does, theirs is left alone.
   */
  #dropText(input: InputBackend | null): void {
    if (this.#texts > 0 || (this.#target.isLast?.() ?? true)) input?.releaseAll();
  }

  #releaseHeld(input: InputBackend | null): void {
    this.#releaseKeys(input);
    this.#releaseButtons(input);
  }

  #releaseKeys(input: InputBackend | null): void {
    for (const stroke of [...this.#heldKeys.values()].reverse()) input?.key(stroke, false);
    this.#heldKeys.clear();
  }

  #releaseButtons(input: InputBackend | null): void {
    for (const button of this.#heldButtons) input?.button(button, false);
    this.#heldButtons.clear();
  }

  #send(message: DesktopMessage): void {
    this.#channels.get(controlChannels.control.label)?.send(JSON.stringify(message));
  }

  #move(totals: MotionTotals): void {
    const input = this.#target.input();
    if (!input || !this.#isActive) return;
    const { applied, step } = applyMotion(this.#motion, totals);
    // What is too much now is part of the way that later totals tell of.
    if (!this.#affords(costOfMotion(step))) return;
    // Way that was not allowed is not made up for later.
    this.#motion = applied;
    if (!this.#rights.point) return;
    if (step.dx !== 0 || step.dy !== 0) input.move(step.dx, step.dy);
    if (step.notchesX !== 0 || step.notchesY !== 0) input.scroll(step.notchesX, step.notchesY);
  }

  #onControl(text: string): void {
    const parsed = parsePhoneMessage(text);
    if (!parsed.ok || !this.#isActive) return;
    const { message } = parsed;
    const input = this.#target.input();
    // A computer without a screen can be shut down all the same.
    if (isSystemMessage(message)) this.#system?.receive(message);
    else if (input) this.#carryOut(message, input);
  }

  #carryOut(message: Exclude<PhoneMessage, SystemMessage>, input: InputBackend): void {
    switch (message.type) {
      case 'hello':
        break;
      case 'button':
        this.#move(message.at);
        if (!this.#rights.point) break;
        if (!this.#letsPass(message.pressed, this.#heldButtons.has(message.button))) break;
        if (message.pressed) this.#heldButtons.add(message.button);
        else this.#heldButtons.delete(message.button);
        input.button(message.button, message.pressed);
        break;
      case 'text':
        if (this.#rights.type && this.#affords(costOfText(message.text))) this.#type(message.text, input);
        break;
      case 'key':
        if (this.#rights.type) this.#pressKey({ code: message.code, key: message.key }, message.pressed, input);
        break;
      case 'release_all':
        this.#releaseHeld(input);
        break;
      default:
        message satisfies never;
    }
  }

  #affords(cost: number): boolean {
    return this.#target.affords?.(cost) ?? true;
  }

  /** What was pressed is always let go, whatever that costs. */
  #letsPass(pressed: boolean, isHeld: boolean): boolean {
    return (!pressed && isHeld) || this.#affords(1);
  }

  #type(text: string, input: InputBackend): void {
    input.text(text);
    this.#texts += 1;
    const done = (): void => {
      this.#texts -= 1;
    };
    input.settled().then(done, done);
  }

  #pressKey(stroke: KeyStroke, pressed: boolean, input: InputBackend): void {
    if (!this.#letsPass(pressed, this.#heldKeys.has(placeOf(stroke)))) return;
    if (!pressed) this.#heldKeys.delete(placeOf(stroke));
    else if (!this.#heldKeys.has(placeOf(stroke))) this.#heldKeys.set(placeOf(stroke), stroke);
    input.key(stroke, pressed);
  }
}
