import type { RtcEngine } from '@proxim/peer';

import type { InputBackend } from '../backends/input/input-backend.js';
import { rankAddresses, urlHost } from '../host/network-addresses.js';
import type { WindowAddress } from '../host/window-protocol.js';
import type { Check } from './check.js';
import { addressCheck } from './checks/address.js';
import { browserCheck } from './checks/browser.js';
import { certificateCheck, type DoctorTls } from './checks/certificate.js';
import { clockCheck } from './checks/clock.js';
import { dataFolderCheck } from './checks/data-folder.js';
import { firewallCheck } from './checks/firewall.js';
import { inputCheck } from './checks/input.js';
import { pageCheck } from './checks/page.js';
import { portCheck } from './checks/port.js';
import { reachableCheck } from './checks/reachable.js';
import { userCheck } from './checks/user.js';
import { webrtcCheck } from './checks/webrtc.js';
import type { Opening } from './firewall/opening.js';
import { type OpenServer, type PortState, tryPort } from './listener.js';
import type { Machine } from './machine.js';
import { subnetOf } from './subnet.js';

/** What the doctor looks at, and with what. */
export interface DoctorOptions {
  readonly machine: Machine;
  /** The port of the flag; undefined for the default one and those that follow it. */
  readonly port: number | undefined;
  /** The port to which remembered phones come back; null where there is none. */
  readonly knownPort: number | null;
  /** Undefined for all addresses. */
  readonly host: string | undefined;
  /** What a flag, or the page's certificate, puts into the code; undefined for the likeliest address. */
  readonly address: string | undefined;
  /** Undefined where the page is to be served on plain http. */
  readonly tls: DoctorTls | undefined;
  readonly dataFolder: { readonly folder: string; readonly isChosen: boolean };
  readonly openServer: OpenServer;
  readonly connectInput: () => Promise<Pick<InputBackend, 'name' | 'close'>>;
  readonly findBrowser: () => string | undefined;
  readonly isPageBuilt: () => Promise<boolean>;
  readonly loadEngine: () => Promise<RtcEngine>;
}

/** Does it once, when it is first asked for. */
const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
};

/** The checks, in the order in which they are told. */
export const doctorChecks = (options: DoctorOptions): readonly Check[] => {
  const { machine, host, address, tls } = options;
  const addresses = once(async (): Promise<readonly WindowAddress[]> => {
    const defaultAddresses = await machine.defaultAddresses();
    return rankAddresses(machine.interfaces(), { defaultAddresses, isHardware: machine.isHardware });
  });
  const linkHost = async (): Promise<string> => address ?? host ?? (await addresses())[0]?.address ?? '127.0.0.1';
  const state = once(async (): Promise<PortState> => {
    const own = (await addresses()).filter(({ kind }) => kind !== 'loopback').map((known) => known.address);
    const hosts = [...new Set(['127.0.0.1', ...(host === undefined ? own : [host])])].map(urlHost);
    return tryPort({
      open: options.openServer,
      ask: machine.ask,
      port: options.port,
      known: options.knownPort,
      host,
      hosts,
    });
  });
  const opening = async (): Promise<Opening> => {
    const known = await state();
    return {
      port: 'serving' in known ? (known.serving?.port ?? known.port) : known.port,
      subnet: subnetOf(machine.interfaces(), await linkHost()),
      executable: machine.executable,
    };
  };
  return [
    addressCheck({ addresses, host, address }),
    portCheck({ state, platform: machine.platform, host }),
    reachableCheck({ addresses, state, ask: machine.ask, host, address }),
    ...(tls ? [certificateCheck({ tls, linkHost, machine })] : []),
    firewallCheck({ machine, opening }),
    webrtcCheck({ loadEngine: options.loadEngine }),
    pageCheck({ isBuilt: options.isPageBuilt }),
    inputCheck({ machine, connect: options.connectInput }),
    browserCheck({ platform: machine.platform, find: options.findBrowser }),
    dataFolderCheck({ probeFolder: machine.probeFolder, ...options.dataFolder }),
    clockCheck(machine),
    userCheck(machine),
  ];
};
