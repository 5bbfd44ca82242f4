const storageKey = 'proxim-window-token';

export interface TokenPlaces {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * The token that admits this page to the app. It comes in the fragment, leaves the address bar and the history at once,
 * and stays in the tab's storage, so that a reload finds it. Null when there never was one.
 */
export const takeToken = ({ location, history, storage }: TokenPlaces): string | null => {
  const fresh = location.hash.slice(1);
  if (fresh === '') return storage.getItem(storageKey);
  storage.setItem(storageKey, fresh);
  history.replaceState(null, '', location.pathname + location.search);
  return fresh;
};
