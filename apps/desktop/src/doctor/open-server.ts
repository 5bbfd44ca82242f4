import { isProximError } from '@proxim/protocol';
import { createSignalingServer, machineHosts, type SignalingServer } from '@proxim/signaling';

import type { ServePage } from '../host/page-files.js';
import type { TlsPair } from '../tls/tls-files.js';
import type { ListenFault, OpenServer } from './listener.js';
import { markHeader } from './node-machine.js';

const faultOf = (error: unknown): ListenFault => {
  const code = isProximError(error) ? error.code : undefined;
  if (code === 'port_in_use') return 'taken';
  return code === 'port_forbidden' ? 'forbidden' : 'impossible';
};

/**
 * Opens real signaling servers, which take no sessions, and marks their answers.
 *
 * @param options `mark` is of this run alone; `page` undefined where it is not built; `names` are further hosts by which
 * the user calls this machine, in lower case; `tls` where the page is to have a certificate
 */
export const serverOpener = (options: {
  readonly mark: string;
  readonly page: ServePage | undefined;
  readonly names: readonly string[];
  readonly tls: Pick<TlsPair, 'cert' | 'key'> | undefined;
}): { readonly open: OpenServer; readonly close: () => Promise<void> } => {
  const { mark, page, names, tls } = options;
  const servers: SignalingServer[] = [];
  return {
    open: async ({ port, host }) => {
      const server = createSignalingServer({
        authorizeDesktop: () => false,
        ...(tls ? { tls: { cert: tls.cert, key: tls.key } } : {}),
        localHosts: () => new Set([...machineHosts(), ...names]),
        handleRequest: (request, response) => {
          response.setHeader(markHeader, mark);
          if (page) page(request, response);
          else response.end('Proxim signaling server.\n');
        },
      });
      try {
        const opened = await server.listen({ port, ...(host === undefined ? {} : { host }) });
        servers.push(server);
        return { port: opened.port, mark, scheme: tls ? 'https' : 'http' };
      } catch (error) {
        return faultOf(error);
      }
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close({ drainMs: 0 })));
    },
  };
};
