/** The terminal's sentences. English first; one file a language. */

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** `15 minutes`, `1 hour 30 minutes`: the two largest units that are not zero. */
export const durationText = (seconds: number): string => {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${String(count)} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ') || '0 seconds';
};

const ends: Readonly<Record<string, string>> = {
  expired: 'The session is over: its time is up.',
  closed_by_desktop: 'The session was ended.',
  desktop_lost: 'The signaling server has given the session away. Here is a new code.',
  too_many_attempts: 'Too many requests were refused: this code is no longer good.',
  server_shutdown: 'The signaling server went down.',
};

export const endText = (reason: string): string => ends[reason] ?? 'The session is over.';

const turnedAway: Readonly<Record<string, string>> = {
  auth_wrong: 'its proof of having read the code is wrong. Somebody may be in between.',
  auth_missing: 'it did not prove that it read the code.',
  unverified: 'it did not prove that it read the code.',
  bad_description: 'its connection offer is malformed.',
};

export const turnedAwayText = (why: string): string => turnedAway[why] ?? 'its request was refused.';
