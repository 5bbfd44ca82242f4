import {
  type ComputerFeatures,
  controlChannels,
  type ControlRights,
  noRights,
  type SystemGoing,
} from '@proxim/control';
import { type DesktopSessionView, usableIceServers } from '@proxim/peer';
import type { SessionID } from '@proxim/protocol';

import { ClipboardAccess } from './clipboard-access.js';
import { ClipboardRate } from './clipboard-rate.js';
import { ClipboardReceiver } from './clipboard-receiver.js';
import { ControlReceiver } from './control-receiver.js';
import { ControlledComputer } from './controlled-computer.js';
import type { DesktopAppEvents, DesktopAppOptions } from './desktop-app-options.js';
import { newInputBudget } from './input-budget.js';
import { screenReceivers } from './screen-receiver.js';
import { ScreenSharing } from './screen-sharing.js';
import { SessionControl } from './session-control.js';
import { SystemCommands } from './system-commands.js';
import type { PhoneSystem } from './system-receiver.js';
import type { WindowNotice } from './window-protocol.js';

/** What the app knows, and is told. */
export interface WhatPhonesDoHandlers {
  /** Live sessions. */
  readonly sessions: () => readonly DesktopSessionView[];
  /** What the user allows a session's phone, and whether it is paused. */
  readonly rights: (sessionID: SessionID) => ControlRights;
  readonly isPaused: (sessionID: SessionID) => boolean;
  /** This machine's addresses that the phones' network may reach. */
  readonly addresses: () => readonly string[];
  /** One line for the run's log. */
  readonly note: (
    kind: WindowNotice['kind'],
    sessionID: SessionID,
    reason?: string | null,
    action?: WindowNotice['action'],
  ) => void;
  readonly onPanic: () => void;
  readonly onSystemPrompt: (prompt: DesktopAppEvents['system_prompt']) => void;
  readonly onSystemPromptGone: (gone: DesktopAppEvents['system_prompt_gone']) => void;
  readonly onSystem: (end: DesktopAppEvents['system']) => void;
  /** This computer cannot be controlled, for a reason. */
  readonly onProblem: (problem: { readonly code: string; readonly message: string }) => void;
  /** The computer is about to sleep, since a phone has told it to. */
  readonly onSleep: () => void;
  /** Something that the window shows has changed. */
  readonly onChange: () => void;
}

/** All that phones do on this computer: pointer and keyboard, clipboard, system, screen; each as far as it is allowed. */
export class WhatPhonesDo {
  readonly computer: ControlledComputer;
  readonly screens: ScreenSharing;
  readonly system: SystemCommands;
  readonly #options: DesktopAppOptions;
  readonly #handlers: WhatPhonesDoHandlers;
  readonly #clipboard: ClipboardAccess;
  readonly #controls = new Map<SessionID, SessionControl>();
  readonly #goingListeners = new Set<(action: SystemGoing) => void>();

  constructor(options: DesktopAppOptions, handlers: WhatPhonesDoHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    const { clock } = options.environment;
    this.computer = new ControlledComputer({
      connect: options.connectInput,
      clock,
      onPanic: handlers.onPanic,
      onChange: () => {
        this.#onComputerChanged();
      },
    });
    this.#clipboard = new ClipboardAccess(options.connectClipboard);
    this.system = this.#makeSystem();
    this.screens = new ScreenSharing({
      clock,
      addresses: handlers.addresses,
      iceServers: (sessionID) => usableIceServers(this.#session(sessionID)?.iceServers ?? []),
      onChange: (what) => {
        if (what === 'windows') this.#announceState();
        handlers.onChange();
      },
      onNews: (sessionID, kind) => {
        handlers.note(kind, sessionID);
      },
    });
  }

  /** What this computer has besides pointer and keyboard. */
  get features(): ComputerFeatures {
    return { view: this.screens.isPossible, clipboard: this.#clipboard.exists, system: [...this.system.actions] };
  }

  /** What a new session's phone does. */
  begin(sessionID: SessionID): SessionControl {
    const control = this.#controlOf(sessionID);
    this.#controls.set(sessionID, control);
    return control;
  }

  /** A session is over. */
  end(sessionID: SessionID): void {
    this.#controls.get(sessionID)?.stop();
    this.#controls.delete(sessionID);
    this.system.forget(sessionID);
    this.screens.forget(sessionID);
  }

  /** The user allows a session's phone more, or less; or paused it, or let it go on. */
  rightsChanged(sessionID: SessionID): void {
    this.system.rightsChanged();
    this.#controls.get(sessionID)?.rightsChanged();
  }

  /** Nothing stays pressed. */
  release(): void {
    for (const control of this.#controls.values()) control.release();
  }

  async close(): Promise<void> {
    await Promise.all([this.computer.close(), this.#clipboard.close()]);
  }

  #session(sessionID: SessionID): DesktopSessionView | undefined {
    return this.#handlers.sessions().find((session) => session.sessionID === sessionID);
  }

  #controlOf(sessionID: SessionID): SessionControl {
    const handlers = this.#handlers;
    const isPaused = () => handlers.isPaused(sessionID);
    const rights = () => {
      if (isPaused()) return noRights;
      const allowed = handlers.rights(sessionID);
      // No phone answers for the computer's user what a phone has asked.
      return this.system.question ? { ...allowed, point: false, type: false } : allowed;
    };
    const hindrance = () => {
      if (isPaused()) return 'paused';
      return this.system.question ? 'asking' : null;
    };
    const rate = new ClipboardRate(this.#options.environment.clock);
    const affords = newInputBudget(this.#options.environment.clock);
    return new SessionControl([
      {
        labels: [controlChannels.control.label, controlChannels.motion.label],
        make: () =>
          new ControlReceiver({
            computerName: this.#options.computerName,
            input: () => this.computer.input,
            problem: () => this.computer.problem?.code ?? hindrance(),
            rights,
            features: () => this.features,
            system: this.#phoneSystem(sessionID, rights),
            affords,
            isLast: () =>
              handlers.sessions().every((other) => other.sessionID === sessionID || other.directState !== 'connected'),
          }),
      },
      {
        labels: [controlChannels.clipboard.label],
        make: () =>
          new ClipboardReceiver({
            open: () => this.#clipboard.open(),
            isAllowed: () => rights().clipboard,
            rate,
            onUse: (kind) => {
              handlers.note(kind, sessionID);
            },
          }),
      },
      screenReceivers({ sessionID, sharing: this.screens, rights, isPaused }),
    ]);
  }

  #makeSystem(): SystemCommands {
    const handlers = this.#handlers;
    const { system: backend, environment } = this.#options;
    return new SystemCommands({
      backend,
      clock: environment.clock,
      newPromptID: () => Buffer.from(environment.randomBytes(16)).toString('base64url'),
      handlers: {
        isBusy: () => handlers.sessions().some(({ prompt }) => prompt),
        onQuestion: ({ sessionID, promptID, action }) => {
          // Text that still waits to be typed could answer.
          this.computer.input?.releaseAll();
          this.#rightsChangedForAll();
          const deviceInfo = this.#session(sessionID)?.device;
          handlers.note('system_asked', sessionID, null, action);
          if (deviceInfo) handlers.onSystemPrompt({ sessionID, promptID, action, deviceInfo });
        },
        onQuestionGone: ({ sessionID, promptID }, reason) => {
          this.#rightsChangedForAll();
          handlers.onSystemPromptGone({ sessionID, promptID, reason });
          handlers.onChange();
        },
        beforeGoing: () => {
          this.release();
        },
        onGoing: (action) => {
          for (const listener of this.#goingListeners) listener(action);
          if (action === 'sleep') handlers.onSleep();
        },
        onEnd: ({ sessionID, action }, reason) => {
          handlers.note(reason === null ? 'system_done' : 'system_refused', sessionID, reason, action);
          handlers.onSystem({ sessionID, action, reason });
        },
        onActions: () => {
          this.#announceState();
          handlers.onChange();
        },
      },
    });
  }

  #phoneSystem(sessionID: SessionID, rights: () => ControlRights): PhoneSystem {
    return {
      request: (action, answer) => {
        this.system.request({ sessionID, action, isAllowed: () => rights().system, answer });
      },
      withdraw: () => {
        this.system.withdraw(sessionID);
      },
      onGoing: (listener) => {
        this.#goingListeners.add(listener);
        return () => this.#goingListeners.delete(listener);
      },
    };
  }

  #onComputerChanged(): void {
    const { problem } = this.computer;
    if (problem) this.#handlers.onProblem({ code: problem.code, message: problem.sentence });
    this.#announceState();
    this.#handlers.onChange();
  }

  #rightsChangedForAll(): void {
    for (const control of this.#controls.values()) control.rightsChanged();
  }

  #announceState(): void {
    for (const control of this.#controls.values()) control.announceState();
  }
}
