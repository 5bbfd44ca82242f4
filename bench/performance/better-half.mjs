// Rounds, of which others who use the machine can only make some worse.

/** Lets all take turns, and each begin as often as the others. @returns the rounds of each, by name */
export const takeTurns = async (names, rounds, measure) => {
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      measured[name].push(await measure(name));
    }
  }
  return measured;
};

/** The better half of the rounds, by `costOf`, the cheapest first. */
const betterHalf = (rounds, costOf) =>
  rounds.toSorted((left, right) => costOf(left) - costOf(right)).slice(0, Math.ceil(rounds.length / 2));

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** What one unit cost in the better half of the rounds: `cost` and `count` name the fields. */
export const costInBetterHalf = (rounds, cost, count) => {
  const better = betterHalf(rounds, (round) => round[cost] / round[count]);
  return sum(better.map((round) => round[cost])) / sum(better.map((round) => round[count]));
};

/** The mean of a field over those rounds in which it was smallest. */
export const meanOfBetterHalf = (rounds, field) => {
  const better = betterHalf(rounds, (round) => round[field]);
  return sum(better.map((round) => round[field])) / better.length;
};

export const median = (values) => values.toSorted((left, right) => left - right)[Math.floor((values.length - 1) / 2)];
