import { accelerate } from './acceleration.js';
import type { PointerButton } from './message.js';

/** What a finger does on the pad. Positions in CSS pixels, times in milliseconds of one clock. */
export type TouchpadEvent =
  | {
      readonly type: 'down' | 'move' | 'up';
      readonly finger: number;
      readonly x: number;
      readonly y: number;
      readonly time: number;
    }
  /** The system took the fingers away (a call, a gesture of its own): all of them at once. */
  | { readonly type: 'cancel'; readonly time: number }
  /** The moment that {@link TouchpadState.wakeAt} asked for has come. */
  | { readonly type: 'wake'; readonly time: number };

/** What the pad makes of it. Motion in the desktop's pixels, scrolling in wheel notches, right and down. */
export type TouchpadAction =
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  | { readonly type: 'scroll'; readonly x: number; readonly y: number }
  | { readonly type: 'button'; readonly button: PointerButton; readonly pressed: boolean }
  | { readonly type: 'vibrate' };

export interface TouchpadSettings {
  readonly sensitivity: number;
  /** CSS pixels of two fingers' motion for one wheel notch. */
  readonly pixelsPerNotch: number;
  /** Whether the content follows the fingers. */
  readonly naturalScrolling: boolean;
}

export const defaultTouchpadSettings: TouchpadSettings = {
  sensitivity: 1,
  pixelsPerNotch: 20,
  naturalScrolling: true,
};

const tapMs = 250;
const tapPixels = 10;
const tapPixelsOfSeveral = 15;
const armedMs = 250;
const longPressMs = 500;
const frameMs = 16;
/** Momentum halves in this time, and ends below this speed. */
const momentumHalfLifeMs = 160;
const momentumEndPixelsPerMs = 0.03;
/** Fingers that rested this long before they were lifted leave no momentum. */
const restBeforeLiftMs = 60;

interface Finger {
  readonly x: number;
  readonly y: number;
  readonly time: number;
}

interface Velocity {
  /** CSS pixels a millisecond. */
  readonly x: number;
  readonly y: number;
  readonly time: number;
}

/** The fingers that are down together, from the first that came to the last that goes. */
interface Gesture {
  readonly startedAt: number;
  readonly mostFingers: number;
  /** The furthest that a finger has come from its start, in CSS pixels. */
  readonly starts: ReadonlyMap<number, Finger>;
  readonly moved: boolean;
  readonly velocity: Velocity;
}

/** The button that the pad holds: armed after a tap, or dragging. */
type Held =
  | { readonly kind: 'none' }
  | { readonly kind: 'armed'; readonly button: PointerButton; readonly until: number }
  | { readonly kind: 'retouched'; readonly button: PointerButton }
  | { readonly kind: 'dragging'; readonly button: PointerButton };

export interface TouchpadState {
  readonly fingers: ReadonlyMap<number, Finger>;
  readonly gesture: Gesture | null;
  readonly held: Held;
  readonly momentum: Velocity | null;
  /** When the pad wants a `wake` although no finger moves; null when it does not. */
  readonly wakeAt: number | null;
}

export const idleTouchpad: TouchpadState = {
  fingers: new Map(),
  gesture: null,
  held: { kind: 'none' },
  momentum: null,
  wakeAt: null,
};

/** The pad's rules, one event further. Pure: time is what the events say. */
export const touchpad = (
  state: TouchpadState,
  event: TouchpadEvent,
  settings: TouchpadSettings,
): { readonly state: TouchpadState; readonly actions: readonly TouchpadAction[] } => {
  const actions: TouchpadAction[] = [];
  const next = step(state, event, settings, actions);
  return { state: { ...next, wakeAt: wakeTime(next) }, actions };
};

const step = (
  state: TouchpadState,
  event: TouchpadEvent,
  settings: TouchpadSettings,
  actions: TouchpadAction[],
): TouchpadState => {
  switch (event.type) {
    case 'down':
      return onDown(releaseArmed(state, event.time, actions), event, actions);
    case 'move':
      return onMove(state, event, settings, actions);
    case 'up':
      return onUp(state, event, actions);
    case 'cancel':
      return onCancel(state, actions);
    case 'wake':
      return onWake(releaseArmed(state, event.time, actions), event.time, settings, actions);
    default:
      return event satisfies never;
  }
};

type FingerEvent = Extract<TouchpadEvent, { finger: number }>;

const press = (button: PointerButton, pressed: boolean): TouchpadAction => ({ type: 'button', button, pressed });

const releaseArmed = (state: TouchpadState, now: number, actions: TouchpadAction[]): TouchpadState => {
  if (state.held.kind !== 'armed' || now < state.held.until) return state;
  actions.push(press(state.held.button, false));
  return { ...state, held: { kind: 'none' } };
};

const onDown = (state: TouchpadState, event: FingerEvent, actions: TouchpadAction[]): TouchpadState => {
  const finger: Finger = { x: event.x, y: event.y, time: event.time };
  const fingers = new Map(state.fingers).set(event.finger, finger);
  const started = state.gesture ?? {
    startedAt: event.time,
    mostFingers: 0,
    starts: new Map<number, Finger>(),
    // A touch that stops the wheel's momentum does just that, and is no click.
    moved: state.momentum !== null,
    velocity: { x: 0, y: 0, time: event.time },
  };
  const gesture: Gesture = {
    ...started,
    starts: new Map(started.starts).set(event.finger, finger),
    mostFingers: Math.max(started.mostFingers, fingers.size),
  };
  return { ...state, fingers, gesture, held: heldAtTouch(state.held, fingers.size, actions), momentum: null };
};

/** The first finger after a tap may drag. A second one says that it will scroll, and nothing is held while scrolling. */
const heldAtTouch = (held: Held, fingers: number, actions: TouchpadAction[]): Held => {
  if (held.kind === 'armed') return { kind: 'retouched', button: held.button };
  if (held.kind !== 'retouched' || fingers < 2) return held;
  actions.push(press(held.button, false));
  return { kind: 'none' };
};

const onMove = (
  state: TouchpadState,
  event: FingerEvent,
  settings: TouchpadSettings,
  actions: TouchpadAction[],
): TouchpadState => {
  const before = state.fingers.get(event.finger);
  const { gesture } = state;
  if (!before || !gesture) return state;
  const dx = event.x - before.x;
  const dy = event.y - before.y;
  const elapsed = event.time - before.time;
  const fingers = new Map(state.fingers).set(event.finger, { x: event.x, y: event.y, time: event.time });
  const start = gesture.starts.get(event.finger) ?? before;
  const slack = gesture.mostFingers > 1 ? tapPixelsOfSeveral : tapPixels;
  const moved = gesture.moved || Math.hypot(event.x - start.x, event.y - start.y) > slack;

  if (gesture.mostFingers === 1) {
    actions.push({ type: 'move', ...accelerate(dx, dy, elapsed, settings.sensitivity) });
    const held: Held =
      state.held.kind === 'retouched' && moved ? { kind: 'dragging', button: state.held.button } : state.held;
    return { ...state, fingers, gesture: { ...gesture, moved }, held };
  }
  if (fingers.size !== 2 || gesture.mostFingers !== 2) return { ...state, fingers, gesture: { ...gesture, moved } };
  // Each finger tells half of what the two do together.
  const direction = settings.naturalScrolling ? -1 : 1;
  const scale = direction / (2 * settings.pixelsPerNotch);
  if (moved) actions.push({ type: 'scroll', x: dx * scale, y: dy * scale });
  const sinceMs = Math.max(elapsed, 1);
  const velocity: Velocity = { x: dx / sinceMs, y: dy / sinceMs, time: event.time };
  return { ...state, fingers, gesture: { ...gesture, moved, velocity } };
};

const tapButton = (fingers: number): PointerButton | undefined =>
  (({ 1: 'left', 2: 'right', 3: 'middle' }) as const)[fingers as 1 | 2 | 3];

const onUp = (state: TouchpadState, event: FingerEvent, actions: TouchpadAction[]): TouchpadState => {
  const { gesture } = state;
  if (!gesture || !state.fingers.has(event.finger)) return state;
  const fingers = new Map(state.fingers);
  fingers.delete(event.finger);
  if (fingers.size > 0) return { ...state, fingers };

  const lifted: TouchpadState = { ...state, fingers, gesture: null };
  if (state.held.kind === 'dragging') {
    actions.push(press(state.held.button, false));
    return { ...lifted, held: { kind: 'none' } };
  }
  // A second tap, or a second touch that came to nothing: the first click ends here.
  if (state.held.kind === 'retouched') actions.push(press(state.held.button, false));
  const button = tapButton(gesture.mostFingers);
  const isTap = !gesture.moved && event.time - gesture.startedAt <= tapMs;
  if (isTap && button !== undefined) {
    actions.push(press(button, true));
    return { ...lifted, held: { kind: 'armed', button, until: event.time + armedMs } };
  }
  return { ...lifted, held: { kind: 'none' }, momentum: momentumOf(gesture, event.time) };
};

const momentumOf = (gesture: Gesture, now: number): Velocity | null => {
  const { velocity } = gesture;
  if (gesture.mostFingers !== 2 || !gesture.moved || now - velocity.time > restBeforeLiftMs) return null;
  return { ...velocity, time: now };
};

const onCancel = (state: TouchpadState, actions: TouchpadAction[]): TouchpadState => {
  if (state.held.kind !== 'none') actions.push(press(state.held.button, false));
  return idleTouchpad;
};

const onWake = (
  state: TouchpadState,
  now: number,
  settings: TouchpadSettings,
  actions: TouchpadAction[],
): TouchpadState => {
  const { gesture, momentum } = state;
  if (gesture && isLongPress(state, now)) {
    actions.push(press('left', true), { type: 'vibrate' });
    return { ...state, held: { kind: 'dragging', button: 'left' } };
  }
  if (!momentum) return state;
  const elapsed = now - momentum.time;
  if (elapsed <= 0) return state;
  const decay = 0.5 ** (elapsed / momentumHalfLifeMs);
  const scale = ((settings.naturalScrolling ? -1 : 1) * elapsed * ((1 + decay) / 2)) / settings.pixelsPerNotch;
  actions.push({ type: 'scroll', x: momentum.x * scale, y: momentum.y * scale });
  const slower: Velocity = { x: momentum.x * decay, y: momentum.y * decay, time: now };
  const isOver = Math.hypot(slower.x, slower.y) < momentumEndPixelsPerMs;
  return { ...state, momentum: isOver ? null : slower };
};

const waitsForLongPress = (state: TouchpadState): state is TouchpadState & { gesture: Gesture } =>
  state.gesture !== null && state.held.kind === 'none' && state.gesture.mostFingers === 1 && !state.gesture.moved;

const isLongPress = (state: TouchpadState, now: number): boolean =>
  waitsForLongPress(state) && now - state.gesture.startedAt >= longPressMs;

const wakeTime = (state: TouchpadState): number | null => {
  if (state.held.kind === 'armed') return state.held.until;
  if (waitsForLongPress(state)) return state.gesture.startedAt + longPressMs;
  return state.momentum ? state.momentum.time + frameMs : null;
};
