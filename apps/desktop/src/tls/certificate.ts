import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate, as far as it matters to whoever is to trust it. */
export interface Certificate {
  /** Host names, in lower case, as the certificate has them: `desk.example`, `*.home.example`. */
  readonly names: readonly string[];
  /** IP addresses, as the certificate has them. */
  readonly addresses: readonly string[];
  /** Unix milliseconds. */
  readonly notBefore: number;
  /** Unix milliseconds. */
  readonly notAfter: number;
  /** Whether an issuer that stands between it and its root is missing in the file, as far as that can be seen. */
  readonly lacksIssuer: boolean;
  /** Whether it says that it is a server's (RFC 5280, section 4.2.1.12). */
  readonly isForServers: boolean;
  /** Whether browsers take it for this name or address. */
  covers(host: string): boolean;
}

/** The certificates in a PEM text, each a text of its own. */
export const certificatesIn = (pem: string): readonly string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];

/** `DNS:desk.example, IP Address:192.168.1.7`; what has to be quoted there is no name that a browser would ask for. */
const alternativeNames = (certificate: X509Certificate, kind: 'DNS' | 'IP Address'): readonly string[] =>
  (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const value = entry.startsWith(`${kind}:`) ? entry.slice(kind.length + 1) : '';
    return /^[\w.*:-]+$/.test(value) ? [value.toLowerCase()] : [];
  });

/** An issuer that can be fetched stands between: roots are in the phone and fetched from nowhere (RFC 5280, 4.2.2.1). */
const namesFetchableIssuer = ({ infoAccess }: X509Certificate): boolean => infoAccess?.includes('CA Issuers') ?? false;

/** id-kp-serverAuth */
const serverAuth = '1.3.6.1.5.5.7.3.1';

/** Reads the first certificate of a PEM text, which is the server's own. Undefined when there is none. */
export const readCertificate = (pem: string): Certificate | undefined => {
  const [first, ...issuers] = certificatesIn(pem);
  if (first === undefined) return undefined;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(first);
  } catch {
    return undefined;
  }
  return {
    names: alternativeNames(certificate, 'DNS'),
    addresses: alternativeNames(certificate, 'IP Address'),
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    lacksIssuer: issuers.length === 0 && namesFetchableIssuer(certificate),
    // Node's types do not say that it is undefined where the certificate tells no purpose.
    isForServers: [certificate.keyUsage].flat().includes(serverAuth),
    // RFC 9110, section 4.3.4: the subject's common name does not count.
    covers: (host) =>
      isIP(host) === 0
        ? certificate.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined
        : certificate.checkIP(host) !== undefined,
  };
};
