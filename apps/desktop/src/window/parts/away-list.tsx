import { Icon } from '@proxim/ui';
import { Smartphone } from 'lucide';

import { awaySessions } from '../current-screen.js';
import { texts } from '../texts/en.js';
import { formatMoment } from '../time-text.js';
import type { WindowStore } from '../window-store.js';

/** The phones that are away and may come back without asking, each with a way to forget it. */
export const AwayList = ({ store }: { readonly store: WindowStore }) => {
  const away = store.state.value ? awaySessions(store.state.value) : [];
  if (away.length === 0) return null;
  return (
    <section class="away" aria-labelledby="away-title">
      <h2 class="label" id="away-title">
        {texts.away.title}
      </h2>
      <ul>
        {away.map(({ session, device }) => (
          <li class="away-row" key={session.sessionID}>
            <Icon of={Smartphone} size={20} />
            <p>
              <bdi>{device.name}</bdi>
              <span class="note tabular">
                {session.expiresAt === null
                  ? texts.away.always
                  : texts.away.until(formatMoment(session.expiresAt, store.clock.now()))}
              </span>
            </p>
            <button
              class="button"
              type="button"
              aria-label={texts.away.removeName(device.name)}
              onClick={() => store.send({ command: 'close', sessionID: session.sessionID })}
            >
              {texts.away.remove}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};
