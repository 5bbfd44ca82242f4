import {
  type CertificateProblem,
  coverageText,
  dateText,
  daysText,
  nameProblem,
  problemsOf,
} from '../../tls/certificate-problems.js';
import type { TlsFiles, TlsReading } from '../../tls/tls-files.js';
import type { Check } from '../check.js';
import { failure, type Finding, ok, warning } from '../finding.js';
import type { Machine } from '../machine.js';

/** What Proxim is started with, and what became of reading it. */
export interface DoctorTls extends TlsFiles {
  readonly reading: TlsReading;
}

const cures = {
  certificate_expired: 'Renew it, as docs/tls.md says for each kind of certificate.',
  certificate_not_yet: 'Set this computer’s clock, or wait.',
  certificate_ends_soon: 'Renew it, as docs/tls.md says for each kind of certificate.',
  certificate_incomplete: 'Give --tls-cert the file that holds the issuer too.',
  certificate_not_for_apple: 'Make another one, as docs/tls.md says, or use it with other phones alone.',
  certificate_other_name: 'Choose one of its names with --address, or get a certificate for this one.',
} as const;

const refusedByAll = new Set<CertificateProblem['code']>([
  'certificate_other_name',
  'certificate_expired',
  'certificate_not_yet',
]);

/**
 * Whether phones will take the page's certificate.
 *
 * @param options `linkHost`: what will stand in the QR code
 */
export const certificateCheck = (options: {
  readonly tls: DoctorTls;
  readonly linkHost: () => Promise<string>;
  readonly machine: Pick<Machine, 'wallClock' | 'canOthersRead'>;
}): Check => ({
  name: 'certificate',
  run: async (): Promise<Finding> => {
    const { tls, machine } = options;
    const { reading } = tls;
    if (reading.kind === 'fault') return failure(reading.message, 'Proxim does not start with it: see docs/tls.md.');
    const { certificate } = reading.pair;
    const now = machine.wallClock();
    const problems = problemsOf(certificate, now);
    const foreign = nameProblem(certificate, await options.linkHost());
    const severe = [foreign, ...problems].find((problem) => problem && refusedByAll.has(problem.code));
    if (severe) return failure(severe.message, cures[severe.code]);
    const [mild] = problems;
    if (mild) return warning(mild.message, cures[mild.code]);
    const { notAfter } = certificate;
    const facts = `The certificate is for ${coverageText(certificate)}, and lasts until ${dateText(notAfter)}, for ${daysText(notAfter - now)}.`;
    if (await machine.canOthersRead(tls.keyFile)) {
      return warning(
        `${facts} Other users can read its key.`,
        `Keep it to yourself: \`chmod 600 '${tls.keyFile.replaceAll("'", "'\\''")}'\``,
      );
    }
    return ok(`${facts} Whether the phone trusts its issuer, only the phone knows.`);
  },
});
