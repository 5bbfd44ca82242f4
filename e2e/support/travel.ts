import type { Page } from 'playwright-core';

/** A pointer event as the phone's page saw it: CSS pixels, and milliseconds of the page's clock. */
export interface SeenTouch {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly time: number;
}

/** Writes down every touch from now on, with its own timestamp. */
export const recordTouches = async (page: Page): Promise<void> => {
  await page.evaluate(() => {
    const seen: { type: string; x: number; y: number; time: number }[] = [];
    Object.assign(globalThis, { touchesOfTheTest: seen });
    for (const type of ['pointerdown', 'pointermove', 'pointerup']) {
      addEventListener(
        type,
        (event) => {
          const { clientX, clientY, timeStamp } = event as PointerEvent;
          seen.push({ type, x: clientX, y: clientY, time: timeStamp });
        },
        { capture: true, passive: true },
      );
    }
  });
};

export const touchesSeen = (page: Page): Promise<SeenTouch[]> =>
  page.evaluate(() => (globalThis as unknown as { touchesOfTheTest: SeenTouch[] }).touchesOfTheTest);

/** The curve, written down a second time: 0→0, 87→1, 173→1, 553→2 and level from there, in CSS pixels a second. */
const factor = (speed: number): number => {
  if (speed <= 87) return speed / 87;
  if (speed <= 173) return 1;
  if (speed <= 553) return 1 + (speed - 173) / 380;
  return 2;
};

/** Where one finger's touches should take the pointer. */
export const expectedTravel = (touches: readonly SeenTouch[]): { readonly x: number; readonly y: number } => {
  let x = 0;
  let y = 0;
  for (const [index, touch] of touches.entries()) {
    const before = touches[index - 1];
    if (!before || touch.type !== 'pointermove') continue;
    const dx = touch.x - before.x;
    const dy = touch.y - before.y;
    const gain = factor((Math.hypot(dx, dy) * 1000) / Math.max(1, touch.time - before.time));
    x += dx * gain;
    y += dy * gain;
  }
  return { x, y };
};
