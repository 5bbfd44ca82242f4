/** The part of the package `x11` (4.2, which has no types) that Proxim and its tests use. */
declare module 'x11' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  /** An X protocol error has its number in `error`; one of the socket has none. */
  interface XError extends Error {
    readonly error?: number;
  }
  /** Returning true says that the error was handled; else it is emitted as 'error' as well. */
  type XReply<T> = (error: XError | null | undefined, value: T) => boolean;

  /** The fields that events have, under the package's names; XKB's but for two kinds are `XkbEvent`. */
  interface XEvent {
    readonly name: string;
    readonly keycode?: number;
    /** MappingNotify: 0 modifiers, 1 keyboard, 2 pointer. */
    readonly request?: number;
    readonly firstKeyCode?: number;
    readonly count?: number;
    /** In the server's milliseconds. */
    readonly time?: number;
    /** PropertyNotify. */
    readonly wid?: number;
    readonly atom?: number;
    /** PropertyNotify: 0 written, 1 deleted. */
    readonly state?: number;
    /** SelectionRequest, SelectionNotify, SelectionClear. */
    readonly requestor?: number;
    readonly selection?: number;
    readonly target?: number;
    readonly property?: number;
  }

  interface XProperty {
    readonly type: number;
    readonly format: number;
    readonly bytesAfter: number;
    readonly data: Buffer;
  }

  interface XTest {
    readonly KeyPress: number;
    readonly KeyRelease: number;
    readonly ButtonPress: number;
    readonly ButtonRelease: number;
    readonly MotionNotify: number;
    /** A MotionNotify with `detail` 1 is relative. */
    FakeInput(type: number, detail: number, delay: number, window: number, x: number, y: number): void;
  }

  interface XKeyboard {
    readonly UseCoreKbd: number;
    SelectEvents(device: number, affected: number, clear: number, all: number, affectedMap: number, map: number): void;
    LatchLockState(
      device: number,
      affectedLocks: number,
      locks: number,
      lockGroup: boolean,
      group: number,
      affectedLatches: number,
      latches: number,
      latchGroup: boolean,
      latchedGroup: number,
    ): void;
  }

  interface XClient extends EventEmitter {
    readonly stream: Socket | undefined;
    /** What `InternAtom` knows already: one object for all connections of the process, unless it is given another. */
    atoms: Record<string, number>;
    require(extension: 'xtest', reply: XReply<XTest>): void;
    require(extension: 'xkb', reply: XReply<XKeyboard>): void;
    terminate(): void;
    AllocID(): number;
    GetInputFocus(reply: XReply<unknown>): void;
    GetKeyboardMapping(firstKeycode: number, count: number, reply: XReply<number[][]>): void;
    ChangeKeyboardMapping(firstKeycode: number, keysymsPerKeycode: number, keysyms: readonly number[]): void;
    GetModifierMapping(reply: XReply<number[][]>): void;
    QueryPointer(
      window: number,
      reply: XReply<{ readonly keyMask: number; readonly rootX: number; readonly rootY: number }>,
    ): void;
    QueryKeymap(reply: XReply<Uint8Array>): void;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      borderWidth: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: Readonly<Record<string, number>>,
    ): void;
    GrabKey(
      window: number,
      ownerEvents: 0 | 1,
      modifiers: number,
      keycode: number,
      pointerMode: 0 | 1,
      keyboardMode: 0 | 1,
      reply: XReply<unknown>,
    ): void;
    UngrabKey(window: number, keycode: number, modifiers: number): void;
    MapWindow(window: number): void;
    DestroyWindow(window: number): void;
    ChangeWindowAttributes(window: number, values: Readonly<Record<string, number>>): void;
    InternAtom(onlyIfExists: boolean, name: string, reply: XReply<number>): void;
    GetSelectionOwner(selection: number, reply: XReply<number>): void;
    /** An owner of 0 gives the selection up. */
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    ConvertSelection(requestor: number, selection: number, target: number, property: number, time: number): void;
    /** Deletes it, with `remove` 1, once nothing of it is left to read. Offset and length are in units of 4 bytes. */
    GetProperty(
      remove: 0 | 1,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      reply: XReply<XProperty>,
    ): void;
    /** Modes: 0 replaces, 2 appends. */
    ChangeProperty(
      mode: 0 | 2,
      window: number,
      property: number,
      type: number,
      format: 8 | 32,
      data: Buffer | readonly number[],
    ): void;
    SendEvent(window: number, propagate: 0 | 1, eventMask: number, event: Readonly<Record<string, unknown>>): void;
    SetInputFocus(window: number, revertTo: number): void;
  }

  interface XDisplay {
    readonly client: XClient;
    readonly min_keycode: number;
    readonly max_keycode: number;
    readonly screen: readonly { readonly root: number; readonly pixel_width: number; readonly pixel_height: number }[];
  }

  interface XOptions {
    readonly display: string;
    /** False: an ordinary socket, which shares no memory with the server. */
    readonly shm: false;
    readonly disableBigRequests: true;
    /** True: one write a turn of the event loop. It also keeps the greeting whole, which a refusal would else cut. */
    readonly bufferRequests: true;
  }

  const x11: {
    /** Throws on a display it cannot parse; 'error' events may come before and after the callback. */
    createClient(options: XOptions, connected: (error: XError | null | undefined, display: XDisplay) => void): XClient;
    readonly eventMask: Readonly<Record<string, number>>;
    readonly keySyms: Readonly<Record<string, { readonly code: number; readonly description: string | null }>>;
  };
  export type { XClient, XDisplay, XError, XEvent, XKeyboard, XProperty, XReply, XTest };
  export default x11;
}
