import type { WindowSession, WindowState } from '../host/window-protocol.js';

export type Device = NonNullable<WindowSession['device']>;

/** How a phone stands for who looks at the window: `lost` is new and may mend itself, `away` is nothing to wait for. */
export type Presence = 'connecting' | 'connected' | 'lost' | 'away';

/** A phone that was approved, and its session. */
export interface Phone {
  readonly session: WindowSession;
  readonly device: Device;
  /** What the user calls it, else what it calls itself. */
  readonly name: string;
  readonly presence: Presence;
  /** When this presence ends by time alone, in Unix milliseconds. */
  readonly until: number | null;
}

/** Since when each session stands as it does, by this window's eyes; 0 for one that stood so when it was first seen. */
export type Sightings = ReadonlyMap<string, { readonly stand: string; readonly since: number }>;

/** What is known beyond the app's state: the time, and what this window saw happen. */
export interface Moment {
  /** Unix milliseconds. */
  readonly now: number;
  readonly sightings: Sightings;
}

/** A phone that lost its connection is waited for so long; then the window turns to what comes next. */
const lostForMs = 120_000;
/** A phone that was approved needs a moment for its first sign. */
const approvedForMs = 15_000;

const standOf = ({ device, direct }: WindowSession): string => (device === null ? 'open' : direct);

/** Takes down which sessions stand otherwise than before. */
export const lookAgain = (before: Sightings, { sessions }: WindowState, now: number): Sightings =>
  new Map(
    sessions.map((session) => {
      const stand = standOf(session);
      const known = before.get(session.sessionID);
      if (known?.stand === stand) return [session.sessionID, known];
      return [session.sessionID, { stand, since: known ? now : 0 }];
    }),
  );

/** When a phone's connection was lost, in Unix milliseconds; null when that cannot be known. */
export const lostAt = (session: WindowSession, { sightings }: Pick<Moment, 'sightings'>): number | null => {
  const seen = sightings.get(session.sessionID)?.since ?? 0;
  return session.lastSeenAt ?? (seen === 0 ? null : seen);
};

const presenceOf = (session: WindowSession, moment: Moment): Pick<Phone, 'presence' | 'until'> => {
  const lasting = (presence: Presence, until: number): Pick<Phone, 'presence' | 'until'> =>
    until > moment.now ? { presence, until } : { presence: 'away', until: null };
  switch (session.direct) {
    case 'connected':
    case 'connecting':
      return { presence: session.direct, until: null };
    case 'disconnected':
      return lasting('lost', (lostAt(session, moment) ?? 0) + lostForMs);
    case 'closed':
      return lasting('connecting', (moment.sightings.get(session.sessionID)?.since ?? 0) + approvedForMs);
    default:
      session.direct satisfies never;
      return { presence: 'away', until: null };
  }
};

/** Every phone that was approved, in the order of the sessions. */
export const phonesOf = (state: WindowState, moment: Moment): readonly Phone[] =>
  state.sessions.flatMap((session) => {
    const { device, label } = session;
    return device ? [{ session, device, name: label ?? device.name, ...presenceOf(session, moment) }] : [];
  });

/** Phones that hold a direct connection, open one, or have only just lost it. */
export const activePhones = (phones: readonly Phone[]): readonly Phone[] =>
  phones.filter(({ presence }) => presence !== 'away');

export const connectedPhones = (phones: readonly Phone[]): readonly Phone[] =>
  phones.filter(({ presence }) => presence === 'connected');
