import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Headers of every answer, refusals included: a page of another origin that makes its browser ask here gets nothing that
 * it could read, run or show, and nobody learns from where somebody came.
 */
export const guardHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

/** Headers that a request may have in all. A browser sends the cookies of every port of a host, and those may be many. */
export const maxHeaderBytes = 65_536;

/** Answers a request that has got no response of Node's, in one plain line, and hangs up. */
export const answerRaw = (
  stream: Duplex,
  status: number,
  text: string,
  more: Readonly<Record<string, string>> = {},
): void => {
  stream.on('error', () => undefined);
  // A client that never says goodbye would hold the socket, and with it the end of the server.
  stream.once('finish', () => stream.destroy());
  const body = `${text}\n`;
  const headers = {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...guardHeaders,
    ...more,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
};

/** Answers a handshake that is none (RFC 6455, section 4.2.2): `ws` says why. */
export const answerNoHandshake = ({ message }: Error, stream: Duplex): void => {
  answerRaw(stream, 400, `${message}.`, { 'Sec-WebSocket-Version': '13' });
};

/** Answers what is no request: Node's `clientError`. */
export const answerClientError = (error: NodeJS.ErrnoException, stream: Duplex): void => {
  if (error.code === 'ECONNRESET' || !stream.writable) stream.destroy();
  else if (error.code === 'HPE_HEADER_OVERFLOW') {
    answerRaw(stream, 431, 'Your browser sends more cookies to this address than fit. Delete them, and try again.');
  } else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') answerRaw(stream, 408, 'That took too long.');
  else answerRaw(stream, 400, 'That is no request.');
};
