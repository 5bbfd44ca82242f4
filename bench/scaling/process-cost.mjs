// What a process has used, as Linux counts it.
import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells processor time in hundredths of a second. */
const ticksPerSecond = 100;

const childrenOf = (pid) =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );

const tree = (pid) => [pid, ...childrenOf(pid).flatMap(tree)];

const cpuOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

const residentOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Processor seconds of a process and its children, user and system together. */
export const cpuSeconds = (pid) => sum(tree(pid).map(cpuOf));

/** Bytes that they hold in memory. */
export const residentBytes = (pid) => sum(tree(pid).map(residentOf));
