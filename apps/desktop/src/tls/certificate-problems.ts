import type { Certificate } from './certificate.js';

/** What will make a phone refuse the page, although it can be served. */
export interface CertificateProblem {
  readonly code:
    | 'certificate_expired'
    | 'certificate_not_yet'
    | 'certificate_ends_soon'
    | 'certificate_incomplete'
    | 'certificate_not_for_apple'
    | 'certificate_other_name';
  /** One sentence, or two. */
  readonly message: string;
}

const dayMs = 86_400_000;
/** Whoever renews certificates by a program does it earlier. */
const soonMs = 7 * dayMs;

/** https://support.apple.com/en-us/103769: what iOS, iPadOS and macOS take at most. */
const longestForApple = 825 * dayMs;

/** `2026-11-23` */
export const dateText = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** `3 days`, `1 day`, `less than a day` */
export const daysText = (ms: number): string => {
  const days = Math.floor(ms / dayMs);
  if (days < 1) return 'less than a day';
  return days === 1 ? '1 day' : `${String(days)} days`;
};

/** `desk.example, *.home.example and 192.168.1.7` */
export const coverageText = ({ names, addresses }: Pick<Certificate, 'names' | 'addresses'>): string => {
  const all = [...names, ...addresses];
  if (all.length === 0) return 'no name at all';
  return all.length === 1 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
};

/** What is wrong with the certificate itself. @param now Unix milliseconds */
export const problemsOf = (certificate: Certificate, now: number): readonly CertificateProblem[] => {
  const { notBefore, notAfter, lacksIssuer, isForServers } = certificate;
  const problems: CertificateProblem[] = [];
  if (now >= notAfter) {
    const message = `The certificate ended on ${dateText(notAfter)}: phones refuse it. Renew it; Proxim takes the new file by itself.`;
    problems.push({ code: 'certificate_expired', message });
  } else if (now < notBefore) {
    const message = `The certificate begins on ${dateText(notBefore)}: until then phones refuse it. Is this computer’s clock right?`;
    problems.push({ code: 'certificate_not_yet', message });
  } else if (notAfter - now < soonMs) {
    const message = `The certificate ends in ${daysText(notAfter - now)}. Renew it; Proxim takes the new file by itself.`;
    problems.push({ code: 'certificate_ends_soon', message });
  }
  if (lacksIssuer) {
    const message =
      'The file of --tls-cert holds the certificate without its issuer: some phones refuse that. Take the file with both, often called fullchain.';
    problems.push({ code: 'certificate_incomplete', message });
  }
  if (notAfter - notBefore > longestForApple) {
    const message = `The certificate is good for ${daysText(notAfter - notBefore)}: iPhones and iPads refuse one for more than 825 days.`;
    problems.push({ code: 'certificate_not_for_apple', message });
  } else if (!isForServers) {
    const message =
      'The certificate does not say that it is a server’s (extendedKeyUsage=serverAuth): iPhones and iPads refuse it.';
    problems.push({ code: 'certificate_not_for_apple', message });
  }
  return problems;
};

/** Whether phones refuse the link’s host. @param host what stands in the QR code: a name or an address */
export const nameProblem = (certificate: Certificate, host: string): CertificateProblem | undefined => {
  if (certificate.covers(host)) return undefined;
  const message = `The certificate is not for ${host}, which stands in the code, but for ${coverageText(certificate)}: phones refuse it. Choose with --address.`;
  return { code: 'certificate_other_name', message };
};
