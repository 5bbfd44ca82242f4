import { isUtf8 } from 'node:buffer';

/** A text frame that is whole: the last of its message and the first. */
const wholeText = 0x81;
const masked = 0x80;
/** Says that the length stands in the two bytes behind. */
const longLength = 126;
/** Bytes of the mask, which is the end of the head. */
const maskBytes = 4;

/** How many bytes the head has of a frame that fills these bytes to the end; undefined for any that is not plain. */
const headBytes = (bytes: Buffer): number | undefined => {
  if (bytes[0] !== wholeText) return undefined;
  const told = (bytes[1] ?? 0) - masked;
  if (told >= 0 && told < longLength) return bytes.length === 2 + maskBytes + told ? 2 + maskBytes : undefined;
  if (told !== longLength || bytes.length < 4 + maskBytes) return undefined;
  return bytes.length === 4 + maskBytes + bytes.readUInt16BE(2) ? 4 + maskBytes : undefined;
};

/** Takes the mask off the frame's body, or puts it on again. In place, four bytes at a time where they lie so. */
const changeMask = (bytes: Buffer, start: number): void => {
  const from = start - maskBytes;
  let done = 0;
  if ((bytes.byteOffset + from) % 4 === 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + from, (bytes.length - from) >> 2);
    const mask = words[0] ?? 0;
    for (let at = 1; at < words.length; at += 1) words[at] = (words[at] ?? 0) ^ mask;
    done = words.length * 4 - maskBytes;
  }
  for (let at = start + done; at < bytes.length; at += 1) {
    bytes[at] = (bytes[at] ?? 0) ^ (bytes[from + ((at - start) % maskBytes)] ?? 0);
  }
};

/**
 * Reads what nearly all that comes from a socket is: one whole text frame of a client (RFC 6455, section 5.2), not
 * compressed, of at most `maxBytes` and less than 64 KiB, in well-formed UTF-8. Its bytes are changed in place.
 *
 * @returns the frame's body; undefined for anything else, which is left as it was
 */
export const readPlainFrame = (bytes: Buffer, maxBytes: number): Buffer | undefined => {
  const start = headBytes(bytes);
  if (start === undefined || bytes.length - start > maxBytes) return undefined;
  changeMask(bytes, start);
  const body = bytes.subarray(start);
  if (isUtf8(body)) return body;
  changeMask(bytes, start);
  return undefined;
};
