import type { DirectChannel } from '@proxim/peer';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';

import type { ControlSender } from '../control/control-sender.js';
import { usePage } from '../page-context.js';
import { toolTexts } from '../texts/en-tools.js';
import { ClipboardClient } from './clipboard-client.js';
import { copyToPhone } from './copy-to-phone.js';

const texts = toolTexts.clipboard;

const underWay = (progress: number | null, plain: string, part: (percent: number) => string): string =>
  progress === null ? plain : part(Math.round(progress * 100));

/** A sentence of what happens or has happened; its place stays, so that nothing below it moves. */
const Status = ({ text, isFault = false }: { readonly text: string; readonly isFault?: boolean }) => (
  <p class={isFault ? 'tool-status tool-fault' : 'tool-status'} role="status">
    {text}
  </p>
);

/** A text for the computer: to its clipboard, or where its cursor is. */
const PutText = ({
  client,
  sender,
  isAllowed,
}: {
  readonly client: ClipboardClient;
  readonly sender: ControlSender;
  readonly isAllowed: boolean;
}) => {
  const [text, setText] = useState('');
  const [isPasting, setPasting] = useState(false);
  const state = client.put.value;
  const { may, problem } = sender.computer.value;
  const isOff = !isAllowed || client.isBusy || text === '';
  const put = (thenPaste: boolean): void => {
    setPasting(thenPaste);
    client.putText(text, () => {
      if (thenPaste) sender.paste();
    });
  };
  const said = (): string => {
    if (!isAllowed) return '';
    switch (state.at) {
      case 'rest':
        return '';
      case 'under_way':
        return underWay(state.progress, texts.sending, texts.sendingPart);
      case 'done':
        return isPasting ? texts.pasted : texts.written;
      case 'failed':
        return texts.fault(state.reason);
      default:
        return state satisfies never;
    }
  };
  return (
    <>
      <label class="field">
        {texts.field}
        <textarea
          class="tool-text"
          rows={3}
          value={text}
          disabled={!isAllowed}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            client.forgetPut();
          }}
        />
      </label>
      <button class="button button-primary button-wide" type="button" disabled={isOff} onClick={() => put(false)}>
        {texts.put}
      </button>
      {may.type && problem === null ? (
        <button class="button button-wide" type="button" disabled={isOff} onClick={() => put(true)}>
          {texts.paste}
        </button>
      ) : null}
      <Status text={said()} isFault={state.at === 'failed'} />
    </>
  );
};

/** A browser is busy for seconds with a field that holds a whole mebibyte. In UTF-16 units. */
const mostShown = 4000;

const excerptOf = (text: string): string => {
  if (text.length <= mostShown) return text;
  // Not half a character at its end.
  return `${text.slice(0, mostShown).replace(/[\uD800-\uDBFF]$/, '')}…`;
};

/** The text from the computer, to be read, selected, and copied. */
const GotText = ({ text }: { readonly text: string }) => {
  const { isSecure } = usePage();
  const field = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setCopied] = useState<boolean | null>(null);
  useEffect(() => {
    setCopied(null);
  }, [text]);
  const copy = async (): Promise<void> => {
    if (field.current) setCopied(await copyToPhone(text, field.current, isSecure));
  };
  return (
    <>
      <label class="field">
        {texts.got}
        <textarea class="tool-text" ref={field} rows={4} readOnly value={excerptOf(text)} />
      </label>
      {text.length > mostShown ? <p class="note">{texts.excerpt(text.length)}</p> : null}
      <button class="button button-wide" type="button" onClick={() => void copy()}>
        {texts.copy}
      </button>
      <Status text={isCopied === null ? '' : isCopied ? texts.copied : texts.copyByHand} isFault={isCopied === false} />
    </>
  );
};

/** The computer's clipboard: puts a text there, and fetches what is there when the user says so. */
export const ClipboardSection = ({
  sender,
  channel,
}: {
  readonly sender: ControlSender;
  /** Undefined while the connection is lost. */
  readonly channel: DirectChannel | undefined;
}) => {
  const { clock } = usePage();
  const title = useId();
  const client = useMemo(() => new ClipboardClient(clock), [clock]);
  useEffect(() => {
    client.use(channel);
  }, [client, channel]);
  useEffect(
    () => () => {
      client.stop();
    },
    [client],
  );
  const { may, problem } = sender.computer.value;
  const got = client.got.value;
  const saidOfGot = (): string => {
    if (!may.clipboard || got.at === 'rest' || got.at === 'done') return '';
    return got.at === 'failed' ? texts.fault(got.reason) : underWay(got.progress, texts.getting, texts.gettingPart);
  };
  return (
    <section class="tool" aria-labelledby={title}>
      <h3 class="tool-title" id={title}>
        {texts.title}
      </h3>
      {may.clipboard ? null : (
        <p class="quiet" role="status">
          {problem === 'paused' ? texts.paused : texts.notAllowed}
        </p>
      )}
      <PutText client={client} sender={sender} isAllowed={may.clipboard} />
      <button
        class="button button-wide"
        type="button"
        disabled={!may.clipboard || client.isBusy}
        onClick={() => {
          client.forgetPut();
          client.fetchText();
        }}
      >
        {texts.get}
      </button>
      {got.at === 'done' ? <GotText text={got.text} /> : <Status text={saidOfGot()} isFault={got.at === 'failed'} />}
    </section>
  );
};
