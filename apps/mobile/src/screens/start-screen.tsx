import type { LinkFault } from '@proxim/protocol';
import { Icon } from '@proxim/ui';
import { ScanQrCode } from 'lucide';
import { useEffect, useState } from 'preact/hooks';

import { cameraView, fetchCameraView } from '../lazy-parts.js';
import { usePage } from '../page-context.js';
import { readDestination } from '../page-link.js';
import { PhotoButton } from '../scanner/photo-button.js';
import { texts } from '../texts/en.js';
import { ComputerList } from './computer-list.js';
import { Screen } from './screen.js';

export interface StartScreenProps {
  /** Why the link that led here could not be read. */
  readonly fault: LinkFault | null;
  /** Whether the camera is wanted at once. */
  readonly scan: boolean;
}

/** No link yet: a computer that is kept, or scan the code, or type where the computer is. */
export const StartScreen = ({ fault, scan }: StartScreenProps) => {
  const { session, isSecure, computers } = usePage();
  const [isScanning, setScanning] = useState(scan && isSecure);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState(fault === null ? null : texts.linkFaults[fault]);
  const [hint, setHint] = useState<string | null>(null);

  /** Follows what was scanned or typed; gives back what is wrong with it. */
  const follow = (text: string): string | null => {
    const destination = readDestination(text, location.origin);
    switch (destination.kind) {
      case 'link':
        session.open(destination.link);
        return null;
      case 'elsewhere':
        location.assign(destination.url);
        return null;
      case 'here':
        return texts.start.here;
      case 'fault':
        return texts.linkFaults[destination.fault];
      default:
        return destination satisfies never;
    }
  };
  /** A code is not looked at as closely as what was typed: whatever is none of ours is another code. */
  const followCode = (text: string): string | null => {
    const isOther = readDestination(text, location.origin).kind === 'fault' && !text.includes('#v=');
    return isOther ? texts.start.otherCode : follow(text);
  };

  useEffect(() => {
    if (!isScanning || cameraView.peek()) return;
    fetchCameraView().catch(() => {
      setProblem(texts.scanner.failed);
      setScanning(false);
    });
  }, [isScanning]);

  useEffect(() => () => computers.forgetRemoved(), [computers]);

  const CameraView = cameraView.value;
  if (isScanning && CameraView) {
    return (
      <CameraView
        hint={hint}
        onCode={(text) => {
          const wrong = followCode(text);
          setHint(wrong);
          return wrong === null;
        }}
        onCancel={() => setScanning(false)}
        onFault={(cameraFault) => {
          const { denied, noCamera, failed } = texts.scanner;
          setProblem({ denied, no_camera: noCamera, failed }[cameraFault]);
          setScanning(false);
        }}
      />
    );
  }
  const hasComputers = computers.list.value.length > 0 || computers.removed.value.length > 0;
  const { title, text } = hasComputers
    ? texts.myComputers
    : { ...texts.start, text: isSecure ? texts.start.text : texts.start.textOnPlainHttp };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') setProblem(follow(typed));
      }}
    >
      <Screen
        title={title}
        text={text}
        problem={problem}
        isList={hasComputers}
        picture={
          hasComputers ? undefined : (
            <span class="badge">
              <Icon of={ScanQrCode} size={48} />
            </span>
          )
        }
        actions={
          <>
            {isSecure ? (
              <button
                class={hasComputers ? 'button button-wide' : 'button button-primary button-wide'}
                type="button"
                onClick={() => {
                  setProblem(null);
                  setHint(null);
                  setScanning(true);
                }}
              >
                <Icon of={ScanQrCode} />
                {texts.start.scan}
              </button>
            ) : null}
            <PhotoButton
              isPrimary={!isSecure && !hasComputers}
              onCode={(text) => setProblem(followCode(text))}
              onFault={(sentence) => setProblem(sentence)}
            />
          </>
        }
      >
        {hasComputers ? <ComputerList /> : null}
        <label class="field">
          {hasComputers ? texts.myComputers.linkLabel : texts.start.linkLabel}
          <span class="field-row">
            <input
              type="text"
              inputMode="url"
              name="link"
              autoComplete="off"
              autoCapitalize="none"
              autoCorrect="off"
              spellcheck={false}
              enterKeyHint="go"
              placeholder={texts.start.linkPlaceholder}
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
            <button class="button" type="submit">
              {texts.start.open}
            </button>
          </span>
        </label>
      </Screen>
    </form>
  );
};
