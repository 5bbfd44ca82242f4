import type { SessionType } from '@proxim/protocol';

import type { MobileMemory, PeerEnvironment } from '../../src/index.js';
import { countedBytes } from '../stage/both-sides.js';
import { FakeNetwork } from '../stage/fake-network.js';
import { Host } from './host.js';
import { ModelDesktop } from './model-desktop.js';
import { type ModelPhone, openPage, openSeedClient } from './model-phone.js';
import { writeProbe } from './probe.js';
import { Wire } from './wire.js';

export interface WorldOptions {
  /** Decides in which order frames of different sockets arrive. */
  readonly seed: number;
  readonly sessionType: SessionType;
  readonly ttlSeconds: number | undefined;
  readonly unverified: 'ask' | 'refuse';
  /** Whether all come from one address, as behind a NAT. */
  readonly oneAddress: boolean;
}

/** Our own page; or a client of the five messages, which may not wait to be let in. */
type DeviceKind = 'ours' | 'foreign' | 'impatient';

/** Devices that take part. */
const maxDevices = 3;
/** Steps of time: short while the two sides tell each other every second that they are there. */
const stepMs = { connected: 1000, otherwise: 2500 };

/** A server, a desktop and its phones, in memory, with every frame and every clock in the test's hand. */
export class World {
  readonly wire: Wire;
  readonly network = new FakeNetwork();
  readonly phones: ModelPhone[] = [];
  readonly #options: WorldOptions;
  readonly #randomBytes: PeerEnvironment['randomBytes'] = countedBytes();
  readonly desktops: ModelDesktop[] = [];
  /** Devices that have had the page in two tabs at once. */
  readonly twice = new Set<string>();
  /** How long nothing but time has happened. */
  calmMs = 0;
  #devices = 0;
  #hosts = 0;
  #moment = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.wire = new Wire(options.seed);
    this.startDesktop();
  }

  get desktop(): ModelDesktop {
    return this.desktops.at(-1)!;
  }

  /** Pages that are open, oldest first. */
  get living(): readonly ModelPhone[] {
    return this.phones.filter(({ host }) => !host.isDead);
  }

  get moment(): number {
    return this.#moment;
  }

  get sessionType(): SessionType {
    return this.#options.sessionType;
  }

  startDesktop(before?: ModelDesktop): void {
    const { sessionType, ttlSeconds, unverified } = this.#options;
    this.desktops.push(
      new ModelDesktop({
        host: this.#makeHost('desk'),
        sessionType,
        ttlSeconds,
        unverified,
        requestsOf: (device) => this.wire.requests.get(device) ?? 0,
        before,
      }),
    );
  }

  restartDesktop(how: 'reset' | 'silent'): void {
    const before = this.desktop;
    before.host.die(how);
    this.startDesktop(before);
  }

  /** Another device reads the code. */
  newDevice(kind: DeviceKind): void {
    if (!this.desktop.session || this.#devices >= maxDevices) return;
    this.#devices += 1;
    this.#open(`device-${this.#devices}`, kind);
  }

  /** A device reads the code that is shown now, after the end of what it had. */
  readAgain(phone: ModelPhone): void {
    if (phone.status !== 'ended' || !this.desktop.session) return;
    phone.host.die('silent');
    this.#open(phone.device, phone.memory ? 'ours' : 'foreign');
  }

  /** A page of the same device with what the page before it has kept. */
  openAnother(phone: ModelPhone, before: 'reload' | 'reset' | 'silent' | 'stays'): void {
    if (before === 'stays') this.twice.add(phone.device);
    else phone.host.die(before);
    const isWorthIt = phone.memory !== undefined && phone.status !== 'ended';
    if (isWorthIt && this.desktop.session?.sessionID === phone.sessionID) {
      this.#open(phone.device, 'ours', phone.memory);
    }
  }

  #open(device: string, kind: DeviceKind, memory?: MobileMemory): void {
    const { session, peer } = this.desktop;
    if (!session) return;
    const host = this.#makeHost(device);
    this.phones.push(
      kind === 'ours'
        ? openPage(host, device, peer.link(session.sessionID, { origin: 'http://relay' }), memory)
        : openSeedClient(host, device, session.sessionID, kind === 'impatient'),
    );
  }

  #makeHost(name: string): Host {
    this.#hosts += 1;
    return new Host({
      name: `${name}.${this.#hosts}`,
      address: this.#options.oneAddress ? '192.0.2.1' : `192.0.2.${this.#hosts}`,
      wire: this.wire,
      network: this.network,
      randomBytes: this.#randomBytes,
    });
  }

  get #hostsAlive(): readonly Host[] {
    return [this.desktop.host, ...this.living.map(({ host }) => host)];
  }

  /** Lets time pass, for everybody who is awake, and what happens in between happen. */
  async pass(ms: number): Promise<void> {
    this.calmMs = ms;
    await this.wire.flow();
    for (let left = ms; left > 0;) {
      const step = Math.min(left, this.desktop.open.length > 0 ? stepMs.connected : stepMs.otherwise);
      left -= step;
      for (const server of this.wire.servers) if (server.runs && !server.isAsleep) server.clock.advance(step);
      await this.wire.flow();
      for (const host of this.#hostsAlive) if (host.isAwake) host.clock.advance(step);
      await this.wire.flow();
    }
  }

  /** Every page sends on every channel that it was ever given: what arrives shows who is in control. */
  async probe(): Promise<void> {
    this.#moment += 1;
    for (const { host, device, channels } of this.living) {
      if (!host.isAwake) continue;
      const probe = writeProbe({ page: host.name, device, moment: this.#moment });
      for (const channel of channels) channel.send(probe);
    }
    await this.wire.flow();
  }

  /** Everything works again, and everybody is awake. */
  async mend(): Promise<void> {
    for (const pair of this.wire.pairs) pair.isHeld = false;
    this.wire.server.isAsleep = false;
    for (const host of this.#hostsAlive) host.wakeUp();
    this.network.mend();
    // ICE finds out within half a minute that nobody is at the other end.
    for (const connection of this.network.alive) if (connection.remote?.isClosed) connection.fail();
    this.network.isReachable = true;
    this.wire.startServer();
    await this.wire.flow();
  }
}
