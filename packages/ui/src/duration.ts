const pad = (value: number): string => String(value).padStart(2, '0');

/**
 * Time left, as a clock shows it; set it in tabular figures (`.tabular`), or it trembles.
 *
 * @param seconds rounded up to whole seconds, and never below zero
 * @example formatClock(845) // '14:05'
 * @example formatClock(3729) // '1:02:09'
 */
export const formatClock = (seconds: number): string => {
  const whole = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const tail = `${pad(minutes)}:${pad(whole % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail.replace(/^0/, '');
};

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/**
 * A length of time in words of the given language: the two largest units that are not zero.
 *
 * @param seconds rounded to whole seconds, and never below zero
 * @example formatDuration(900) // '15 minutes'
 * @example formatDuration(5400) // '1 hour 30 minutes'
 */
export const formatDuration = (seconds: number, language = 'en'): string => {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length);
    rest %= length;
    if (count === 0 && !(unit === 'second' && parts.length === 0)) continue;
    parts.push(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count));
  }
  return parts.slice(0, 2).join(' ');
};
