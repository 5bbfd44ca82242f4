import type { Check } from '../check.js';
import { type Finding, ok, warning, failure } from '../finding.js';
import type { Machine } from '../machine.js';

/**
 * Whether Proxim can keep what it keeps.
 *
 * @param options `isChosen`: by --data-dir, and then Proxim does not start without it
 */
export const dataFolderCheck = (options: {
  readonly probeFolder: Machine['probeFolder'];
  readonly folder: string;
  readonly isChosen: boolean;
}): Check => ({
  name: 'data-dir',
  run: async (): Promise<Finding> => {
    const { folder, isChosen } = options;
    const bad = isChosen ? failure : warning;
    const elsewhere = isChosen ? 'Choose another with --data-dir.' : 'Choose a folder with --data-dir.';
    const state = await options.probeFolder(folder);
    switch (state.kind) {
      case 'usable':
        return ok(state.exists ? `${folder} can be used.` : `${folder} is not there yet, and can be made.`);
      case 'not_a_folder':
        return bad(`${folder} is not a folder, or stands below a file.`, `Move that file away. ${elsewhere}`);
      case 'foreign':
        return bad(`${folder} belongs to another user.`, `Start Proxim as that user. ${elsewhere}`);
      case 'full':
        return bad(`The disk that holds ${folder} is full.`, `Free some space. ${elsewhere}`);
      case 'unusable':
        return bad(`Nothing can be written to ${folder}.`, `Give this user the right to write there. ${elsewhere}`);
      default:
        return state satisfies never;
    }
  },
});
