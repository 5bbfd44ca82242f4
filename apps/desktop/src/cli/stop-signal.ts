/** Ends the process with 0 after `stop`, at SIGINT, SIGTERM, or when its terminal is closed; a second signal does not wait. */
export const onStopSignal = (stop: () => Promise<void>): void => {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(0);
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`proxim: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  // A terminal that is gone takes no more lines; there is nobody to tell.
  process.stderr.on('error', () => undefined);
};
