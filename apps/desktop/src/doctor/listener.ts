import { defaultPort, portsToTry } from '../host/default-port.js';
import type { Machine, WebAnswer } from './machine.js';

/** Who serves the phone's page on the port that is looked at. */
export interface Serving {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** What the doctor's own server adds to its answers; undefined for a Proxim that was running before. */
  readonly mark: string | undefined;
}

/** What became of the attempt to listen as Proxim would. */
export type PortState =
  /** The port was free, and the doctor listens on it for as long as it runs. */
  | { readonly kind: 'free'; readonly port: number; readonly serving: Serving }
  /** A Proxim that runs already has it. */
  | { readonly kind: 'proxim'; readonly port: number; readonly serving: Serving }
  /** Another program has it. The doctor listens on the next free one, where Proxim would go there too. */
  | { readonly kind: 'taken'; readonly port: number; readonly serving: Serving | undefined }
  /** This user may not listen there. */
  | { readonly kind: 'forbidden'; readonly port: number }
  /** The system refuses, as it does for an address of another machine. */
  | { readonly kind: 'impossible'; readonly port: number };

/** Why a server did not come to listen. */
export type ListenFault = 'taken' | 'forbidden' | 'impossible';

/** Opens the signaling server with the phone's page. */
export type OpenServer = (at: {
  readonly port: number;
  readonly host: string | undefined;
}) => Promise<(Serving & { readonly mark: string }) | ListenFault>;

/** Both of Proxim's commands say who they are to whoever asks for `/`. */
const isProxim = (answer: WebAnswer | undefined): boolean =>
  answer?.status === 200 &&
  (answer.body.includes('<title>Proxim</title>') || answer.body.startsWith('Proxim signaling server.'));

const findProxim = async (
  ask: Machine['ask'],
  hosts: readonly string[],
  port: number,
): Promise<Serving | undefined> => {
  const asked = hosts.flatMap((host) =>
    (['http', 'https'] as const).map(async (scheme): Promise<Serving | undefined> => {
      const answer = await ask(`${scheme}://${host}:${String(port)}/`);
      return isProxim(answer) ? { scheme, port, mark: undefined } : undefined;
    }),
  );
  return (await Promise.all(asked)).find((serving) => serving !== undefined);
};

/** The next port that Proxim would take. */
const listenFurther = async (open: OpenServer, host: string | undefined): Promise<Serving | undefined> => {
  for (let port = defaultPort; port < defaultPort + portsToTry; port += 1) {
    const opened = await open({ port, host });
    if (typeof opened !== 'string') return opened;
  }
  return undefined;
};

/**
 * Listens as Proxim would with these flags.
 *
 * @param options `port` as the flag has it, undefined for the default and what follows it; `known`: the port of earlier
 * runs, to which remembered phones come back; `hosts` are URL hosts by which
 * a Proxim that runs already could be found
 */
export const tryPort = async (options: {
  readonly open: OpenServer;
  readonly ask: Machine['ask'];
  readonly port: number | undefined;
  readonly known?: number | null;
  readonly host: string | undefined;
  readonly hosts: readonly string[];
}): Promise<PortState> => {
  const { open, ask, host, hosts } = options;
  const port = options.port ?? options.known ?? defaultPort;
  const opened = await open({ port, host });
  if (typeof opened !== 'string') return { kind: 'free', port: opened.port, serving: opened };
  switch (opened) {
    case 'taken': {
      const serving = await findProxim(ask, hosts, port);
      if (serving) return { kind: 'proxim', port, serving };
      return { kind: 'taken', port, serving: options.port === undefined ? await listenFurther(open, host) : undefined };
    }
    case 'forbidden':
    case 'impossible':
      return { kind: opened, port };
    default:
      return opened satisfies never;
  }
};
