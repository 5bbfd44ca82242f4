import type { DeviceInfo } from '@proxim/protocol';

/**
 * The devices that the user does not want to be asked about again in a session. A page has another ID each time that it is
 * opened, so the name counts as well. One that proved nothing can call itself anything, the owner's phone among it: with the
 * first of these all of them are blocked, and nobody who proves more.
 */
export class BlockedDevices {
  readonly #ids = new Set<string>();
  readonly #names = new Set<string>();
  #allUnverified = false;

  add({ id, name }: DeviceInfo, verified: boolean): void {
    if (!verified) {
      this.#allUnverified = true;
      return;
    }
    this.#ids.add(id);
    this.#names.add(name);
  }

  has({ id, name }: DeviceInfo, verified: boolean): boolean {
    if (!verified && this.#allUnverified) return true;
    return this.#ids.has(id) || this.#names.has(name);
  }
}
