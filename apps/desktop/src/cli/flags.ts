import { type Command, InvalidArgumentError } from 'commander';

import { faultOfLimit, limitDefinitions, type LimitName, limitNames, type Limits } from '@proxim/protocol';

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const number = (text: string): number => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

const limit =
  (name: LimitName) =>
  (text: string): number => {
    const value = number(text);
    const fault = faultOfLimit(name, value);
    if (fault !== undefined) throw new InvalidArgumentError(`It ${fault}.`);
    return value;
  };

export const portNumber = (text: string): number => {
  const value = number(text);
  if (!Number.isInteger(value) || value > 65_535) throw new InvalidArgumentError('It is not a port, 0 to 65535.');
  return value;
};

export const ttlSeconds = (text: string): number => {
  const value = number(text);
  if (!Number.isInteger(value) || value < 1 || value > 2_000_000) {
    throw new InvalidArgumentError('It is not a whole number of seconds, 1 to 2000000.');
  }
  return value;
};

/** Every limit and duration of the wire is a flag: its name in kebab-case, its default the wire's. */
export const addLimitFlags = (command: Command): Command => {
  for (const name of limitNames) {
    const definition = limitDefinitions[name];
    command.option(`--${kebab(name)} <N>`, definition.meaning, limit(name), definition.default);
  }
  return command;
};

/** The limits among a command's flags. */
export const limitsOf = (flags: Limits): Limits => {
  const limits: Record<string, number> = {};
  for (const name of limitNames) limits[name] = flags[name];
  return limits as Limits;
};
