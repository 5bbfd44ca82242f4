import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface ScreenProps {
  /** What is. */
  readonly title: string;
  /** What to do. */
  readonly text: string;
  /** What went wrong, in the text's place: nothing moves when it comes. */
  readonly problem?: string | null;
  readonly large?: boolean;
  /** Whether a list follows: then the screen begins at its upper end. */
  readonly isList?: boolean;
  /** Above the title. */
  readonly picture?: ComponentChildren;
  /** Under the text. */
  readonly children?: ComponentChildren;
  /** At the lower end, where the thumb is. */
  readonly actions?: ComponentChildren;
}

/** The frame of every screen but the pad's. */
export const Screen = ({
  title,
  text,
  problem = null,
  large = false,
  isList = false,
  picture,
  children,
  actions,
}: ScreenProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  // A screen reader goes on where the new screen begins.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main class={isList ? 'screen screen-list' : 'screen'}>
      <div class="screen-body">
        {picture === undefined ? null : <div class="screen-picture">{picture}</div>}
        <h1 class={large ? 'title title-large' : 'title'} tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {problem === null ? (
          <p class="lead">{text}</p>
        ) : (
          <p class="lead lead-problem" role="alert">
            {problem}
          </p>
        )}
        {children}
      </div>
      <div class="screen-actions">{actions}</div>
    </main>
  );
};
