import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ProximError } from '@proxim/protocol';
import { faultOfRequest, guardHeaders, machineHosts } from '@proxim/signaling';

import { isLoopback } from './loopback.js';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';

export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

const plain = 'text/plain; charset=utf-8';

const answer = (response: ServerResponse, status: number, text: string, type = plain): void => {
  response.writeHead(status, {
    ...guardHeaders,
    'Cache-Control': 'no-store',
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
  });
  // Node leaves the body out where HEAD was asked.
  response.end(text);
};

const sentence = (response: ServerResponse, status: number, text: string): void => {
  answer(response, status, `${text}\n`);
};

/**
 * Listens for those who watch over this server: `/metrics`, `/healthz` and `/readyz`. It has a port of its own, so that
 * it need not be where phones connect. On loopback it answers to this machine's names alone (DNS rebinding); elsewhere
 * whoever reaches it may read it, under whatever name.
 *
 * @param at `port` 0 for any free one
 * @throws ProximError `cannot_listen`
 */
export const listenForMetrics = (
  at: { readonly port: number; readonly host: string },
  { metrics, readiness }: { readonly metrics: Metrics; readonly readiness: Readiness },
): Promise<MetricsListener> => {
  const isForeign = (request: IncomingMessage): boolean =>
    isLoopback(at.host) &&
    faultOfRequest(request, false, { localHosts: machineHosts, allowOrigins: [], behindProxy: false }) !== undefined;

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (isForeign(request)) {
      sentence(response, 403, 'This address is not answered here.');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sentence(response, 405, 'Only GET is answered here.');
      return;
    }
    switch ((request.url ?? '').replace(/\?.*$/, '')) {
      case '/metrics':
        metrics.text().then(
          (text) => {
            answer(response, 200, text, metrics.contentType);
          },
          () => {
            sentence(response, 500, 'The figures could not be collected.');
          },
        );
        break;
      case '/healthz':
        sentence(response, 200, 'The process answers.');
        break;
      case '/readyz': {
        const { trouble } = readiness;
        sentence(response, trouble === undefined ? 200 : 503, trouble ?? 'New connections are taken.');
        break;
      }
      default:
        sentence(response, 404, 'Nothing is here.');
    }
  };

  const http = createServer(
    { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 16_384 },
    onRequest,
  );
  // A few scrapers and a load balancer; a node that runs out of sockets should not do so here.
  http.maxConnections = 64;
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const why = error.code === 'EADDRINUSE' ? `port ${String(at.port)} is taken` : error.message;
      reject(new ProximError('cannot_listen', `--metrics-port: ${why}.`, { cause: error }));
    };
    http.once('error', onError);
    http.listen(at, () => {
      http.off('error', onError);
      resolve({
        port: (http.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            http.close(() => {
              closed();
            });
            http.closeAllConnections();
          }),
      });
    });
  });
};
