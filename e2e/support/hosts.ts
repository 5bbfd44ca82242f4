import { execFileSync } from 'node:child_process';

/** Two hosts of the test's own, joined by a cable: network namespaces with a pair of virtual network cards. */
export interface TwoHosts {
  readonly desk: { readonly namespace: string; readonly address: string };
  readonly phone: { readonly namespace: string; readonly address: string };
  remove(): void;
}

const ip = (...args: readonly string[]): void => {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

/** Makes the two hosts. Needs the right to make network namespaces (root, or CAP_NET_ADMIN and CAP_SYS_ADMIN). */
export const makeTwoHosts = (): TwoHosts => {
  const suffix = String(process.pid);
  const desk = { namespace: `proxim-desk-${suffix}`, address: '10.97.0.1' };
  const phone = { namespace: `proxim-phone-${suffix}`, address: '10.97.0.2' };
  const remove = (): void => {
    for (const { namespace } of [desk, phone]) {
      try {
        ip('netns', 'delete', namespace);
      } catch {
        // It was never made.
      }
    }
  };
  try {
    ip('netns', 'add', desk.namespace);
    ip('netns', 'add', phone.namespace);
    ip('-n', desk.namespace, 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'lan0', 'netns', phone.namespace);
    for (const { namespace, address } of [desk, phone]) {
      ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'lan0');
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'link', 'set', 'lan0', 'up');
      ip('-n', namespace, 'route', 'add', 'default', 'dev', 'lan0');
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { desk, phone, remove };
};
