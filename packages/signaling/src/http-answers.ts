import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Answers an HTTP request that is no upgrade, once `Host` and `Origin` have passed. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Why a request or an upgrade is not answered as it would like to be. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

const answer = (response: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders = {}): void => {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
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
