const dayMs = 86_400_000;

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const timeWithSeconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** A moment near `now`, both in Unix milliseconds: the time, and the weekday too when it is a day or more away. */
export const formatMoment = (at: number, now: number): string =>
  (Math.abs(at - now) < dayMs ? timeOfDay : dayAndTime).format(at);

/** A moment of this run, to the second. */
export const formatLogTime = (at: number): string => timeWithSeconds.format(at);
