import type { SystemAction } from '@proxim/control';
import { CountdownRing, Icon, type IconNode } from '@proxim/ui';
import { Lock, Moon, Power, RotateCw } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import type { ControlSender } from '../control/control-sender.js';
import type { SystemRequest } from '../control/system-requests.js';
import { usePage } from '../page-context.js';
import { toolTexts } from '../texts/en-tools.js';

const says = toolTexts.system;

const icons: Readonly<Record<SystemAction, IconNode>> = {
  lock: Lock,
  sleep: Moon,
  restart: RotateCw,
  shut_down: Power,
};

/** Those that end what is open on the computer. */
const isDangerous = (action: SystemAction): boolean => action === 'restart' || action === 'shut_down';

/** A sheet of its own, over the tools: one question, and nothing else to press. */
const Question = ({
  title,
  text,
  onCancel,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly onCancel: () => void;
  readonly children: ComponentChildren;
}) => {
  const sheet = useRef<HTMLDialogElement>(null);
  const [titleID, textID] = [useId(), useId()];
  useEffect(() => {
    sheet.current?.showModal();
    // The sentence, and not the first button.
    sheet.current?.focus({ preventScroll: true });
  }, []);
  return (
    <dialog
      class="sheet"
      ref={sheet}
      role="alertdialog"
      aria-labelledby={titleID}
      aria-describedby={textID}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      onClick={({ target, currentTarget }) => {
        // A tap beside the sheet.
        if (target === currentTarget) onCancel();
      }}
    >
      <div class="sheet-content system-question">
        <h2 class="title" id={titleID}>
          {title}
        </h2>
        <p class="lead" id={textID}>
          {text}
        </p>
        {children}
      </div>
    </dialog>
  );
};

const Confirm = ({
  action,
  computer,
  onConfirm,
  onCancel,
}: {
  readonly action: SystemAction;
  readonly computer: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}) => {
  const { title, text, confirm } = says.confirm[action];
  return (
    <Question title={title(computer)} text={text} onCancel={onCancel}>
      <div class="sheet-actions">
        <button class="button" type="button" onClick={onCancel}>
          {says.cancel}
        </button>
        <button
          class={isDangerous(action) ? 'button button-danger' : 'button button-primary'}
          type="button"
          onClick={onConfirm}
        >
          {confirm}
        </button>
      </div>
    </Question>
  );
};

/** Somebody at the computer is asked, as long as the ring lasts. */
const Waiting = ({
  computer,
  until,
  seconds,
  onCancel,
}: {
  readonly computer: string;
  readonly until: number;
  readonly seconds: number;
  readonly onCancel: () => void;
}) => {
  const { now } = usePage();
  return (
    <Question title={says.asked.title(computer)} text={says.asked.text} onCancel={onCancel}>
      <CountdownRing until={until} totalSeconds={seconds} now={now} label={says.asked.secondsLeft} size={96} />
      <button class="button button-wide" type="button" onClick={onCancel}>
        {says.cancel}
      </button>
    </Question>
  );
};

/** What came of the last request, above the buttons. */
const noteOf = (request: SystemRequest, computer: string): string | null => {
  switch (request.at) {
    case 'idle':
    case 'asked':
      return null;
    case 'sent':
      return says.sent(computer);
    case 'done':
      return says.done[request.action](computer);
    case 'refused':
      return request.action === 'lock' && request.reason === 'failed'
        ? says.lockFailed(computer)
        : says.refused[request.reason](computer);
    default:
      return request satisfies never;
  }
};

/** Lock, sleep, restart, shut down: what of it the computer has, each asked about once more here. */
export const SystemTool = ({ sender }: { readonly sender: ControlSender }) => {
  const { system } = sender;
  const [chosen, setChosen] = useState<SystemAction | null>(null);
  const title = useId();
  const { name, may, has } = sender.computer.value;
  const computer = name ?? says.computerWithoutName;
  const request = system.request.value;
  const note = may.system ? noteOf(request, computer) : says.notAllowed(computer);

  const choose = (action: SystemAction): void => {
    system.forget();
    setChosen(action);
  };
  const confirm = (action: SystemAction): void => {
    setChosen(null);
    system.ask(action);
  };

  return (
    <section class="tool" aria-labelledby={title}>
      <h3 class="tool-title" id={title}>
        {says.title}
      </h3>
      <div class="system-actions">
        {has.system.map((action) => (
          <button
            key={action}
            class="button system-action"
            type="button"
            disabled={!may.system || request.at === 'sent'}
            onClick={() => choose(action)}
          >
            <Icon of={icons[action]} size={20} />
            {says.names[action]}
          </button>
        ))}
      </div>
      <p class="note system-note" role="status">
        {note}
      </p>
      {chosen !== null && may.system ? (
        <Confirm
          key={chosen}
          action={chosen}
          computer={computer}
          onConfirm={() => confirm(chosen)}
          onCancel={() => setChosen(null)}
        />
      ) : null}
      {request.at === 'asked' ? (
        <Waiting
          key={request.id}
          computer={computer}
          until={request.until}
          seconds={request.seconds}
          onCancel={() => system.cancel()}
        />
      ) : null}
    </section>
  );
};
