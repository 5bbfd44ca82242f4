import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

import { type Certificate, certificatesIn, readCertificate } from './certificate.js';

/** What the flags name. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate and its key, checked. */
export interface TlsPair {
  /** PEM, with the issuers that the file holds. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  readonly certificate: Certificate;
}

/** Why there is none. The message names the flag. */
export interface TlsFault {
  readonly kind: 'fault';
  readonly code: 'cannot_read' | 'bad_tls';
  readonly message: string;
}

export type TlsReading = { readonly kind: 'pair'; readonly pair: TlsPair } | TlsFault;

const fault = (message: string, code: TlsFault['code'] = 'bad_tls'): TlsFault => ({ kind: 'fault', code, message });

const readText = (flag: string, file: string): string | TlsFault => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return fault(`${flag}: there is no file ${file}.`, 'cannot_read');
    if (code === 'EACCES') return fault(`${flag}: this user may not read the file ${file}.`, 'cannot_read');
    return fault(`${flag}: the file ${file} cannot be read.`, 'cannot_read');
  }
};

const isEncrypted = (key: string): boolean =>
  key.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || /^Proc-Type: 4,ENCRYPTED/m.test(key);

const readKey = (pem: string): KeyObject | undefined => {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
};

const readX509 = (pem: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
};

/** Why OpenSSL does not take the two, where they are what they should be: a key that is too short, for one. */
const refusalOf = (pair: { readonly cert: string; readonly key: string }): string | undefined => {
  try {
    createSecureContext(pair);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Reads a certificate and its key, and makes sure that they can be served. */
export const readTlsFiles = ({ certFile, keyFile }: TlsFiles): TlsReading => {
  const cert = readText('--tls-cert', certFile);
  if (typeof cert !== 'string') return cert;
  const key = readText('--tls-key', keyFile);
  if (typeof key !== 'string') return key;

  const certificate = readCertificate(cert);
  if (!certificate) {
    const swapped = cert.includes('PRIVATE KEY-----') ? ', but a key: are the two files swapped?' : ' in PEM.';
    return fault(`--tls-cert: the file ${certFile} holds no certificate${swapped}`);
  }
  if (isEncrypted(key)) {
    return fault(`--tls-key: the key in ${keyFile} is locked with a passphrase. Unlock it with: openssl pkey -in FILE`);
  }
  const privateKey = readKey(key);
  if (!privateKey) return fault(`--tls-key: the file ${keyFile} holds no private key in PEM.`);

  const [first, ...others] = certificatesIn(cert).map(readX509);
  if (first?.checkPrivateKey(privateKey) !== true) {
    if (others.some((other) => other?.checkPrivateKey(privateKey) === true)) {
      return fault(
        `--tls-cert: the certificate of the key does not stand first in ${certFile}; its issuers follow it.`,
      );
    }
    return fault(`--tls-key: the key in ${keyFile} does not belong to the certificate in ${certFile}.`);
  }
  const refusal = refusalOf({ cert, key });
  if (refusal !== undefined) return fault(`--tls-cert, --tls-key: they cannot be used (${refusal}).`);
  return { kind: 'pair', pair: { cert, key, certificate } };
};
