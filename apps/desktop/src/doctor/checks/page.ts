import type { Check } from '../check.js';
import { failure, ok } from '../finding.js';

/** Whether the phone's page is there to be served. */
export const pageCheck = (options: { readonly isBuilt: () => Promise<boolean> }): Check => ({
  name: 'page',
  run: async () =>
    (await options.isBuilt())
      ? ok('The phone’s page is built.')
      : failure('The phone’s page is not built.', 'Build it: `npm run build`'),
});
