import type { Check } from '../check.js';
import { ok, warning } from '../finding.js';
import type { Machine } from '../machine.js';

/** Whether this runs with more rights than it needs. */
export const userCheck = (machine: Pick<Machine, 'isRoot'>): Check => ({
  name: 'user',
  run: () =>
    Promise.resolve(
      machine.isRoot
        ? warning(
            'This runs as root, and Proxim needs no such rights.',
            'Start Proxim itself as the user who is logged in at the screen. The doctor sees more of the firewall as root.',
          )
        : ok('This runs with the rights of an ordinary user: Proxim needs no others.'),
    ),
});
