import type { WindowPrompt, WindowSession, WindowState } from '../../../src/host/window-protocol.js';

/** A session that waits for a phone. */
export const sessionWith = (changes: Partial<WindowSession> = {}): WindowSession => ({
  sessionID: 's1',
  sessionType: 'temporary',
  expiresAt: 900_000,
  link: 'http://192.168.1.2:47800/#v=1',
  prompt: null,
  device: null,
  verified: false,
  direct: 'closed',
  connectedSince: null,
  lastSeenAt: null,
  label: null,
  isRemembered: false,
  rights: { view: true, point: true, type: true, clipboard: true, system: true },
  isPaused: false,
  screen: null,
  path: null,
  ...changes,
});

/** A session that a phone is connected in. */
export const connectedSession = (changes: Partial<WindowSession> = {}): WindowSession =>
  sessionWith({
    device: { name: 'Galaxy S23', id: 'device-xyz' },
    verified: true,
    direct: 'connected',
    connectedSince: 1000,
    path: { kind: 'local', roundTripMs: 7 },
    ...changes,
  });

export const promptWith = (changes: Partial<WindowPrompt> = {}): WindowPrompt => ({
  promptID: 'p1',
  deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
  verified: true,
  expiresAt: 40_000,
  totalSeconds: 40,
  ...changes,
});

export const stateWith = (changes: Partial<WindowState> = {}): WindowState => ({
  computerName: 'Study',
  isSignalingConnected: true,
  input: { isReady: true, problem: null, panicKey: null },
  abilities: ['point', 'type'],
  addresses: [{ address: '192.168.1.2', interfaceName: 'eth0', kind: 'network' }],
  address: '192.168.1.2',
  port: 47_800,
  linkProblem: null,
  sessions: [sessionWith()],
  systemQuestion: null,
  nextSession: { sessionType: 'temporary', ttlSeconds: 900 },
  notices: [{ at: 1, kind: 'session_created', deviceName: null, reason: null }],
  memoryProblem: null,
  ...changes,
});
