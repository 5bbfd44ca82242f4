import { connectedPhones } from '../phones.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

export interface BannerProps {
  readonly store: WindowStore;
  /** Whether it offers the way to that phone; a question on the screen comes first. */
  readonly withAction: boolean;
}

/** Stands above everything else as long as somebody is connected. */
export const Banner = ({ store, withAction }: BannerProps) => {
  const connected = connectedPhones(store.phones.value);
  const [first] = connected;
  if (!first) return null;
  return (
    <div class="banner">
      <p>
        {connected.length === 1 ? (
          <>
            <bdi class="banner-name">{first.name}</bdi> {texts.banner.controls}
          </>
        ) : (
          texts.banner.several(connected.length)
        )}
      </p>
      {withAction && (
        <button
          class="button"
          type="button"
          onClick={() => {
            store.wantsCode.value = false;
          }}
        >
          {texts.banner.show}
        </button>
      )}
    </div>
  );
};
