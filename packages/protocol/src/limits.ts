/** One named limit or duration of the wire: its default, and what values make sense. */
export interface LimitDefinition {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  readonly meaning: string;
}

const whole = (value: number, meaning: string, min = 1, max = 1_000_000_000): LimitDefinition => ({
  default: value,
  min,
  max,
  integer: true,
  meaning,
});
const rate = (value: number, meaning: string): LimitDefinition => ({
  default: value,
  min: 0.0001,
  max: 1_000_000,
  integer: false,
  meaning,
});
/** Node's timers hold at most 2^31 - 1 ms; every duration stays below. */
const seconds = (value: number, meaning: string): LimitDefinition => ({
  default: value,
  min: 0.01,
  max: 2_000_000,
  integer: false,
  meaning,
});

/** Every limit and duration of the wire. The command line's flags are these names in kebab-case. */
export const limitDefinitions = {
  pairingTimeoutSeconds: seconds(40, 'how long a pairing request waits for an answer'),
  sessionTtlSeconds: seconds(900, 'how long a session lives unless its kind says otherwise'),
  desktopGraceSeconds: seconds(60, 'how long a lost desktop may take to return'),
  handshakeTimeoutSeconds: seconds(10, 'how long a socket may take to say what it wants'),
  responseTimeoutSeconds: seconds(60, 'how long a page may take to be read'),
  roleTimeoutSeconds: seconds(900, 'how long a connection may stay without a role'),
  heartbeatSeconds: seconds(15, 'how often the server pings a connection'),
  heartbeatGraceSeconds: seconds(10, 'how long it then waits for the pong'),
  maxAttempts: whole(5, 'refused or lapsed requests that close a session'),
  maxMessageBytes: whole(65_536, 'largest frame, in bytes', 256, 16_777_216),
  maxBufferedBytes: whole(1_048_576, 'bytes that a reader may fall behind', 1024),
  signalBurst: whole(200, 'messages that a connection may send at once'),
  signalRate: rate(50, 'messages a second that it may send on'),
  pairBurst: whole(10, 'pairing requests and unknown sessions that an address may try at once'),
  pairRate: rate(0.1667, 'of these a second that it may try on'),
  requestBurst: whole(200, 'pages and new connections that an address may ask for at once'),
  requestRate: rate(20, 'of these a second that it may ask for on'),
  addressBurst: whole(300, 'reads and messages of an address that are dealt with at once'),
  addressRate: rate(200, 'of these a second that are dealt with from then on; the rest waits'),
  maxSessionsPerConnection: whole(16, 'sessions of one desktop connection'),
  maxConnectionsPerAddress: whole(64, 'connections of one address (IPv6: of one /64)'),
  maxConnections: whole(100_000, 'connections in all'),
  maxSessions: whole(100_000, 'sessions in all'),
} as const satisfies Readonly<Record<string, LimitDefinition>>;

export type LimitName = keyof typeof limitDefinitions;
export type Limits = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(limitDefinitions) as LimitName[];

/** Says what is wrong with a value for a limit, or undefined when it makes sense. */
export const faultOfLimit = (name: LimitName, value: number): string | undefined => {
  const { min, max, integer } = limitDefinitions[name];
  if (!Number.isFinite(value)) return 'is not a number';
  if (integer && !Number.isInteger(value)) return 'is not a whole number';
  if (value < min || value > max) return `is not between ${String(min)} and ${String(max)}`;
  return undefined;
};

/** The defaults, with `given` in their place where it says something. Check each value with {@link faultOfLimit}. */
export const withDefaultLimits = (given: Partial<Limits> = {}): Limits => {
  const limits: Record<string, number> = {};
  for (const name of limitNames) limits[name] = given[name] ?? limitDefinitions[name].default;
  return limits as Limits;
};

/** How long after approval the direct connection of a one-time session may take. */
export const oneTimeConnectSeconds = 60;
