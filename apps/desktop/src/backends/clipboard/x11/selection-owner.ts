import x11, { type XEvent } from 'x11';

import { fixedAtoms, type SelectionClient, type WindowEvents } from './selection-client.js';

/** Below the 256 KiB that a request can be; more goes in pieces. */
const pieceBytes = 65_536;
/** Programs that fetch a long text at the same time. */
const maxFetching = 16;
/** So long may one of them wait for its next piece; and whatever keeps texts, for this one at the end. */
const idleMs = 5000;
const handOverMs = 1000;

interface Fetching {
  readonly requestor: number;
  readonly property: number;
  readonly type: number;
  readonly data: Buffer;
  offset: number;
  timer: NodeJS.Timeout | undefined;
}

/** Has the clipboard, and gives the text to whoever asks (ICCCM, section 2.2), until another program takes it. */
export class SelectionOwner {
  readonly #screen: SelectionClient;
  readonly #events: WindowEvents;
  readonly #fetching: Fetching[] = [];
  #text: string | undefined;
  #since = 0;

  constructor(screen: SelectionClient) {
    this.#screen = screen;
    this.#events = screen.makeWindow();
    screen.onEvent((event) => {
      this.#onEvent(event);
    });
  }

  /** Whose the clipboard is: the text, while it is this one's. */
  async look(): Promise<{ readonly owner: 'nobody' | 'other' } | { readonly owner: 'self'; readonly text: string }> {
    const owner = await this.#owner(this.#screen.atoms.clipboard);
    if (owner === 0) return { owner: 'nobody' };
    // That another one has taken it is told before the answer comes.
    return this.#text === undefined ? { owner: 'other' } : { owner: 'self', text: this.#text };
  }

  /** Takes the clipboard for a text. Rejects when the server gives it to somebody else. */
  async take(text: string): Promise<void> {
    const { client, atoms } = this.#screen;
    const { window, next } = this.#events;
    // ICCCM, section 2.1: with a time of the server's, which an empty addition to a property tells.
    const told = next(({ name, wid }) => name === 'PropertyNotify' && wid === window, handOverMs);
    client.ChangeProperty(2, window, atoms.property, fixedAtoms.string, 8, Buffer.alloc(0));
    this.#since = (await told).time ?? 0;
    // From here on, should another one take it at once.
    this.#text = text;
    client.SetSelectionOwner(window, atoms.clipboard, this.#since);
    if ((await this.#owner(atoms.clipboard)) === window) return;
    this.#text = undefined;
    throw new Error('another program has taken the clipboard');
  }

  /** Gives the text to what keeps texts for programs that end, where there is such a thing. */
  async handOver(): Promise<void> {
    const { client, atoms } = this.#screen;
    const { window, next } = this.#events;
    if (this.#text === undefined || (await this.#owner(atoms.manager)) === 0) return;
    const saved = next(({ name, requestor }) => name === 'SelectionNotify' && requestor === window, handOverMs);
    client.ConvertSelection(window, atoms.manager, atoms.saveTargets, atoms.property, this.#since);
    await saved;
  }

  /** Gives the clipboard up, so that nobody asks one that is leaving. */
  async giveUp(): Promise<void> {
    const { client, atoms } = this.#screen;
    if (this.#text === undefined) return;
    client.SetSelectionOwner(0, atoms.clipboard, this.#since);
    await this.#owner(atoms.clipboard);
  }

  stop(): void {
    this.#text = undefined;
    for (const { timer } of this.#fetching.splice(0)) clearTimeout(timer);
  }

  #owner(selection: number): Promise<number> {
    const { client, ask } = this.#screen;
    return ask<number>((reply) => {
      client.GetSelectionOwner(selection, reply);
    });
  }

  #onEvent(event: XEvent): void {
    const { window } = this.#events;
    switch (event.name) {
      case 'SelectionClear':
        if (event.selection === this.#screen.atoms.clipboard) this.#text = undefined;
        break;
      case 'SelectionRequest':
        this.#answer(event);
        break;
      case 'PropertyNotify':
        // Taken away: the next piece may come.
        if (event.state === 1 && event.wid !== window) this.#sendPiece(event);
        break;
      default:
    }
  }

  #answer({ requestor = 0, selection = 0, target = 0, property = 0, time = 0 }: XEvent): void {
    const { client } = this.#screen;
    // ICCCM, section 2.2: a program of old names no property, and means the target's name.
    const where = property === 0 ? target : property;
    const isGiven = this.#give(requestor, target, where);
    client.SendEvent(requestor, 0, 0, {
      name: 'SelectionNotify',
      time,
      requestor,
      selection,
      target,
      property: isGiven ? where : 0,
    });
  }

  #give(requestor: number, target: number, property: number): boolean {
    const { client, atoms } = this.#screen;
    const text = this.#text;
    if (text === undefined) return false;
    if (target === atoms.targets) {
      const targets = [atoms.targets, atoms.timestamp, ...this.#textTargets(text)];
      client.ChangeProperty(0, requestor, property, fixedAtoms.atom, 32, targets);
      return true;
    }
    if (target === atoms.timestamp) {
      client.ChangeProperty(0, requestor, property, fixedAtoms.integer, 32, [this.#since]);
      return true;
    }
    if (!this.#textTargets(text).includes(target)) return false;
    const type = target === atoms.text ? atoms.utf8 : target;
    const data = Buffer.from(text, target === fixedAtoms.string ? 'latin1' : 'utf8');
    if (data.length <= pieceBytes) client.ChangeProperty(0, requestor, property, type, 8, data);
    else return this.#begin({ requestor, property, type, data, offset: 0, timer: undefined });
    return true;
  }

  #textTargets(text: string): readonly number[] {
    const { atoms } = this.#screen;
    const unicode = [atoms.utf8, atoms.utf8Mime, atoms.text];
    // STRING is Latin-1.
    return /^[\0-\u00FF]*$/.test(text) ? [...unicode, fixedAtoms.string] : unicode;
  }

  /** ICCCM, section 2.7.2: says how much is to come; the first piece follows when that has been taken away. */
  #begin(fetching: Fetching): boolean {
    if (this.#fetching.length >= maxFetching) return false;
    const { client, atoms } = this.#screen;
    const { requestor, property, data } = fetching;
    client.ChangeWindowAttributes(requestor, { eventMask: x11.eventMask['PropertyChange'] ?? 0 });
    client.ChangeProperty(0, requestor, property, atoms.incremental, 32, [data.length]);
    this.#fetching.push(fetching);
    this.#giveUpLater(fetching);
    return true;
  }

  #sendPiece({ wid, atom }: XEvent): void {
    const fetching = this.#fetching.find(({ requestor, property }) => requestor === wid && property === atom);
    if (!fetching) return;
    const { client } = this.#screen;
    const { requestor, property, type, data, offset } = fetching;
    const piece = data.subarray(offset, offset + pieceBytes);
    client.ChangeProperty(0, requestor, property, type, 8, piece);
    fetching.offset += piece.length;
    if (piece.length === 0) this.#drop(fetching);
    else this.#giveUpLater(fetching);
  }

  #giveUpLater(fetching: Fetching): void {
    clearTimeout(fetching.timer);
    fetching.timer = setTimeout(() => {
      this.#drop(fetching);
    }, idleMs);
  }

  #drop(fetching: Fetching): void {
    clearTimeout(fetching.timer);
    const index = this.#fetching.indexOf(fetching);
    if (index >= 0) this.#fetching.splice(index, 1);
    const isLast = !this.#fetching.some(({ requestor }) => requestor === fetching.requestor);
    if (isLast) this.#screen.client.ChangeWindowAttributes(fetching.requestor, { eventMask: 0 });
  }
}
