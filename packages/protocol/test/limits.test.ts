import {
  closeCodes,
  errorCodes,
  faultOfLimit,
  isDeliberateClose,
  limitDefinitions,
  limitNames,
  type LimitName,
  oneTimeConnectSeconds,
  ProximError,
  rejectedReasons,
  sessionClosedReasons,
  withDefaultLimits,
} from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

describe('the defaults', () => {
  const defaults: Readonly<Record<LimitName, readonly [rules: string, value: number]>> = {
    pairingTimeoutSeconds: ['[PA1] [PA7]', 40],
    sessionTtlSeconds: ['[EX1] [EX3]', 900],
    desktopGraceSeconds: ['[CB2]', 60],
    handshakeTimeoutSeconds: ['[LI11]', 10],
    responseTimeoutSeconds: ['[LI11]', 60],
    roleTimeoutSeconds: ['[RO6]', 900],
    heartbeatSeconds: ['[LI7]', 15],
    heartbeatGraceSeconds: ['[LI7]', 10],
    maxAttempts: ['[AT5]', 5],
    maxMessageBytes: ['[TR4]', 65_536],
    maxBufferedBytes: ['[LI8]', 1_048_576],
    signalBurst: ['[LI1]', 200],
    signalRate: ['[LI1]', 50],
    pairBurst: ['[LI2]', 10],
    pairRate: ['[LI2]', 0.1667],
    requestBurst: ['[LI13]', 200],
    requestRate: ['[LI13]', 20],
    addressBurst: ['[LI18]', 300],
    addressRate: ['[LI18]', 200],
    maxSessionsPerConnection: ['[LI5]', 16],
    maxConnectionsPerAddress: ['[LI6]', 64],
    maxConnections: ['[LI6]', 100_000],
    maxSessions: ['[LI5]', 100_000],
  };

  for (const [name, [rules, value]] of Object.entries(defaults)) {
    it(`[LI10] ${rules} ${name} is ${value}`, () => {
      expect(withDefaultLimits()).toHaveProperty(name, value);
    });
  }

  it('[LI10] are all of them, and each makes sense', () => {
    expect([...limitNames].sort()).toEqual(Object.keys(defaults).sort());
    for (const name of limitNames) {
      expect(faultOfLimit(name, limitDefinitions[name].default), name).toBeUndefined();
      expect(limitDefinitions[name].meaning).not.toBe('');
    }
  });

  it('[EX8] a one_time session has 60 seconds to connect directly', () => {
    expect(oneTimeConnectSeconds).toBe(60);
  });

  it('[LI10] one that is given replaces the default, the others stay', () => {
    expect(withDefaultLimits({ pairingTimeoutSeconds: 5 })).toEqual({
      ...withDefaultLimits(),
      pairingTimeoutSeconds: 5,
    });
  });
});

describe('a value that makes no sense', () => {
  for (const name of limitNames) {
    const { min, max, integer } = limitDefinitions[name];
    it(`[LI10] is refused for ${name}`, () => {
      const bad = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, min / 2, max + 1, ...(integer ? [min + 0.5] : [])];
      for (const value of bad) expect(faultOfLimit(name, value), String(value)).toMatch(/^is not/);
      for (const value of [min, max]) expect(faultOfLimit(name, value)).toBeUndefined();
    });
  }
});

describe('codes and reasons', () => {
  it('[ER2] [ER3] [ER4] [ER5] [ER6] [ER7] [ER8] [ER9] the errors', () => {
    expect([...errorCodes].sort()).toEqual(
      [
        'bad_message',
        'unknown_type',
        'not_allowed',
        'unauthorized',
        'session_not_found',
        'session_exists',
        'session_busy',
        'not_paired',
        'peer_unavailable',
        'rate_limited',
        'capacity',
        'shutting_down',
      ].sort(),
    );
  });

  it('[MS18] [MS13] the reasons', () => {
    expect(sessionClosedReasons).toEqual([
      'expired',
      'closed_by_desktop',
      'desktop_lost',
      'too_many_attempts',
      'server_shutdown',
    ]);
    expect(rejectedReasons).toEqual(['rejected_by_user', 'timeout', 'desktop_left', 'expired', 'server_shutdown']);
  });

  it('[CL1] [CL2] [CL3] [CL4] [CL5] the close codes', () => {
    expect(closeCodes).toMatchObject({
      goingAway: 1001,
      unsupportedData: 1003,
      policyViolation: 1008,
      messageTooBig: 1009,
      tryAgainLater: 1013,
      replaced: 4000,
      noRole: 4001,
      heartbeatLost: 4002,
    });
  });

  it('[CB1] 1000 and 1005 are left, all else is lost', () => {
    const deliberate = [1000, 1001, 1002, 1005, 1006, 1011, 3000, 4000, 4001, 4002].filter(isDeliberateClose);
    expect(deliberate).toEqual([1000, 1005]);
  });

  it('[ER1] an error for programs keeps its cause', () => {
    const cause = new Error('no route');
    const error = new ProximError('cannot_listen', 'Cannot listen.', { cause });
    expect(error).toMatchObject({ name: 'ProximError', code: 'cannot_listen', message: 'Cannot listen.', cause });
    expect(error).toBeInstanceOf(Error);
  });
});
