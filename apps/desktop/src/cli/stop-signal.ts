/** What ends the process, once. */
export type Quit = () => void;

/**
 * Makes what ends the process with 0 after `stop`, or with 1 and a line that says why when that fails. A `stop` that
 * takes longer than `withinMs` is not waited for: whoever ends a program does not wait for a network.
 */
export const makeQuit = (stop: () => Promise<void>, withinMs: number): Quit => {
  let isStopping = false;
  return () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(0), withinMs);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`proxim: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
};

/** Quits at SIGINT, SIGTERM, or when its terminal is closed; a second signal does not wait. */
export const quitOnSignal = (quit: Quit): void => {
  let isSecond = false;
  const onSignal = (): void => {
    if (isSecond) process.exit(0);
    isSecond = true;
    quit();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  // A terminal that is gone takes no more lines; there is nobody to tell.
  process.stderr.on('error', () => undefined);
};
