/** The largest text that travels, in bytes of UTF-8. */
export const maxClipboardBytes = 1_048_576;

/** What a part's text takes at most as JSON, in bytes: with what is around it a message stays below 16 KiB. */
const maxPartBytes = 16_000;
/** Parts that are on their way at most: a connection's queue stays short, and whatever else waits there comes soon. */
const partsAhead = 4;

/** One part of a text, as it is sent. */
export interface ClipboardPart {
  readonly id: number;
  readonly index: number;
  readonly of: number;
  readonly text: string;
}

export type ClipboardParts =
  | { readonly ok: true; readonly parts: readonly string[] }
  | { readonly ok: false; readonly fault: 'empty' | 'too_large' };

const utf8Bytes = (codePoint: number): number => {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
};

/** ECMA-262, 25.5.2.3 QuoteJSONString. */
const jsonBytes = (codePoint: number): number => {
  if (codePoint === 0x22 || codePoint === 0x5c) return 2;
  if (codePoint >= 0x20) return utf8Bytes(codePoint);
  return codePoint >= 0x08 && codePoint <= 0x0d && codePoint !== 0x0b ? 2 : 6;
};

const bytesOf = (text: string): number => {
  let bytes = 0;
  for (const character of text) bytes += utf8Bytes(character.codePointAt(0) ?? 0);
  return bytes;
};

/** Cuts a text into parts between two characters. NUL, which no clipboard carries, and halves of characters go. */
export const splitClipboardText = (text: string): ClipboardParts => {
  // More UTF-16 units than bytes are allowed: not even read.
  if (text.length > maxClipboardBytes) return { ok: false, fault: 'too_large' };
  const clean = text.replaceAll('\0', '').replace(/\p{Cs}/gu, '\uFFFD');
  const parts: string[] = [];
  let start = 0;
  let end = 0;
  let bytes = 0;
  let partBytes = 0;
  for (const character of clean) {
    const codePoint = character.codePointAt(0) ?? 0;
    const encoded = jsonBytes(codePoint);
    if (partBytes + encoded > maxPartBytes) {
      parts.push(clean.slice(start, end));
      start = end;
      partBytes = 0;
    }
    partBytes += encoded;
    bytes += utf8Bytes(codePoint);
    if (bytes > maxClipboardBytes) return { ok: false, fault: 'too_large' };
    end += character.length;
  }
  if (end === 0) return { ok: false, fault: 'empty' };
  parts.push(clean.slice(start));
  return { ok: true, parts };
};

/** A text on its way out. */
export interface ClipboardSending {
  readonly id: number;
  readonly parts: readonly string[];
  readonly sent: number;
  readonly arrived: number;
}

export const beginSending = (id: number, parts: readonly string[]): ClipboardSending => ({
  id,
  parts,
  sent: 0,
  arrived: 0,
});

/** The other side has so many parts. What it cannot have, it has not. */
export const partsArrived = (sending: ClipboardSending, count: number): ClipboardSending =>
  count > sending.arrived && count <= sending.sent ? { ...sending, arrived: count } : sending;

/** What may be sent now, without waiting for the other side. */
export const nextParts = (
  sending: ClipboardSending,
): { readonly parts: readonly ClipboardPart[]; readonly sending: ClipboardSending } => {
  const { id, parts, arrived } = sending;
  const sent = Math.max(sending.sent, Math.min(parts.length, arrived + partsAhead));
  const next = parts
    .slice(sending.sent, sent)
    .map((text, offset) => ({ id, index: sending.sent + offset, of: parts.length, text }));
  return { parts: next, sending: { ...sending, sent } };
};

/** A text on its way in, as far as it has come. */
export interface ClipboardArriving {
  readonly id: number;
  readonly of: number;
  readonly parts: readonly string[];
  readonly bytes: number;
}

export type ClipboardStep =
  | { readonly kind: 'arriving'; readonly arriving: ClipboardArriving }
  | { readonly kind: 'complete'; readonly text: string }
  | { readonly kind: 'too_large' }
  /** Not the part that was to come: what came before it goes too. */
  | { readonly kind: 'out_of_order' };

/** Takes the next part. The first part of another text takes the place of one that has not come to its end. */
export const takePart = (before: ClipboardArriving | undefined, part: ClipboardPart): ClipboardStep => {
  const { id, index, of, text } = part;
  const arriving = index === 0 ? { id, of, parts: [], bytes: 0 } : before;
  if (arriving?.id !== id || arriving.of !== of || arriving.parts.length !== index || index >= of) {
    return { kind: 'out_of_order' };
  }
  const bytes = arriving.bytes + bytesOf(text);
  if (bytes > maxClipboardBytes) return { kind: 'too_large' };
  const parts = [...arriving.parts, text];
  if (parts.length === of) return { kind: 'complete', text: parts.join('') };
  return { kind: 'arriving', arriving: { ...arriving, parts, bytes } };
};
