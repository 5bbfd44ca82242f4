import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dayMs = 86_400_000;

/** `20261123093000Z` */
const asn1Time = (time: number): string => new Date(time).toISOString().replace(/\.\d+|[-:T]/g, '');

/** A certificate's files, and the flags that name them. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly flags: readonly string[];
}

interface Wishes {
  /** As OpenSSL writes them: `DNS:desk.example`, `IP:127.0.0.1`. */
  readonly names: readonly string[];
  /** Unix milliseconds; from yesterday on unless given. */
  readonly notBefore?: number;
  /** Unix milliseconds; for 30 days unless given. */
  readonly notAfter?: number;
  /** Whether it says so; it does unless this is false. */
  readonly isForServers?: boolean;
  /** More lines of X.509 extensions. */
  readonly extensions?: readonly string[];
  /** The files' names; another one for each certificate unless given. */
  readonly as?: string;
}

/** A certificate authority of the test's own, and all its files in one folder. */
export class CertificateAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'proxim-authority-'));
  readonly #root = join(this.folder, 'root.pem');
  readonly #rootKey = join(this.folder, 'root.key');
  #issued = 0;

  constructor() {
    const subject = ['-subj', '/CN=An authority for tests', '-days', '30', '-nodes'];
    this.#run('req', '-x509', ...this.#newKey(this.#rootKey), ...subject, '-out', this.#root);
    writeFileSync(join(this.folder, 'index.txt'), '');
    const lines = ['[ca]', 'default_ca=own', '[own]', 'database=index.txt', 'new_certs_dir=.', 'rand_serial=yes'];
    const policy = ['default_md=sha256', 'unique_subject=no', 'policy=any', '[any]', 'commonName=optional'];
    writeFileSync(join(this.folder, 'ca.cnf'), `${[...lines, ...policy].join('\n')}\n`);
  }

  /** The root, PEM. */
  get root(): string {
    return readFileSync(this.#root, 'utf8');
  }

  /** What Chromium's `--ignore-certificate-errors-spki-list` calls the root by: then it trusts what the root has issued. */
  get fingerprint(): string {
    const key = new X509Certificate(this.root).publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('base64');
  }

  /** Issues a certificate; the file holds the root behind it, as that of an authority with intermediates does. */
  issue(wishes: Wishes): Issued {
    this.#issued += 1;
    const { as = `server-${String(this.#issued)}`, notBefore = Date.now() - dayMs } = wishes;
    const { notAfter = Date.now() + 30 * dayMs, extensions = [] } = wishes;
    const [cert, key] = [join(this.folder, `${as}.pem`), join(this.folder, `${as}.key`)];
    const [request, own] = [join(this.folder, 'request.csr'), join(this.folder, 'own.pem')];
    const file = join(this.folder, 'extensions');
    const names = wishes.names.length === 0 ? [] : [`subjectAltName=${wishes.names.join(',')}`];
    const purpose = wishes.isForServers === false ? [] : ['extendedKeyUsage=serverAuth'];
    writeFileSync(file, [...names, ...extensions, ...purpose, 'basicConstraints=CA:FALSE', ''].join('\n'));
    this.#run('req', ...this.#newKey(key), '-nodes', '-subj', '/CN=A desk', '-out', request);
    const authority = ['-config', 'ca.cnf', '-cert', this.#root, '-keyfile', this.#rootKey, '-extfile', file];
    const dates = ['-startdate', asn1Time(notBefore), '-enddate', asn1Time(notAfter)];
    this.#run('ca', '-batch', '-notext', ...authority, ...dates, '-in', request, '-out', own);
    writeFileSync(cert, `${readFileSync(own, 'utf8')}${this.root}`);
    return { cert, key, flags: ['--tls-cert', cert, '--tls-key', key] };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #newKey(file: string): readonly string[] {
    return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', file];
  }

  #run(...args: readonly string[]): void {
    execFileSync('openssl', [...args], { cwd: this.folder, stdio: 'ignore' });
  }
}
