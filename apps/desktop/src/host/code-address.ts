import { isIP } from 'node:net';

import type { WindowAddress } from './window-protocol.js';

/** A phone tries them all; the rest is not worth its time. */
const maxReachable = 4;

/** Which of this machine's addresses stands in the QR code. */
export class CodeAddress {
  readonly #addresses: () => readonly WindowAddress[];
  readonly #asked: string | undefined;
  /** What the user chose in the window, for as long as this machine has it. */
  #selected: string | undefined;

  /** @param options `addresses`: the likeliest first; `asked`: what the user asked for at the start */
  constructor(options: { readonly addresses: () => readonly WindowAddress[]; readonly asked: string | undefined }) {
    this.#addresses = options.addresses;
    this.#asked = options.asked;
  }

  get current(): string {
    const addresses = this.#addresses();
    const selected = addresses.find(({ address }) => address === this.#selected)?.address;
    return selected ?? this.#asked ?? addresses[0]?.address ?? '127.0.0.1';
  }

  /** The addresses under which a phone might reach this machine, the likeliest first. */
  get reachable(): readonly string[] {
    const networks = this.#addresses().filter(({ kind }) => kind === 'network' || kind === 'vpn');
    const addresses = new Set([this.current, ...networks.map(({ address }) => address)]);
    return [...addresses].filter((address) => isIP(address) !== 0).slice(0, maxReachable);
  }

  /** Whether only this computer itself could follow the link, although nobody asked for that. */
  get isWithoutNetwork(): boolean {
    return this.#asked === undefined && this.#addresses().every(({ kind }) => kind === 'loopback');
  }

  /** Takes another of this machine's addresses. False when it has no such address. */
  select(address: string): boolean {
    if (!this.#addresses().some((known) => known.address === address)) return false;
    this.#selected = address;
    return true;
  }
}
