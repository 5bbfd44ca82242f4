import type { DeviceInfo } from '@proxim/protocol';

/**
 * The devices that the user does not want to be asked about again in a session. A page has another ID each time that it is
 * opened, so the name counts as well; and one that proved nothing can call itself anything: with the first of these, all
 * of them are blocked.
 */
export class BlockedDevices {
  readonly #ids = new Set<string>();
  readonly #names = new Set<string>();
  #allUnverified = false;

  add({ id, name }: DeviceInfo, verified: boolean): void {
    this.#ids.add(id);
    this.#names.add(name);
    if (!verified) this.#allUnverified = true;
  }

  has({ id, name }: DeviceInfo, verified: boolean): boolean {
    return this.#ids.has(id) || this.#names.has(name) || (!verified && this.#allUnverified);
  }
}
