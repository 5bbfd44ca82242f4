import { Icon } from '@proxim/ui';
import { Monitor, X } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { KeptComputer } from '../kept-computers.js';
import { usePage } from '../page-context.js';
import { texts } from '../texts/en.js';

const nameOf = ({ name }: KeptComputer): string => name || texts.computerWithoutName;

const Row = ({ computer, hasFocus }: { readonly computer: KeptComputer; readonly hasFocus: boolean }) => {
  const { session, computers, settleDeviceName, keepAwake, wallClock } = usePage();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (hasFocus) button.current?.focus();
  }, [hasFocus]);
  const name = nameOf(computer);
  const connect = (): void => {
    keepAwake.start();
    session.connectTo(computer, settleDeviceName());
  };
  return (
    <li class="computer">
      <button class="computer-button" type="button" ref={button} onClick={connect}>
        <Icon of={Monitor} />
        <span class="computer-text">
          <span class="computer-name">{name}</span>
          <span class="computer-note">{texts.myComputers.lastUsed((wallClock() - computer.lastUsedAt) / 1000)}</span>
        </span>
      </button>
      <button
        class="icon-button computer-remove"
        type="button"
        aria-label={texts.myComputers.remove(name)}
        onClick={() => computers.remove(computer.link.sessionID)}
      >
        <Icon of={X} />
      </button>
    </li>
  );
};

/** In the place of a computer that was just removed: nothing else moves. */
const RemovedRow = ({ computer, onUndo }: { readonly computer: KeptComputer; readonly onUndo: () => void }) => {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current?.focus({ preventScroll: true });
  }, []);
  return (
    <li class="computer computer-removed">
      <span class="computer-text" role="status">
        {texts.myComputers.removed(nameOf(computer))}
      </span>
      <button class="button button-quiet" type="button" ref={button} onClick={onUndo}>
        {texts.myComputers.undo}
      </button>
    </li>
  );
};

/** The computers that this phone keeps, and those that the user has just removed. */
export const ComputerList = () => {
  const { computers } = usePage();
  const [restored, setRestored] = useState<KeptComputer | null>(null);
  const removed = computers.removed.value;
  const rows = [...computers.list.value, ...removed].sort((one, other) => other.lastUsedAt - one.lastUsedAt);
  return (
    <ul class="computers">
      {rows.map((computer) => {
        const { sessionID } = computer.link;
        return removed.includes(computer) ? (
          <RemovedRow
            key={`removed-${sessionID}`}
            computer={computer}
            onUndo={() => {
              setRestored(computer);
              computers.restore(computer);
            }}
          />
        ) : (
          <Row key={sessionID} computer={computer} hasFocus={restored?.link.sessionID === sessionID} />
        );
      })}
    </ul>
  );
};
