/** What is used of `localStorage` and `sessionStorage`. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Storage that a browser may forbid (private mode, a full disk): then nothing is kept, and nothing fails. */
export interface KeptText {
  read(): string | undefined;
  write(text: string): void;
  clear(): void;
}

/**
 * One text that is kept under `key`.
 *
 * @param open gives the storage: reaching for it is what some browsers forbid already
 */
export const keptText = (open: () => TextStorage, key: string): KeptText => {
  const attempt = <Value>(action: (storage: TextStorage) => Value): Value | undefined => {
    try {
      return action(open());
    } catch {
      return undefined;
    }
  };
  return {
    read: () => attempt((storage) => storage.getItem(key)) ?? undefined,
    write: (text) => {
      attempt((storage) => {
        storage.setItem(key, text);
      });
    },
    clear: () => {
      attempt((storage) => {
        storage.removeItem(key);
      });
    },
  };
};

/** Whatever a value is, its fields to look at; undefined when it is no object. */
export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;

/** Reads JSON that this page once wrote, and that may be anything by now. */
export const parseKept = (text: string | undefined): Fields | undefined => {
  if (text === undefined) return undefined;
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
};
