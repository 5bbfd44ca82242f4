import { allRights } from '@proxim/control';
import { describe, expect, it } from 'vitest';

import { shownRights } from '../../src/host/shown-rights.js';

describe('what an approval grants', () => {
  it('is what the user was shown, and nothing that the computer may come to have later', () => {
    expect(shownRights(['point', 'type'], { ...allRights, type: false })).toEqual({
      view: false,
      point: true,
      type: false,
      clipboard: false,
      system: false,
    });
    expect(shownRights(['view', 'point', 'type', 'clipboard', 'system'], allRights)).toEqual(allRights);
  });
});
