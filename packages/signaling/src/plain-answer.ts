import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type Headers = Readonly<Record<string, string>>;

/**
 * Headers of every answer, refusals included: a page of another origin that makes its browser ask here gets nothing that
 * it could read, run or show, and nobody learns from where somebody came.
 */
export const guardHeaders: Headers = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

/** Headers that a request may have in all. A browser sends the cookies of every port of a host, and those may be many. */
export const maxHeaderBytes = 65_536;

/**
 * How every listener reads. Node goes on reading from a paused socket until as many bytes wait as the high-water mark
 * says, each read at its cost; a mark of one byte makes a pause one. Nothing else is slower for it: what is read is
 * handed on at once, and what is written is handed to the system.
 */
export const reading = { maxHeaderSize: maxHeaderBytes, highWaterMark: 1 };

const write = (stream: Duplex, status: number, text: string, more: Headers = {}): void => {
  stream.on('error', () => undefined);
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

/** Answers a request that has got no response of Node's, in one plain line, and hangs up. */
export const answerRaw = (stream: Duplex, status: number, text: string, more?: Headers): void => {
  // A client that never says goodbye would hold the socket, and with it the end of the server.
  stream.once('finish', () => stream.destroy());
  write(stream, status, text, more);
};

/** Answers a handshake that is none (RFC 6455, section 4.2.2): `ws` says why. */
export const answerNoHandshake = ({ message }: Error, stream: Duplex): void => {
  answerRaw(stream, 400, `${message}.`, { 'Sec-WebSocket-Version': '13' });
};

const isTooLate = (error: NodeJS.ErrnoException): boolean => error.code === 'ERR_HTTP_REQUEST_TIMEOUT';

/** How long somebody who was answered may go on without a word. */
const farewellMs = 1000;
const answered = new WeakSet<Duplex>();

/**
 * Answers what is no request: Node's `clientError`. What is still on its way is read to its end and dropped: whoever is
 * hung up on while sending does not get to see the answer.
 */
export const answerClientError = (error: NodeJS.ErrnoException, stream: Duplex): void => {
  if (answered.has(stream)) {
    if (isTooLate(error)) stream.destroy();
    return;
  }
  answered.add(stream);
  if (error.code === 'ECONNRESET' || !stream.writable) {
    stream.destroy();
    return;
  }
  stream.once('end', () => stream.destroy());
  if (stream instanceof Socket) stream.setTimeout(farewellMs, () => stream.destroy());
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    write(stream, 431, 'Your browser sends more cookies to this address than fit. Delete them, and try again.');
  } else if (isTooLate(error)) write(stream, 408, 'That took too long.');
  else write(stream, 400, 'That is no request.');
};
