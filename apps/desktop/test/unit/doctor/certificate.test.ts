import { describe, expect, it } from 'vitest';

import { certificateCheck } from '../../../src/doctor/checks/certificate.js';
import { userCheck } from '../../../src/doctor/checks/user.js';
import type { Check } from '../../../src/doctor/check.js';
import type { Finding } from '../../../src/doctor/finding.js';
import type { Certificate } from '../../../src/tls/certificate.js';
import { fakeMachine } from './fake-machine.js';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 23, 12);

const run = (check: Check): Promise<Finding> => check.run(new AbortController().signal);

describe('the certificate', () => {
  const examine = (parts: Partial<Certificate>, keyIsOpen = false): Promise<Finding> =>
    run(
      certificateCheck({
        tls: {
          certFile: 'cert.pem',
          keyFile: "/home/o'hara/key.pem",
          reading: {
            kind: 'pair',
            pair: {
              cert: '',
              key: '',
              certificate: {
                names: ['desk.example'],
                addresses: [],
                notBefore: now - dayMs,
                notAfter: now + 30 * dayMs,
                lacksIssuer: false,
                isForServers: true,
                covers: (host) => host === 'desk.example',
                ...parts,
              },
            },
          },
        },
        linkHost: () => Promise.resolve('desk.example'),
        machine: fakeMachine({ wallClock: () => now, canOthersRead: () => Promise.resolve(keyIsOpen) }),
      }),
    );

  it('is told with its names and its end', async () => {
    expect(await examine({})).toEqual({
      result: 'ok',
      message:
        'The certificate is for desk.example, and lasts until 2026-12-23, for 30 days. Whether the phone trusts its issuer, only the phone knows.',
    });
  });

  it('fails where no phone takes it', async () => {
    expect((await examine({ notAfter: now })).result).toBe('failure');
    expect((await examine({ notBefore: now + 1 })).result).toBe('failure');
    expect((await examine({ covers: () => false })).result).toBe('failure');
  });

  it('warns of what will go wrong, or may', async () => {
    expect(await examine({ notAfter: now + 7 * dayMs })).toMatchObject({ result: 'ok' });
    expect(await examine({ notAfter: now + 7 * dayMs - 1 })).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('in 6 days') as string,
    });
    expect((await examine({ lacksIssuer: true })).result).toBe('warning');
    expect((await examine({ isForServers: false })).result).toBe('warning');
    expect((await examine({ notAfter: now + 824 * dayMs })).result).toBe('ok');
    expect((await examine({ notAfter: now + 824 * dayMs + 1 })).result).toBe('warning');
  });

  it('warns of a key that others can read, with a command that holds for any file name', async () => {
    expect(await examine({}, true)).toMatchObject({
      result: 'warning',
      cure: expect.stringContaining(String.raw`chmod 600 '/home/o'\''hara/key.pem'`) as string,
    });
  });
});

describe('the user', () => {
  it('needs no rights but those of a user', async () => {
    expect((await run(userCheck({ isRoot: false }))).result).toBe('ok');
    expect((await run(userCheck({ isRoot: true }))).result).toBe('warning');
  });
});
