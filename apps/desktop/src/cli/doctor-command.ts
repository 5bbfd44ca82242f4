import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';

import { loadNodeRtcEngine, nodeEnvironment, unloadNodeRtcEngine } from '@proxim/peer/node';

import { type Report, runChecks } from '../doctor/check.js';
import { doctorChecks } from '../doctor/doctor.js';
import type { Machine } from '../doctor/machine.js';
import { nodeMachine } from '../doctor/node-machine.js';
import { serverOpener } from '../doctor/open-server.js';
import { reportJson, reportText, summaryText } from '../doctor/report-text.js';
import { defaultDataDir } from '../host/data-dir.js';
import { rankAddresses } from '../host/network-addresses.js';
import { findBrowser } from '../host/open-window.js';
import { servePhonePage, type ServePage } from '../host/page-files.js';
import { knownPort } from '../host/phone-memory.js';
import type { Certificate } from '../tls/certificate.js';
import { linkAddresses } from '../tls/link-addresses.js';
import { readTlsFiles } from '../tls/tls-files.js';
import { tlsFilesOf } from './files.js';

export interface DoctorFlags {
  readonly port?: number;
  readonly host?: string;
  readonly address?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const widestList = 100;
const silentLog = { info: () => undefined, warn: () => undefined };
const wildcardHosts = new Set(['0.0.0.0', '::']);

const builtPage = (): ServePage | undefined => {
  try {
    return servePhonePage();
  } catch {
    return undefined;
  }
};

/** What Proxim would put into the code with this certificate. */
const addressFor = async (
  certificate: Certificate,
  machine: Machine,
  host: string | undefined,
): Promise<string | undefined> => {
  const { interfaces, isHardware } = machine;
  const all = rankAddresses(interfaces(), { defaultAddresses: await machine.defaultAddresses(), isHardware });
  const own = all.filter(({ address }) => host === undefined || address === host);
  return linkAddresses(own, certificate)[0]?.address;
};

/** `proxim doctor`: runs every check, says what it found, and ends with status 0 unless one is a failure. */
export const runDoctor = async (flags: DoctorFlags): Promise<void> => {
  const { env, platform, stdout } = process;
  const host = flags.host !== undefined && wildcardHosts.has(flags.host) ? undefined : flags.host;
  const page = builtPage();
  const dataDir = flags.dataDir ?? defaultDataDir(platform, env, homedir());
  const tlsFiles = tlsFilesOf(flags);
  const tls = tlsFiles && readTlsFiles(tlsFiles);
  const pair = tls?.kind === 'pair' ? tls.pair : undefined;
  const { open, close } = serverOpener({
    mark: randomBytes(16).toString('hex'),
    page,
    names: [flags.host, flags.address, ...(pair?.certificate.names ?? [])].flatMap((name) =>
      name === undefined ? [] : [name.toLowerCase()],
    ),
    tls: pair,
  });
  const machine = nodeMachine({ env, wallClock: () => Date.now() });
  const checks = doctorChecks({
    machine,
    port: flags.port,
    knownPort: knownPort(dataDir),
    host,
    address: flags.address ?? (pair && (await addressFor(pair.certificate, machine, host))),
    tls: tlsFiles && tls && { ...tlsFiles, reading: tls },
    dataFolder: {
      folder: dataDir,
      isChosen: flags.dataDir !== undefined,
    },
    openServer: open,
    connectInput: async () => {
      const { selectInputBackend } = await import('../backends/input/select-input-backend.js');
      return selectInputBackend({ env, platform, onLost: () => undefined, log: silentLog });
    },
    findBrowser: () => findBrowser(platform, env['PATH'] ?? ''),
    isPageBuilt: () => Promise.resolve(page !== undefined),
    loadEngine: loadNodeRtcEngine,
  });

  const style = {
    hasColour: stdout.isTTY && env['NO_COLOR'] === undefined,
    width: stdout.isTTY ? Math.min(stdout.columns, widestList) : widestList,
    nameWidth: Math.max(...checks.map(({ name }) => name.length)),
  };
  const tell = (report: Report): void => {
    stdout.write(flags.json === true ? reportJson(report) : reportText(report, style));
  };
  // Whoever read the output has gone: that is an end like any other.
  stdout.on('error', () => process.exit(0));
  const reports = await runChecks(checks, nodeEnvironment().clock, tell);
  if (flags.json !== true) stdout.write(`\n${summaryText(reports)}`);
  await close();
  await unloadNodeRtcEngine();
  const status = reports.some(({ finding }) => finding.result === 'failure') ? 1 : 0;
  // A check that was given up may still hold something open; what was written is out before the end.
  stdout.write('', () => process.exit(status));
};
