/**
 * Keeps an element exactly where the page is seen: the phone's keyboard covers a part of the page on iOS, where the
 * layout does not shrink with it.
 *
 * @returns how to stop
 */
export const followVisibleViewport = (element: HTMLElement): (() => void) => {
  const viewport = window.visualViewport;
  if (!viewport) return () => undefined;
  const listening = new AbortController();
  const { signal } = listening;
  const follow = (): void => {
    element.style.setProperty('--visible-height', `${viewport.height}px`);
    element.style.setProperty('--visible-top', `${viewport.offsetTop}px`);
  };
  follow();
  viewport.addEventListener('resize', follow, { signal });
  viewport.addEventListener('scroll', follow, { signal });
  return () => {
    listening.abort();
  };
};
