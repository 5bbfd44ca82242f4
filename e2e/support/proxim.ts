import { type Command, event, type Line, runProxim } from '../../apps/desktop/test/support/command.js';

/** A running `proxim --json`. */
export interface Proxim {
  /** The next event of this kind that nobody has taken yet; rejects when the program ends before. */
  next(name: string, fields?: Line): Promise<Line>;
  send(command: object): void;
  /** What it has said that nobody has taken. */
  seen(): readonly Line[];
  /** Ends it by a signal and resolves with its exit status. */
  stop(): Promise<number | null>;
}

/** A command line that runs inside a network namespace, when there is one. */
export const inNamespace = (namespace: string | undefined, command: readonly string[]): readonly string[] =>
  namespace === undefined ? command : ['ip', 'netns', 'exec', namespace, ...command];

/** Starts `proxim --json` on a screen, with more flags. */
export const startProxim = (options: {
  readonly args: readonly string[];
  readonly display: string;
  readonly namespace?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
}): Proxim => {
  const command: Command = runProxim(['--json', '--no-open', '--port', '0', ...options.args], {
    env: { DISPLAY: options.display, ...options.env },
    under: inNamespace(options.namespace, []),
  });
  return {
    next: (name, fields) => command.next(event(name, fields)),
    seen: () => command.seen(),
    send: (line) => {
      command.send(line);
    },
    stop: () => command.stop(),
  };
};
