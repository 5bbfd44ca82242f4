// A day of the fleet in steps of a minute: desktops that are switched on and off, phones that come and go.
import { zones } from './zones.mjs';

const minutesPerDay = 1440;
/** A first day fills the fleet; the second is looked at. */
const days = 2;

/** From 1 at `peakHour` to -1 twelve hours later. */
const wave = (hour, peakHour) => Math.cos(((hour - peakHour) / 12) * Math.PI);

/** The share of a zone's desktops that are on at this hour, local time. */
const shareOn = ({ onAtNight, onAtDay }, hour) =>
  (onAtDay + onAtNight) / 2 + ((onAtDay - onAtNight) / 2) * wave(hour, 16);

/** The kinds of visits: their share, and how long a phone stays. */
const kindsOf = ({ oneTimeShare, oneTimeMinutes, temporaryShare, temporaryMinutes, persistentMinutes }) => [
  { share: oneTimeShare, minutes: oneTimeMinutes },
  { share: temporaryShare, minutes: temporaryMinutes },
  { share: 1 - oneTimeShare - temporaryShare, minutes: persistentMinutes },
];

/** One time zone, with its desktops and the phones at them, in whole numbers. */
const createZone = ({ hours, region, share }, given) => {
  const installed = Math.round(given.desktops * share);
  return { hours, region, installed, desktops: 0, phones: kindsOf(given).map(() => 0), came: 0, went: 0 };
};

const switchDesktops = (zone, given, hour, random) => {
  const gone = random.binomial(zone.desktops, 1 / (given.hoursOn * 60));
  const wanted = zone.installed * shareOn(given, hour) - (zone.desktops - gone);
  const come = Math.min(zone.installed - zone.desktops + gone, random.poisson(Math.max(0, wanted)));
  zone.desktops += come - gone;
  return come;
};

const movePhones = (zone, given, hour, random) => {
  let visits = 0;
  const perMinute = (zone.desktops * given.visitsPerDay * (1 + given.visitSwing * wave(hour, 20))) / minutesPerDay;
  kindsOf(given).forEach(({ share, minutes }, kind) => {
    const gone = random.binomial(zone.phones[kind], 1 - Math.exp(-1 / minutes));
    const come = random.poisson(perMinute * share);
    zone.phones[kind] += come - gone;
    zone.came += come;
    zone.went += gone;
    visits += come;
  });
  return visits;
};

const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * Lives two days and tells of the second.
 *
 * @param given the assumptions, as plain numbers
 * @returns a row a minute and region (`desktops` and `phones` that are there; `desktopsCame` and `visits` a second), and the zones as
 * they end
 */
export const liveDay = (given, random) => {
  const fleet = zones.map((zone) => createZone(zone, given));
  for (const zone of fleet) zone.desktops = Math.round(zone.installed * shareOn(given, zone.hours));
  const regions = [...new Set(zones.map(({ region }) => region))];
  const rows = [];
  for (let minute = 0; minute < days * minutesPerDay; minute += 1) {
    const row = Object.fromEntries(
      regions.map((region) => [region, { desktops: 0, phones: 0, desktopsCame: 0, visits: 0 }]),
    );
    for (const zone of fleet) {
      const hour = (minute / 60 + zone.hours) % 24;
      const of = row[zone.region];
      of.desktopsCame += switchDesktops(zone, given, hour, random) / 60;
      of.visits += movePhones(zone, given, hour, random) / 60;
      of.desktops += zone.desktops;
      of.phones += sum(zone.phones);
    }
    if (minute >= (days - 1) * minutesPerDay) rows.push(row);
  }
  return { rows, regions, zones: fleet };
};

/** What several regions have at once, minute by minute. */
export const together = (rows, regions) =>
  rows.map((row) => {
    const of = regions.map((region) => row[region]);
    return Object.fromEntries(
      ['desktops', 'phones', 'desktopsCame', 'visits'].map((name) => [name, sum(of.map((part) => part[name]))]),
    );
  });
