// Asks the npm registry for known weaknesses in what is shipped. A registry that does not answer is no clean bill.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root } from './run.mjs';

const read = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

/** What came of it: `clean`, `weak` with the packages, or `unanswered` with the reason. */
export const audit = () => {
  const args = ['audit', '--omit=dev', '--audit-level=high', '--json', '--fetch-retries=0'];
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' };
  const { stdout, stderr } = spawnSync('npm', args, options);
  const report = read(stdout ?? '');
  const counts = report.metadata?.vulnerabilities;
  if (report.auditReportVersion === undefined || counts === undefined) {
    const reason = report.message ?? report.error?.summary ?? stderr ?? '';
    return { kind: 'unanswered', reason: reason.trim().split('\n')[0] };
  }
  const weak = Object.values(report.vulnerabilities).filter(({ severity }) => ['high', 'critical'].includes(severity));
  if (weak.length === 0) return { kind: 'clean' };
  return { kind: 'weak', packages: weak.map(({ name, severity }) => `${name} (${severity})`) };
};

/** Says what came of it. False when that forbids a release. @param mayBeUnanswered a person has decided so */
export const tellAudit = (outcome, mayBeUnanswered) => {
  switch (outcome.kind) {
    case 'clean':
      console.log('No weakness of level high or critical is known in what is shipped.');
      return true;
    case 'weak':
      console.error(`Known weaknesses: ${outcome.packages.join(', ')}. See npm audit --omit=dev.`);
      return false;
    default:
      console.error(`The registry did not answer the audit, so nothing is known: ${outcome.reason}`);
      if (mayBeUnanswered) console.error('It was decided to go on without (--without-audit).');
      else console.error('Ask another registry (npm_config_registry), or decide to go on without: --without-audit');
      return mayBeUnanswered;
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!tellAudit(audit(), process.argv.includes('--without-audit'))) process.exit(1);
}
