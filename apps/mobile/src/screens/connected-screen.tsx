import type { ControlRights, PointerButton } from '@proxim/control';
import type { MobileState } from '@proxim/peer';
import type { SessionType } from '@proxim/protocol';
import { formatClock, Icon, useSecondsLeft } from '@proxim/ui';
import { Keyboard, LayoutGrid, SlidersHorizontal } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { ControlSender } from '../control/control-sender.js';
import { keepFocus } from '../control/held-button.js';
import { KeyboardPanel } from '../control/keyboard-panel.js';
import { Modifiers } from '../control/modifiers.js';
import { MouseButtons } from '../control/mouse-buttons.js';
import type { OpenChannels } from '../control/open-channels.js';
import { Pad } from '../control/pad.js';
import { followVisibleViewport } from '../control/viewport.js';
import { fetchToolsSheet, toolsSheet } from '../lazy-parts.js';
import type { Keeping } from '../page.js';
import { usePage } from '../page-context.js';
import { createPreferences } from '../preferences.js';
import { useScreenView } from '../screen-view/use-screen-view.js';
import { texts } from '../texts/en.js';
import { ComingBack } from './coming-back.js';
import { KeepQuestion } from './keep-question.js';
import { SettingsSheet } from './settings-sheet.js';

type InUse = Extract<MobileState, { status: 'connected' | 'reconnecting' }>;

/** The computer's name, whether it is there, and how long still. */
const TopBar = ({
  computer,
  state,
  onTools,
  onSettings,
  children,
}: {
  readonly computer: string;
  readonly state: InUse;
  /** Null while there are none. */
  readonly onTools: (() => void) | null;
  readonly onSettings: () => void;
  /** Further buttons. */
  readonly children?: ComponentChildren;
}) => {
  const { now } = usePage();
  const seconds = useSecondsLeft(state.status === 'connected' ? state.expiresAt : null, now);
  const isConnected = state.status === 'connected';
  const clock = seconds === null ? null : formatClock(seconds);
  return (
    <header class="top-bar">
      <span
        class={isConnected ? 'dot dot-on' : 'dot'}
        role="img"
        aria-label={isConnected ? texts.connected.connected : texts.connected.notConnected}
      />
      <h1 class="top-bar-name">{computer}</h1>
      {clock === null ? null : (
        <span class="quiet tabular" role="timer" aria-label={texts.connected.timeLeft(clock)}>
          {clock}
        </span>
      )}
      {children}
      {onTools === null ? null : (
        <button class="icon-button" type="button" aria-label={texts.connected.tools} onClick={onTools}>
          <Icon of={LayoutGrid} />
        </button>
      )}
      <button class="icon-button" type="button" aria-label={texts.connected.settings} onClick={onSettings}>
        <Icon of={SlidersHorizontal} />
      </button>
    </header>
  );
};

/** What the computer does not carry out of what the fingers do here. */
const lessThanAll = ({ point, type }: ControlRights): string | null => {
  if (point) return type ? null : texts.connected.pointOnly;
  return texts.connected.typeOnly;
};

export interface ConnectedScreenProps {
  readonly computer: string;
  readonly state: InUse;
  readonly channels: OpenChannels;
  readonly sessionType: SessionType | undefined;
  readonly keeping: Keeping;
}

/** The pad and the keyboard; dimmed, and in nobody's way, while the connection comes back. */
export const ConnectedScreen = ({ computer, state, channels, sessionType, keeping }: ConnectedScreenProps) => {
  const screen = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { session, keptPreferences, deviceName, farewell, now } = usePage();
  const sender = useMemo(
    () =>
      new ControlSender({
        deviceName: deviceName.peek(),
        requestFrame: (callback) => requestAnimationFrame(callback),
        now,
      }),
    [deviceName, now],
  );
  const opened = channels.set.value;
  useEffect(() => {
    if (opened) sender.use(opened);
  }, [sender, opened]);
  const going = sender.system.going.value;
  const preferences = useMemo(() => createPreferences(keptPreferences), [keptPreferences]);
  const modifiers = useMemo(() => new Modifiers(sender), [sender]);
  const [isKeyboardOpen, setKeyboardOpen] = useState(false);
  const [openSheet, setOpenSheet] = useState<'none' | 'settings' | 'tools'>('none');
  const [clicks, setClicks] = useState(0);
  const isConnected = state.status === 'connected';
  const { name, problem, may, has } = sender.computer.value;
  const screenView = useScreenView(opened?.screen, sender.computer.value);
  const note = problem === null ? lessThanAll(may) : texts.connected.problem(problem);
  const shownName = name ?? computer;
  const hasTools = has.clipboard || has.system.length > 0;
  const ToolsSheet = hasTools ? toolsSheet.value : undefined;
  const closeSheet = (): void => setOpenSheet('none');

  useEffect(() => (screen.current ? followVisibleViewport(screen.current) : undefined), []);
  useEffect(() => {
    if (name !== null) session.named(name);
  }, [session, name, keeping]);
  useEffect(() => {
    // Tried again with the next connection, should it fail.
    if (hasTools && isConnected && !toolsSheet.peek()) fetchToolsSheet().catch(() => undefined);
  }, [hasTools, isConnected]);
  useEffect(() => {
    if (isConnected) farewell.forget();
  }, [farewell, isConnected]);
  useEffect(() => {
    if (going) farewell.say(going);
  }, [farewell, going]);
  useEffect(() => {
    if (!isConnected) modifiers.forget();
  }, [isConnected, modifiers]);

  const onButton = (button: PointerButton, pressed: boolean): void => {
    sender.button(button, pressed);
    if (pressed) return;
    modifiers.used();
    setClicks((count) => count + 1);
  };
  const toggleKeyboard = (): void => {
    // Within the tap itself: the phone's keyboard comes up for nothing else.
    if (isKeyboardOpen) field.current?.blur();
    else field.current?.focus({ preventScroll: true });
    setKeyboardOpen(!isKeyboardOpen);
  };
  return (
    <div class="control" ref={screen}>
      <main class={screenView?.isFull ? 'control-parts is-full' : 'control-parts'} inert={!isConnected}>
        <TopBar
          computer={shownName}
          state={state}
          onTools={ToolsSheet ? () => setOpenSheet('tools') : null}
          onSettings={() => setOpenSheet('settings')}
        >
          {screenView?.isOffered ? <screenView.ScreenButton {...screenView} /> : null}
        </TopBar>
        {note === null ? null : (
          <p class="control-problem" role="status">
            {note}
          </p>
        )}
        {isConnected && keeping === 'ask' ? <KeepQuestion computer={shownName} /> : null}
        <div class="stage">
          {screenView ? <screenView.ScreenStage {...screenView} /> : null}
          <Pad sender={sender} settings={preferences.touchpad} isActive={isConnected} onButton={onButton} />
        </div>
        <div class={isKeyboardOpen ? 'deck deck-typing' : 'deck'}>
          <KeyboardPanel sender={sender} modifiers={modifiers} field={field} clicks={clicks} isOpen={isKeyboardOpen} />
          <div class="bottom-bar">
            <button
              class={isKeyboardOpen ? 'icon-button keyboard-button keyboard-button-on' : 'icon-button keyboard-button'}
              type="button"
              aria-label={texts.buttons.keyboard}
              aria-pressed={isKeyboardOpen}
              onMouseDown={keepFocus}
              onClick={toggleKeyboard}
            >
              <Icon of={Keyboard} />
            </button>
            <MouseButtons sender={sender} settings={preferences.touchpad} onButton={onButton} />
          </div>
        </div>
      </main>
      {isConnected ? null : <ComingBack computer={shownName} why={state.why} />}
      {openSheet === 'settings' && isConnected ? (
        <SettingsSheet
          preferences={preferences}
          computer={shownName}
          sessionType={sessionType}
          keeping={keeping}
          expiresAt={state.expiresAt}
          onClose={closeSheet}
        />
      ) : null}
      {ToolsSheet && openSheet === 'tools' ? (
        <ToolsSheet sender={sender} channels={isConnected ? opened : undefined} onClose={closeSheet} />
      ) : null}
    </div>
  );
};
