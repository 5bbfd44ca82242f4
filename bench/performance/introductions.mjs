// Introductions, one after the other in each lane, for a while.

/** @returns how many were completed, and in how many seconds */
export const introduceFor = async ({ introduce, seconds, lanes }) => {
  const start = performance.now();
  const until = start + seconds * 1000;
  let completed = 0;
  const lane = async () => {
    while (performance.now() < until) {
      await introduce();
      completed += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { completed, seconds: (performance.now() - start) / 1000 };
};
