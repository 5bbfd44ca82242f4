import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers an HTTP request that is no upgrade, once `Host` and `Origin` have passed. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Why a request or an upgrade is not answered as it would like to be. */
export interface Refusal {
  readonly status: keyof typeof reasons;
  readonly text: string;
}

const reasons = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
} as const;

export const refuseUpgrade = (stream: Duplex, { status, text }: Refusal): void => {
  // A client that never says goodbye would hold the socket, and with it the end of the server.
  stream.once('finish', () => stream.destroy());
  const body = `${text}\n`;
  stream.end(
    `HTTP/1.1 ${String(status)} ${reasons[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
  );
};

const answer = (response: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders = {}): void => {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(`${text}\n`);
};

/** Whoever is refused has to connect anew for the next request, which costs him more than the answer costs us. */
export const refuseRequest = (response: ServerResponse, { status, text }: Refusal): void => {
  answer(response, status, text, { Connection: 'close' });
};

/** What a server without pages has to say. */
export const answerPlainly: RequestHandler = (request, response) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'Only GET is answered here.');
  else if (request.url === '/') answer(response, 200, 'Proxim signaling server.');
  else answer(response, 404, 'Nothing is here.');
};
