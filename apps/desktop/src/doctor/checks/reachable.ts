import { isIP } from 'node:net';

import { urlHost } from '../../host/network-addresses.js';
import type { WindowAddress } from '../../host/window-protocol.js';
import type { Check } from '../check.js';
import { failure, ok, unknown, warning } from '../finding.js';
import type { PortState, Serving } from '../listener.js';
import type { Machine } from '../machine.js';

const servingOf = (state: PortState): Serving | undefined => ('serving' in state ? state.serving : undefined);

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

const limits = 'Whether a firewall or the Wi-Fi keeps the phone away cannot be seen from here.';

/**
 * Whether the phone's page comes through each of the machine's addresses.
 *
 * @param options `host` is undefined for all addresses; `address` is the one that the user wants in the code
 */
export const reachableCheck = (options: {
  readonly addresses: () => Promise<readonly WindowAddress[]>;
  readonly state: () => Promise<PortState>;
  readonly ask: Machine['ask'];
  readonly host: string | undefined;
  readonly address: string | undefined;
}): Check => ({
  name: 'reachable',
  limitMs: 12_000,
  run: async () => {
    const { address, host, ask } = options;
    const state = await options.state();
    const serving = servingOf(state);
    if (!serving) return unknown('Nothing listens that could be asked.', 'See to the port first.');
    const own = (await options.addresses()).flatMap((known) => (known.kind === 'loopback' ? [] : [known.address]));
    const all = host === undefined ? own : [host];
    // The address in the code comes first, and counts.
    const asked = [...new Set(address === undefined ? all : [address, ...all])];
    if (asked.length === 0) return unknown('There is no address to try.', 'See to the address first.');

    const answers = await Promise.all(
      asked.map(async (to) => {
        const answer = await ask(`${serving.scheme}://${urlHost(to)}:${String(serving.port)}/`);
        return { to, isAnswered: answer?.status === 200 && answer.mark === serving.mark };
      }),
    );
    const silent = answers.filter(({ isAnswered }) => !isAnswered).map(({ to }) => to);
    const heard = answers.filter(({ isAnswered }) => isAnswered).map(({ to }) => to);
    const port = String(serving.port);
    if (silent.length === 0) return ok(`This computer hears itself at ${list(heard)}, port ${port}. ${limits}`);
    const cure =
      state.kind === 'proxim'
        ? 'If the Proxim that runs was started for one address alone, start it without --host; else look for a firewall on this computer.'
        : 'Look for a firewall on this computer, or for another program at this port.';
    if (answers[0]?.isAnswered !== true) {
      const [wanted = ''] = asked;
      if (isIP(wanted) === 0) {
        return failure(
          `Nobody answers at ${wanted}, port ${port}, not even to this computer.`,
          `See whether the name leads to an address of this computer: some routers hold such answers back. ${cure}`,
        );
      }
      const other = heard.length > 0 ? ` Or choose ${heard[0] ?? ''} with --address.` : '';
      return failure(`Nobody answers at ${list(silent)}, port ${port}, not even to this computer.`, `${cure}${other}`);
    }
    return warning(`${list(heard)} answers at port ${port}, ${list(silent)} does not. ${limits}`, cure);
  },
});
