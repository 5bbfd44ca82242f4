// What the system says that a process has cost.
import { readdirSync, readFileSync } from 'node:fs';

/** Seconds of processor time that all threads of a process have had, in the kernel too. */
const processorSeconds = (pid) => {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const [ran] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
    nanoseconds += Number(ran);
  }
  return nanoseconds / 1e9;
};

/** Does `work`. @returns what came of it, with the processor time that the process had meanwhile */
export const withProcessorTime = async (pid, work) => {
  const before = processorSeconds(pid);
  const result = await work();
  return { ...result, processor: processorSeconds(pid) - before };
};
