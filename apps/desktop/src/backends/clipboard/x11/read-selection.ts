import type { XProperty } from 'x11';

import type { ClipboardContent } from '../clipboard-backend.js';
import { fixedAtoms, type SelectionClient, type WindowEvents } from './selection-client.js';

/** So long may the program that has the text be silent. */
const answerMs = 2000;
/** A list of formats is short. */
const maxListBytes = 16_384;

type Converted =
  { readonly kind: 'none' } | { readonly kind: 'data'; readonly data: Buffer } | { readonly kind: 'too_large' };

/** ICCCM, section 2.7.2: in pieces, each written after the one before has been taken away; the last one is empty. */
/** Programs send pieces of many kilobytes; who sends bytes one by one would keep the reader busy for days. */
const maxPieces = 1024;

const readPieces = async (
  screen: SelectionClient,
  { window, next }: WindowEvents,
  maxBytes: number,
): Promise<Converted> => {
  const { atoms } = screen;
  const nextPiece = () => {
    const written = next(
      (event) =>
        event.name === 'PropertyNotify' && event.wid === window && event.atom === atoms.property && event.state === 0,
      answerMs,
    );
    // It is listened for before it is waited for: when reading fails in between, nobody waits any more.
    written.catch(() => undefined);
    return written;
  };
  const pieces: Buffer[] = [];
  let bytes = 0;
  let written = nextPiece();
  // Reading the announcement takes it away, which asks for the first piece.
  await screen.getProperty(window, atoms.property, 4);
  for (;;) {
    await written;
    written = nextPiece();
    const { data, bytesAfter } = await screen.getProperty(window, atoms.property, maxBytes + 4);
    if (data.length === 0) return { kind: 'data', data: Buffer.concat(pieces) };
    bytes += data.length;
    if (bytesAfter > 0 || bytes > maxBytes || pieces.length >= maxPieces) return { kind: 'too_large' };
    pieces.push(data);
  }
};

/** Asks the selection's owner for it in one format. */
const convert = async (
  screen: SelectionClient,
  events: WindowEvents,
  target: number,
  maxBytes: number,
): Promise<Converted> => {
  const { client, atoms } = screen;
  const { window, next } = events;
  const answered = next(
    (event) => event.name === 'SelectionNotify' && event.requestor === window && event.target === target,
    answerMs,
  );
  client.ConvertSelection(window, atoms.clipboard, target, atoms.property, 0);
  const { property } = await answered;
  if (property === undefined || property === 0) return { kind: 'none' };
  const size = await screen.ask<XProperty>((reply) => {
    client.GetProperty(0, window, atoms.property, fixedAtoms.any, 0, 0, reply);
  });
  if (size.type === atoms.incremental) return readPieces(screen, events, maxBytes);
  if (size.bytesAfter > maxBytes) return { kind: 'too_large' };
  const { data } = await screen.getProperty(window, atoms.property, maxBytes + 4);
  return { kind: 'data', data };
};

const atomsIn = (data: Buffer): ReadonlySet<number> => {
  const atoms = new Set<number>();
  for (let offset = 0; offset + 4 <= data.length; offset += 4) atoms.add(data.readUInt32LE(offset));
  return atoms;
};

const readFrom = async (screen: SelectionClient, events: WindowEvents, maxBytes: number): Promise<ClipboardContent> => {
  const { atoms } = screen;
  const listed = await convert(screen, events, atoms.targets, maxListBytes);
  const targets = listed.kind === 'data' ? atomsIn(listed.data) : undefined;
  if (targets?.has(atoms.passwordHint) === true) {
    const hint = await convert(screen, events, atoms.passwordHint, 64);
    if (hint.kind !== 'data' || hint.data.toString('latin1') === 'secret') return { kind: 'secret' };
  }
  const known = [atoms.utf8, atoms.utf8Mime, fixedAtoms.string, atoms.plainMime];
  // A program of old may not list what it has.
  const target = targets ? known.find((one) => targets.has(one)) : atoms.utf8;
  if (target === undefined) return { kind: 'not_text' };
  const converted = await convert(screen, events, target, maxBytes);
  switch (converted.kind) {
    case 'none':
      return { kind: 'not_text' };
    case 'too_large':
      return converted;
    case 'data': {
      const text = converted.data.toString(target === fixedAtoms.string ? 'latin1' : 'utf8');
      return text === '' ? { kind: 'empty' } : { kind: 'text', text };
    }
    default:
      return converted satisfies never;
  }
};

/** Reads the clipboard from the program that has it. Rejects when that does not answer. */
export const readSelection = async (screen: SelectionClient, maxBytes: number): Promise<ClipboardContent> => {
  // A window for this reading alone: with it goes whatever is still on its way to it.
  const events = screen.makeWindow();
  try {
    const content = await readFrom(screen, events, maxBytes);
    events.destroy();
    return content;
  } catch (error) {
    events.abandon();
    throw error;
  }
};
