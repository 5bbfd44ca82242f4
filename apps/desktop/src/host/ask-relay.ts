import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { pageMarker } from './page-files.js';

/** What a signaling server has said to a plain GET. */
export type RelayAnswer = 'page' | 'no_page' | 'refused' | 'unreachable';

/** @param origin as which page's the request is made; none without one */
export type AskRelay = (url: URL, origin?: string) => Promise<RelayAnswer>;

/** It is asked while somebody waits for the code. */
const answerWithinMs = 3000;
/** Ours sends a dozen lines. */
const maxHeaderBytes = 16_384;

/**
 * Asks over http or https, and reads the head of the answer alone: a redirect is not followed, and of a body nothing is
 * taken. Never rejects.
 */
export const askRelay: AskRelay = (url, origin) =>
  new Promise((resolve) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const asked = request(url, {
      agent: false,
      maxHeaderSize: maxHeaderBytes,
      signal: AbortSignal.timeout(answerWithinMs),
      headers: origin === undefined ? {} : { Origin: origin },
    });
    asked.on('response', (response) => {
      const { statusCode, headers } = response;
      response.on('error', () => undefined);
      asked.destroy();
      if (statusCode === 403) resolve('refused');
      else resolve(statusCode === 200 && headers[pageMarker.name] === pageMarker.value ? 'page' : 'no_page');
    });
    asked.on('error', () => {
      resolve('unreachable');
    });
    asked.end();
  });
