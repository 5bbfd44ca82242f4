export { accelerate, accelerationFactor } from './acceleration.js';
export { parseClipboardDesktopMessage, parseClipboardPhoneMessage } from './clipboard-message.js';
export type { ClipboardDesktopMessage, ClipboardPhoneMessage, ClipboardRefusal } from './clipboard-message.js';
export {
  beginSending,
  maxClipboardBytes,
  nextParts,
  partsArrived,
  splitClipboardText,
  takePart,
} from './clipboard-transfer.js';
export type {
  ClipboardArriving,
  ClipboardPart,
  ClipboardParts,
  ClipboardSending,
  ClipboardStep,
} from './clipboard-transfer.js';
export { controlChannels, controlVersion, parseDesktopMessage, parsePhoneMessage } from './message.js';
export { maxControlMessageLength } from './parse-with.js';
export type { ControlFault, ControlResult } from './parse-with.js';
export type {
  ComputerFeatures,
  DesktopMessage,
  KeyStroke,
  PhoneMessage,
  PointerButton,
  SystemAction,
  SystemGoing,
  SystemRefusal,
  SystemResult,
} from './message.js';
export {
  addMotion,
  applyMotion,
  decodeMotion,
  emptyMotionSum,
  encodeMotion,
  noMotion,
  nothingApplied,
  unitsPerNotch,
  unitsPerPixel,
} from './motion.js';
export type { MotionApplied, MotionStep, MotionSum, MotionTotals } from './motion.js';
export { defaultTouchpadSettings, idleTouchpad, touchpad } from './touchpad.js';
export type { TouchpadAction, TouchpadEvent, TouchpadSettings, TouchpadState } from './touchpad.js';
export { abilities, allRights, noRights, readRights } from './rights.js';
export type { Ability, ControlRights } from './rights.js';
export { parseScreenDesktopMessage, parseScreenPhoneMessage, screenPixels } from './screen-message.js';
export type { ScreenCandidate, ScreenDesktopMessage, ScreenPhoneMessage } from './screen-message.js';
