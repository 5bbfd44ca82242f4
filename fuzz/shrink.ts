/** How often a failing input is tried with less in it. */
const tries = 2000;

const without = (input: string | readonly unknown[], from: number, to: number): unknown =>
  typeof input === 'string' ? input.slice(0, from) + input.slice(to) : [...input.slice(0, from), ...input.slice(to)];

/** Takes pieces out of a text or a list for as long as it fails all the same. */
export const shrink = async (input: unknown, fails: (input: unknown) => Promise<boolean>): Promise<unknown> => {
  let smallest = input;
  let left = tries;
  for (let part = 2; left > 0; part *= 2) {
    if (typeof smallest !== 'string' && !Array.isArray(smallest)) return smallest;
    const list: string | readonly unknown[] = smallest;
    const size = Math.ceil(list.length / part);
    for (let from = 0; from < (smallest as string).length && left > 0; left -= 1) {
      const less = without(smallest as string | readonly unknown[], from, from + size);
      if (await fails(less)) smallest = less;
      else from += size;
    }
    if (size <= 1) return smallest;
  }
  return smallest;
};
