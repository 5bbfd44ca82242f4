import type { DeviceInfo } from '@proxim/protocol';

/**
 * The devices that the user does not want to be asked about again in a session. A device gives itself its ID, and one that
 * proved nothing can take another at will: with the first of these, all of them are blocked.
 */
export class BlockedDevices {
  readonly #ids = new Set<string>();
  #allUnverified = false;

  add({ id }: DeviceInfo, verified: boolean): void {
    if (!verified) this.#allUnverified = true;
    this.#ids.add(id);
  }

  has({ id }: DeviceInfo, verified: boolean): boolean {
    return this.#ids.has(id) || (!verified && this.#allUnverified);
  }
}
