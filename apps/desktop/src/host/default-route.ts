import { createSocket, type Socket } from 'node:dgram';

/** Addresses that documentation has to itself (RFC 5737, RFC 3849): nobody is there, and every default route leads there. */
const somewhere = [
  { family: 'udp4', address: '192.0.2.1' },
  { family: 'udp6', address: '2001:db8::1' },
] as const;

/** The discard port; nothing is sent to it. */
const somePort = 9;

const unspecified = new Set(['0.0.0.0', '::']);

const openSocket = (family: 'udp4' | 'udp6'): Socket | undefined => {
  try {
    return createSocket(family);
  } catch {
    return undefined;
  }
};

const sourceAddress = (family: 'udp4' | 'udp6', address: string): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const socket = openSocket(family);
    if (!socket) {
      resolve([]);
      return;
    }
    const finish = (found: readonly string[]): void => {
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(found);
    };
    socket.once('error', () => {
      finish([]);
    });
    socket.once('connect', () => {
      const source = socket.address().address.replace(/%.*$/, '');
      finish(unspecified.has(source) ? [] : [source]);
    });
    socket.connect(somePort, address);
  });

/**
 * The addresses from which this machine would call the rest of the world, IPv4 first: those of the default route.
 *
 * A datagram socket that is connected has its source address chosen by the system, without a packet being sent. Without
 * a route the answer is empty; it never rejects.
 */
export const findDefaultAddresses = async (): Promise<readonly string[]> => {
  const found = await Promise.all(somewhere.map(({ family, address }) => sourceAddress(family, address)));
  return found.flat();
};
