import type { IncomingMessage, ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { ProximError } from '@proxim/protocol';
import { guardHeaders } from '@proxim/signaling';
import sirv from 'sirv';

/** Answers requests for a built page's files. */
export type ServePage = (request: IncomingMessage, response: ServerResponse) => void;

const plainHeaders: Readonly<Record<string, string>> = {
  ...guardHeaders,
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** A header by which a desktop knows that a server serves the phone's page; lower case, as Node reads it. */
export const pageMarker = { name: 'proxim-page', value: '1' } as const;

/** No inline code, no eval, no other host: what the page may load is what stands here. */
const contentSecurityPolicy = (additions: Readonly<Record<string, string>>): string =>
  Object.entries({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data: blob:",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    ...additions,
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');

const serveFolder = (
  folder: string,
  policyFor: (host: string) => string,
  moreHeaders: Readonly<Record<string, string>> = {},
): ServePage => {
  const directory = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  if (!existsSync(`${directory}/index.html`)) {
    throw new ProximError('not_built', 'The pages are not built: run `npm run build`.');
  }
  const files = sirv(directory, { etag: true });
  return (request, response) => {
    for (const [name, value] of Object.entries({ ...plainHeaders, ...moreHeaders })) response.setHeader(name, value);
    // The host has been checked to be one of ours before the request comes here.
    response.setHeader('Content-Security-Policy', policyFor(request.headers.host ?? ''));
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Only GET is answered here.\n');
      return;
    }
    files(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Nothing is here.\n');
    });
  };
};

/**
 * The phone's page.
 *
 * @param signalingOrigin `wss://relay.example`, when signaling is elsewhere than the page
 */
export const servePhonePage = (signalingOrigin?: string): ServePage =>
  serveFolder(
    'mobile',
    (host) =>
      contentSecurityPolicy({
        // Older Safari does not count a WebSocket to the own host as 'self'.
        'connect-src': [
          `'self' ws://${host} wss://${host}`,
          ...(signalingOrigin === undefined ? [] : [signalingOrigin]),
        ].join(' '),
        'script-src': "'self' 'wasm-unsafe-eval'",
        'media-src': 'data: blob:',
        'worker-src': "'self'",
      }),
    { [pageMarker.name]: pageMarker.value },
  );

/** The desktop window's page. */
export const serveWindowPage = (): ServePage =>
  serveFolder('window', (host) => contentSecurityPolicy({ 'connect-src': `'self' ws://${host}` }));
