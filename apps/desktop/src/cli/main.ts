import { readFileSync } from 'node:fs';

import { Command, CommanderError, Option } from 'commander';

import {
  addLimitFlags,
  iceServerUrl,
  natsUrl,
  ipAddress,
  portNumber,
  reachableAddress,
  signalingUrl,
  ttlSeconds,
  webOrigin,
} from './flags.js';
import { logLevels } from '../fleet/log-levels.js';
import type { DesktopFlags } from './desktop-command.js';
import type { DoctorFlags } from './doctor-command.js';
import type { ServeFlags } from './serve-command.js';

const version = (): string => {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(file);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
};

const collect =
  (parse: (value: string) => string) =>
  (value: string, previous: readonly string[]): readonly string[] => [...previous, parse(value)];

/** Ends with one line that says why. */
const fail = (error: unknown): never => {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`proxim: ${text.replaceAll('\n', ' ')}\n`);
  process.exit(1);
};

const desktop = addLimitFlags(
  new Command('proxim')
    .description('Use this computer from a phone: scan the QR code, approve, connected.')
    .version(version())
    .option('--port <N>', 'signaling and the phone’s page (47800, or the next free one; 0 = any)', portNumber)
    .option('--host <ADDR>', 'listen on this address alone (all addresses)')
    .option('--address <ADDR>', 'the address that goes into the QR code (best guess)', reachableAddress)
    .option('--ui-port <N>', 'the window’s page, on 127.0.0.1 alone (any)', portNumber, 0)
    .addOption(
      new Option('--session-type <TYPE>', 'what the first code is good for')
        .choices(['one_time', 'temporary', 'persistent'])
        .default('temporary'),
    )
    .option('--ttl <SECONDS>', 'how long a temporary session lives (900)', ttlSeconds)
    .option('--signaling <URL>', 'use the signaling server there instead of the embedded one', signalingUrl)
    .option('--token-file <FILE>', 'its first line is the token for that server')
    .addOption(
      new Option('--unverified <POLICY>', 'a phone that did not prove that it read the code').choices([
        'ask',
        'refuse',
      ]),
    )
    .option('--tls-cert <FILE>', 'serve https and wss with this certificate and its issuers (PEM)')
    .option('--tls-key <FILE>', 'and this key (PEM)')
    .option('--data-dir <DIR>', 'remembered phones, and the window’s browser profile')
    .option('--no-open', 'do not open the window')
    .option('--json', 'events on standard output, commands on standard input'),
).action(async (flags: DesktopFlags) => {
  const { runDesktop } = await import('./desktop-command.js');
  await runDesktop(flags);
});

const serve = addLimitFlags(
  new Command('serve')
    .description('The signaling server alone, for desktops that use --signaling.')
    .option('--port <N>', 'where to listen', portNumber, 47800)
    .option('--host <ADDR>', 'on which address', '127.0.0.1')
    .option('--json', 'say `listening` as JSON')
    .option('--token-file <FILE>', 'desktops must present one of its lines')
    .option('--open', 'take sessions from anybody, beyond loopback too')
    .option('--allow-origin <ORIGIN>', 'pages of this origin may connect (repeatable)', collect(webOrigin), [])
    .option('--trust-proxy <ADDR>', 'believe X-Forwarded-For from this address (repeatable)', collect(ipAddress), [])
    .option('--web', 'serve the phone’s page too')
    .option('--nats <URL>', 'join the cluster that shares this NATS server (repeatable)', collect(natsUrl), [])
    .option('--nats-credentials-file <FILE>', 'who this node is at NATS: USER:PASSWORD, or a token')
    .option('--metrics-port <N>', 'serve /metrics, /healthz and /readyz there (0 = any)', portNumber)
    .option('--metrics-host <ADDR>', 'on which address', '127.0.0.1')
    .addOption(
      new Option('--log-level <LEVEL>', 'what is worth a line on standard error').choices(logLevels).default('info'),
    )
    .option('--ice-server <URL>', 'a STUN or TURN server for the peers (repeatable)', collect(iceServerUrl), []),
).action(async (flags: ServeFlags) => {
  const { runServe } = await import('./serve-command.js');
  await runServe(flags);
});

const doctor = new Command('doctor')
  .description('Says what on this machine would stop a phone from connecting, and the cure.')
  .option('--port <N>', 'where the phone’s page is to be (47800, or the next free one; 0 = any)', portNumber)
  .option('--host <ADDR>', 'listen on this address alone (all addresses)')
  .option('--address <ADDR>', 'the address that is to go into the QR code (best guess)', reachableAddress)
  .option('--tls-cert <FILE>', 'the certificate that Proxim is to serve (PEM)')
  .option('--tls-key <FILE>', 'and its key (PEM)')
  .option('--data-dir <DIR>', 'the folder to look at (the platform’s place for it)')
  .option('--json', 'one JSON object a line')
  .action(async (flags: DoctorFlags) => {
    const { runDoctor } = await import('./doctor-command.js');
    await runDoctor(flags);
  });

// A flag behind `serve` is serve's own, although the app has one of that name.
desktop.enablePositionalOptions();
for (const command of [desktop, serve, doctor]) {
  command
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'proxim: '));
      },
    });
}
desktop.addCommand(serve);
desktop.addCommand(doctor);

try {
  await desktop.parseAsync();
} catch (error) {
  // Commander has said what is wrong, or what was asked for.
  if (error instanceof CommanderError) process.exit(error.exitCode);
  fail(error);
}
