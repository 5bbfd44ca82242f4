/** What travels on the `control` data channel, as TypeBox schemas. Loaded by the build and the documentation alone. */
import { Type, type TProperties } from 'typebox';

export { clipboardDesktopSchemas, clipboardPhoneSchemas } from './clipboard-schemas.js';

const message = <const T extends string, P extends TProperties>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), ...properties });

const int32 = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });
const uint32 = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const version = Type.Integer({ minimum: 1, maximum: 65_535 });
const shownText = Type.String({
  pattern: '^[^\\p{Cc}\\p{Cs}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]{1,128}$',
});
/** The names of UI Events' `code` and `key`: `KeyA`, `ArrowLeft`, `ä`. */
const keyName = Type.String({ pattern: '^[^\\p{Cc}\\p{Cs}]{1,32}$' });
const button = Type.Union([
  Type.Literal('left'),
  Type.Literal('middle'),
  Type.Literal('right'),
  Type.Literal('back'),
  Type.Literal('forward'),
]);
const systemAction = Type.Union([
  Type.Literal('lock'),
  Type.Literal('sleep'),
  Type.Literal('restart'),
  Type.Literal('shut_down'),
]);
/** Tells one request of a channel from another; each is higher than the one before. */
const requestID = uint32;
/** Running totals since the channel opened: a click lands where the finger was, even if the last motion was lost. */
const totals = Type.Object({ sequence: uint32, x: int32, y: int32, scrollX: int32, scrollY: int32 });

/** What the phone may send. */
export const phoneSchemas = {
  hello: message('hello', { version, name: shownText }),
  button: message('button', { button, pressed: Type.Boolean(), at: totals }),
  text: message('text', { text: Type.String({ pattern: '^[^\\p{Cs}\\u0000]{1,4096}$' }) }),
  key: message('key', { code: keyName, key: keyName, pressed: Type.Boolean() }),
  release_all: message('release_all', {}),
  /** Lock, sleep, restart or shut down, once the user of the phone has said so twice. */
  system: message('system', { id: requestID, action: systemAction }),
  /** The user of the phone does not want that any more. */
  system_cancel: message('system_cancel', { id: requestID }),
};

/** What the desktop sends. */
export const desktopSchemas = {
  hello: message('hello', { version, name: shownText }),
  control_state: message('control_state', {
    /** Whether this computer carries out what the phone asks. */
    ready: Type.Boolean(),
    reason: Type.Optional(Type.String({ pattern: '^[a-z_]{1,64}$' })),
    /** What this phone may do; everything, when left out. */
    may: Type.Optional(
      Type.Object({
        view: Type.Optional(Type.Boolean()),
        point: Type.Boolean(),
        type: Type.Boolean(),
        clipboard: Type.Optional(Type.Boolean()),
        system: Type.Optional(Type.Boolean()),
      }),
    ),
    /** What there is besides pointer and keyboard, whether this phone may use it or not; nothing, when left out. */
    has: Type.Optional(
      Type.Object({
        view: Type.Boolean(),
        clipboard: Type.Boolean(),
        system: Type.Array(systemAction, { maxItems: 4 }),
      }),
    ),
  }),
  /** What became of a `system`. */
  system_result: message('system_result', {
    id: requestID,
    /** `asked`: the computer's own user is asked, and another result follows. */
    outcome: Type.Union([Type.Literal('done'), Type.Literal('asked'), Type.Literal('refused')]),
    reason: Type.Optional(
      Type.Union([
        Type.Literal('not_allowed'),
        Type.Literal('rejected_by_user'),
        Type.Literal('timeout'),
        Type.Literal('unavailable'),
        Type.Literal('failed'),
        Type.Literal('busy'),
      ]),
    ),
    /** How long the question is open, of `asked`. */
    seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })),
  }),
  /** To every phone: this computer goes, because a phone asked for it. */
  system_going: message('system_going', {
    action: Type.Union([Type.Literal('sleep'), Type.Literal('restart'), Type.Literal('shut_down')]),
  }),
};
