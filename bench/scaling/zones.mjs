// Where the desktops are: hours ahead of UTC and a weight. Round figures after where people have computers, no census.
const weights = {
  americas: [
    [-8, 5],
    [-7, 2],
    [-6, 6],
    [-5, 10],
    [-4, 3],
    [-3, 6],
  ],
  'europe and africa': [
    [0, 6],
    [1, 14],
    [2, 7],
    [3, 8],
    [4, 2],
  ],
  'asia and pacific': [
    [5, 9],
    [6, 2],
    [7, 6],
    [8, 18],
    [9, 6],
    [10, 2],
  ],
};

const entries = Object.entries(weights).flatMap(([region, list]) =>
  list.map(([hours, weight]) => ({ region, hours: (hours + 24) % 24, weight })),
);
const total = entries.reduce((sum, { weight }) => sum + weight, 0);

/** Time zones with their region and their share of all desktops. */
export const zones = entries.map(({ region, hours, weight }) => ({ region, hours, share: weight / total }));
