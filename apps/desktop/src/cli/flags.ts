import { isIP } from 'node:net';

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

const parseUrl = (text: string): URL => {
  try {
    return new URL(text);
  } catch {
    throw new InvalidArgumentError('It is not a URL.');
  }
};

/** `https://example.org`, however it was written. */
export const webOrigin = (text: string): string => {
  const { protocol, origin } = parseUrl(text);
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new InvalidArgumentError('It is not an http or https origin.');
  return origin;
};

export const ipAddress = (text: string): string => {
  if (isIP(text) === 0) throw new InvalidArgumentError('It is not an IP address.');
  return text;
};

/** What can stand in a link: an IP address or a host name. */
export const reachableAddress = (text: string): string => {
  const isName = /^(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/.test(text);
  if (isIP(text) === 0 && !isName) throw new InvalidArgumentError('It is neither an IP address nor a host name.');
  return text.toLowerCase();
};

/** A NATS server's URL. A password in it would stand in the process list, so it is not taken. */
export const natsUrl = (text: string): string => {
  const { protocol, host, pathname, search, hash, username, password } = parseUrl(text);
  if (username !== '' || password !== '') {
    throw new InvalidArgumentError('Who you are at NATS belongs into --nats-credentials-file.');
  }
  const isNats = protocol === 'nats:' || protocol === 'tls:';
  if (!isNats || host === '' || !['', '/'].includes(pathname) || search !== '' || hash !== '') {
    throw new InvalidArgumentError('It is not a URL such as nats://10.0.0.5:4222.');
  }
  return `${protocol}//${host}`;
};

/** A signaling server's URL, as it can stand in a link: without credentials, query and fragment. */
export const signalingUrl = (text: string): string => {
  const { protocol, host, pathname, search, hash, username } = parseUrl(text);
  const isWebSocket = protocol === 'ws:' || protocol === 'wss:';
  if (!isWebSocket || search !== '' || hash !== '' || username !== '') {
    throw new InvalidArgumentError('It is not a URL such as wss://relay.example.');
  }
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
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
