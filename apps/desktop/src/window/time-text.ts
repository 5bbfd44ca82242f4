const dayMs = 86_400_000;

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const timeOfDay = new Intl.DateTimeFormat(undefined, clock);
const timeWithSeconds = new Intl.DateTimeFormat(undefined, { ...clock, second: '2-digit' });
const weekdayAndTime = new Intl.DateTimeFormat(undefined, { weekday: 'short', ...clock });
const dayAndTime = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', ...clock });
const wholeDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

/**
 * A moment as seen from `now`, both in Unix milliseconds: the time within a day, the weekday too within six, then the
 * date, and of what is half a year away the date alone.
 */
export const formatMoment = (at: number, now: number): string => {
  const distance = Math.abs(at - now);
  if (distance < dayMs) return timeOfDay.format(at);
  if (distance < 6 * dayMs) return weekdayAndTime.format(at);
  return (distance < 182 * dayMs ? dayAndTime : wholeDay).format(at);
};

/** A moment of this run, to the second. */
export const formatLogTime = (at: number): string => timeWithSeconds.format(at);
