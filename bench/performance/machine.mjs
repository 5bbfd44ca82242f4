// What a run was made on.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

const require = createRequire(import.meta.url);

/** The version of a package that is installed; some do not let their package.json be asked for. */
const versionOf = (name) => {
  for (const folder of require.resolve.paths(name)) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
};

/** The machine's facts, taken as the run begins: pairs of a name and what there is to say. */
export const machineFacts = () => [
  ['processor', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`],
  ['memory', `${(totalmem() / 1024 ** 3).toFixed(0)} GiB`],
  ['kernel', `${type()} ${release()}`],
  ['Node', process.version],
  ['packages', ['ws', 'peer', 'y-webrtc', 'node-datachannel'].map((name) => `${name} ${versionOf(name)}`).join(', ')],
  ['date', new Date().toISOString().slice(0, 10)],
  ['load before the run', loadavg()[0].toFixed(2)],
];
