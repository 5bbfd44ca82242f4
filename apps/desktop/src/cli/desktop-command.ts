import { randomBytes, timingSafeEqual } from 'node:crypto';
import { homedir, hostname } from 'node:os';

import { isolatedRtcEngine, nodeEnvironment } from '@proxim/peer/node';
import { type Limits, isProximError, ProximError, type SessionType } from '@proxim/protocol';
import { createSignalingServer, machineHosts } from '@proxim/signaling';

import { selectClipboardBackend } from '../backends/clipboard/select-clipboard-backend.js';
import { programRunner } from '../backends/system/run-program.js';
import { selectSystemBackend } from '../backends/system/select-system-backend.js';
import { defaultDataDir, ensurePrivateDir } from '../host/data-dir.js';
import { askRelay } from '../host/ask-relay.js';
import { DesktopApp } from '../host/desktop-app.js';
import { urlHost } from '../host/network-addresses.js';
import { machineNetwork, watchNetwork } from '../host/network-watch.js';
import { openPhoneMemory } from '../host/phone-memory.js';
import { RelayPage } from '../host/relay-page.js';
import type { WindowAddress } from '../host/window-protocol.js';
import type { ServePage } from '../host/page-files.js';
import { linkAddresses } from '../tls/link-addresses.js';
import { ServedCertificate } from '../tls/served-certificate.js';
import { readTlsFiles } from '../tls/tls-files.js';
import { readTlsPair, readTokens, tlsFilesOf } from './files.js';
import { limitsOf } from './flags.js';
import { listenSomewhere } from './listen.js';
import { readCommands, writeEvents } from './ndjson.js';
import { machineClock } from './machine-clock.js';
import { makeQuit, quitOnSignal } from './stop-signal.js';
import { TerminalView } from './terminal-view.js';

export interface DesktopFlags extends Limits {
  readonly port?: number;
  readonly host?: string;
  readonly address?: string;
  readonly uiPort: number;
  readonly sessionType: SessionType;
  readonly ttl?: number;
  readonly signaling?: string;
  readonly tokenFile?: string;
  readonly phonePage: 'desktop' | 'relay';
  readonly unverified?: 'ask' | 'refuse';
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly dataDir?: string;
  readonly open: boolean;
  readonly json?: boolean;
}

/** How long the end of the program may take. */
const quitWithinMs = 1700;

const wildcardHosts = new Set([undefined, '0.0.0.0', '::']);

/** A token that only this process knows: the embedded server takes sessions from its own app alone. */
const newToken = (): string => randomBytes(16).toString('base64url');

const sameToken =
  (token: string) =>
  (given: string | undefined): boolean => {
    const [left, right] = [Buffer.from(token), Buffer.from(given ?? '')];
    return left.length === right.length && timingSafeEqual(left, right);
  };

const writeLine = (message: string): void => {
  process.stderr.write(`proxim: ${message}\n`);
};
const plainLog = { info: writeLine, warn: writeLine };

/** The page is read from disk when a phone first asks for it, not before the QR code stands. */
const lazily = (load: () => Promise<ServePage>): ServePage => {
  let page: Promise<ServePage> | undefined;
  return (request, response) => {
    page ??= load();
    page.then(
      (serve) => {
        serve(request, response);
      },
      (error: unknown) => {
        response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
        response.end(`${isProximError(error) ? error.message : 'The page cannot be served.'}\n`);
      },
    );
  };
};

const writeJson = (event: object): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};

const originOf = (url: string): string => url.replace(/^(wss?:\/\/[^/?#]+).*$/, '$1');

/** `proxim`: the desktop app, until it is told to end. @throws ProximError what keeps it from starting */
export const runDesktop = async (flags: DesktopFlags): Promise<void> => {
  const isJson = flags.json === true;
  const limits = limitsOf(flags);
  const clock = machineClock();
  const isElsewhere = flags.signaling !== undefined;
  const tlsFiles = tlsFilesOf(flags);
  if (tlsFiles && flags.signaling?.startsWith('ws:') === true) {
    // https://www.w3.org/TR/mixed-content/: the browser would block it.
    throw new ProximError('bad_flags', '--signaling: a page on https may only call a wss: URL, not this one.');
  }
  const tellProblem = ({ code, message }: { readonly code: string; readonly message: string }): void => {
    if (isJson) writeJson({ event: 'error', code, message });
    else writeLine(message);
  };
  const served =
    tlsFiles &&
    new ServedCertificate(readTlsPair(tlsFiles), {
      clock,
      wallClock: () => Date.now(),
      read: () => readTlsFiles(tlsFiles),
      onRenewed: (pair) => {
        server.renewTls(pair);
        // It may be for other names.
        app.networkChanged();
      },
      onProblem: tellProblem,
    });
  // What a phone sends reaches native code in a process of its own: its end costs a reconnect, and nothing more.
  const engine = isolatedRtcEngine({ clock });
  const environment = {
    ...nodeEnvironment({
      clock,
      ...(served && !isElsewhere ? { pinnedCertificate: () => served.pair.cert } : {}),
    }),
    loadRtcEngine: engine.load,
  };
  const embeddedToken = newToken();
  if (flags.tokenFile !== undefined && !isElsewhere) {
    throw new ProximError('bad_flags', '--token-file: it goes with --signaling.');
  }
  if (flags.phonePage === 'relay' && !isElsewhere) {
    throw new ProximError('bad_flags', '--phone-page: `relay` goes with --signaling.');
  }
  const relayPage =
    flags.signaling === undefined
      ? undefined
      : new RelayPage({
          signaling: flags.signaling,
          wanted: flags.phonePage,
          ask: askRelay,
          onChange: () => {
            app.linksChanged();
          },
          onProblem: tellProblem,
        });
  const relayToken = flags.tokenFile === undefined ? undefined : readTokens('--token-file', flags.tokenFile)[0];
  const dataDir = flags.dataDir ?? defaultDataDir(process.platform, process.env, homedir());
  if (flags.dataDir !== undefined) ensurePrivateDir(dataDir);
  const memory = await openPhoneMemory({
    dataDir,
    platform: process.platform,
    onProblem: () => {
      app.memoryChanged();
    },
  });
  const namedHosts = [flags.host, flags.address].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
  const server = createSignalingServer({
    limits,
    clock,
    // Whatever the user calls this machine by, the code's link included, is a name of its own.
    localHosts: () => new Set([...machineHosts(), ...namedHosts, ...(served?.pair.certificate.names ?? [])]),
    authorizeDesktop: isElsewhere ? () => false : sameToken(embeddedToken),
    handleRequest: lazily(async () => {
      const { servePhonePage } = await import('../host/page-files.js');
      return servePhonePage(flags.signaling === undefined ? undefined : originOf(flags.signaling));
    }),
    ...(served ? { tls: served.pair } : {}),
  });
  const port = await listenSomewhere(server, {
    host: flags.host,
    port: flags.port,
    known: memory.phones.length === 0 ? null : memory.port,
  });

  const isWildcard = wildcardHosts.has(flags.host);
  const ownHost = isWildcard ? '127.0.0.1' : (flags.host ?? '127.0.0.1');
  const wsScheme = served ? 'wss' : 'ws';
  const pageScheme = served ? 'https' : 'http';
  const url = `${wsScheme}://${urlHost(ownHost)}:${String(port)}`;
  const sessionTtl = flags.ttl ?? limits.sessionTtlSeconds;
  const network = watchNetwork({
    clock,
    network: machineNetwork(process.platform),
    onChange: () => {
      app.networkChanged();
    },
  });
  const reachable = (): readonly WindowAddress[] => {
    const own = network.addresses.filter(({ address }) => isWildcard || address === ownHost);
    const named: WindowAddress = { address: ownHost, interfaceName: '', kind: 'network' };
    return linkAddresses(own.length > 0 || isWildcard ? own : [named], served?.pair.certificate);
  };
  const app = new DesktopApp({
    environment,
    wallClock: () => Date.now(),
    computerName: hostname(),
    signaling: isElsewhere
      ? {
          url: flags.signaling ?? '',
          announced: flags.signaling ?? '',
          ...(relayToken === undefined ? {} : { token: relayToken }),
        }
      : { url: `${url}/signal`, token: embeddedToken },
    page: { scheme: pageScheme, port },
    pageElsewhere: () => relayPage?.elsewhere ?? null,
    linkProblem: (host) =>
      served?.problemWith(host) ?? relayPage?.problemWith(`${pageScheme}://${urlHost(host)}:${String(port)}`) ?? null,
    addresses: reachable,
    address: flags.address ?? (isWildcard ? undefined : (reachable()[0]?.address ?? ownHost)),
    memory,
    unverified: flags.unverified ?? (isElsewhere ? 'refuse' : 'ask'),
    sessionTtlSeconds: Math.max(1, Math.round(limits.sessionTtlSeconds)),
    pairingTimeoutSeconds: limits.pairingTimeoutSeconds,
    firstSession: { sessionType: flags.sessionType, ttlSeconds: Math.max(1, Math.round(sessionTtl)) },
    renewsSession: !isJson,
    connectInput: async (handlers) => {
      const { selectInputBackend } = await import('../backends/input/select-input-backend.js');
      return selectInputBackend({ env: process.env, platform: process.platform, ...handlers, log: plainLog });
    },
    system: selectSystemBackend({
      platform: process.platform,
      env: process.env,
      run: programRunner(process.env),
      clock,
    }),
    connectClipboard: selectClipboardBackend({ env: process.env, platform: process.platform }),
  });

  memory.usePort(port);

  let closeWindow: (() => Promise<void>) | undefined;
  let forgetOpener: (() => void) | undefined;
  const endings: (() => void)[] = [
    () => {
      network.stop();
    },
  ];
  const stop = async (): Promise<void> => {
    forgetOpener?.();
    for (const end of endings) end();
    await app.stop();
    await Promise.all([closeWindow?.(), server.close({ drainMs: 500 }), memory.close(), engine.unload()]);
  };
  const quit = makeQuit(stop, quitWithinMs);
  quitOnSignal(quit);
  clock.onWake(() => {
    app.wakeUp();
  });
  // Whoever read the output has gone: that is an end like any other.
  process.stdout.on('error', quit);

  if (isJson) writeEvents(app, writeJson);
  else {
    const hasColour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
    new TerminalView(app, { input: process.stdin, output: process.stdout, hasColour }, environment.clock, quit);
  }

  if (served) {
    endings.push(() => {
      served.stop();
    });
    // Behind the code, and in the same breath.
    app.on('session', ({ link }) => {
      if (!relayPage?.elsewhere) served.checkLink(link);
      served.tellProblems();
    });
  }

  if (relayPage) {
    app.on('session', ({ link }) => {
      void relayPage.linkShown(link);
    });
  }

  // In the terminal the code comes first and the window after it; a script wants to know the window's address first.
  const startWindow = async (): Promise<string> => {
    const { startWindowServer } = await import('../host/window-server.js');
    const token = newToken();
    const window = await startWindowServer({
      app,
      token,
      port: flags.uiPort,
      clock: environment.clock,
      onWindow: () => {
        forgetOpener?.();
      },
      onWindowsClosed: () => {
        // Whoever closes the window that Proxim opened wants it to end. A page that was opened by hand is only a page.
        if (forgetOpener) quit();
      },
    });
    closeWindow = () => window.close();
    return `http://127.0.0.1:${String(window.port)}/#${token}`;
  };
  const openBrowser = async (ui: string): Promise<void> => {
    if (!flags.open) return;
    const { openWindow } = await import('../host/open-window.js');
    const isRoot = process.getuid?.() === 0;
    try {
      forgetOpener = openWindow({ url: ui, dataDir, platform: process.platform, env: process.env, isRoot });
      if (!forgetOpener) writeLine('There is no browser to open the window in; the terminal is enough.');
    } catch (error) {
      // The terminal is enough: a window that does not open ends nothing.
      writeLine(`The window cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  if (isJson) {
    const ui = await startWindow();
    writeJson({ event: 'listening', port, url, ui });
    // Before there is a code that would lead elsewhere a moment later.
    await relayPage?.find();
    app.start();
    readCommands(app, process.stdin, writeJson, quit);
    await openBrowser(ui);
  } else {
    const shown = new Promise<void>((resolve) => {
      app.on('session', () => {
        resolve();
      });
      app.on('error', () => {
        resolve();
      });
    });
    await relayPage?.find();
    app.start();
    await shown;
    await openBrowser(await startWindow());
  }
  await app.connectInput();
  void app.findSystemCommands();
  const { watchSleep } = await import('../host/sleep-watch.js');
  const sleepWatch = watchSleep({
    platform: process.platform,
    env: process.env,
    onSleep: () => {
      app.goToSleep();
    },
    onWake: () => {
      app.wakeUp();
    },
  });
  endings.push(() => {
    sleepWatch.stop();
  });
};
