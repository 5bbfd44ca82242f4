import type { Check } from '../check.js';
import { failure, ok, warning } from '../finding.js';
import type { PortState } from '../listener.js';

/** What names the program that has a port. */
const whoHas = (platform: NodeJS.Platform, port: number): string => {
  switch (platform) {
    case 'win32':
      return `netstat -ano -p TCP | findstr :${String(port)}`;
    case 'darwin':
      return `sudo lsof -nP -iTCP:${String(port)} -sTCP:LISTEN`;
    default:
      return `sudo ss -ltnp sport = :${String(port)}`;
  }
};

/** Whether Proxim gets its port. */
export const portCheck = (options: {
  readonly state: () => Promise<PortState>;
  readonly platform: NodeJS.Platform;
  readonly host: string | undefined;
}): Check => ({
  name: 'port',
  // A program that has the port and says nothing is waited for.
  limitMs: 8000,
  run: async () => {
    const state = await options.state();
    const port = String(state.port);
    switch (state.kind) {
      case 'free':
        return ok(`Port ${port} is free.`);
      case 'proxim':
        return ok(`Port ${port} is taken by Proxim itself, which is running.`);
      case 'taken': {
        const look = `To see which program it is: \`${whoHas(options.platform, state.port)}\``;
        if (state.serving) {
          return warning(`Port ${port} is taken by another program; Proxim uses ${String(state.serving.port)}.`, look);
        }
        return failure(
          `Port ${port} is taken by another program.`,
          `End that program, or choose another port with --port. ${look}`,
        );
      }
      case 'forbidden':
        return failure(`This user may not listen on port ${port}.`, 'Choose one above 1023 with --port.');
      case 'impossible':
        return options.host === undefined
          ? failure(`The system does not let Proxim listen on port ${port}.`, 'Choose another port with --port.')
          : failure(
              `Proxim cannot listen at ${options.host}.`,
              'Leave --host out, or give it one of this computer’s own addresses.',
            );
      default:
        return state satisfies never;
    }
  },
});
