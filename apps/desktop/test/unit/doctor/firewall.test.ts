import { describe, expect, it } from 'vitest';

import { firewallCheck } from '../../../src/doctor/checks/firewall.js';
import type { Finding } from '../../../src/doctor/finding.js';
import type { Machine } from '../../../src/doctor/machine.js';
import { fakeMachine, says } from './fake-machine.js';

const subnet = '192.168.1.0/24';

const judge = (machine: Machine): Promise<Finding> =>
  firewallCheck({
    machine,
    opening: () => Promise.resolve({ port: 47_800, subnet, executable: machine.executable }),
  }).run(new AbortController().signal);

const commandsIn = (finding: Finding): readonly string[] =>
  finding.result === 'ok' ? [] : finding.cure.split('`').filter((_part, index) => index % 2 === 1);

const ufw = (rules: string | undefined, more: Readonly<Record<string, string>> = {}): Machine =>
  fakeMachine({
    files: {
      '/etc/ufw/ufw.conf': '# comment\nENABLED=yes\nLOGLEVEL=low\n',
      '/etc/ufw/user.rules': rules ?? null,
      ...more,
    },
  });

const nft = (rules: string, policy = 'drop'): Machine =>
  fakeMachine({
    commands: {
      'nft list ruleset': says(
        `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n` +
          `\t\tct state established,related accept\n\t\tiif "lo" accept\n${rules}\t}\n` +
          '\tchain output {\n\t\ttype filter hook output priority filter; policy accept;\n\t}\n}\n',
      ),
    },
  });

describe('the firewall of Linux', () => {
  it('ufw, whose rules an ordinary user cannot read: both commands that open it', async () => {
    const finding = await judge(ufw(undefined));
    expect(finding.result).toBe('warning');
    expect(commandsIn(finding)).toEqual(['sudo ufw allow 47800/tcp', 'sudo ufw allow proto udp from 192.168.1.0/24']);
  });

  it.each([
    ['', 'failure', 2],
    ['### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n', 'failure', 2],
    ['### tuple ### allow tcp 47800 0.0.0.0/0 any 0.0.0.0/0 out\n', 'failure', 2],
    ['### tuple ### deny tcp 47800 0.0.0.0/0 any 0.0.0.0/0 in\n', 'failure', 2],
    ['### tuple ### allow udp any 0.0.0.0/0 any 192.168.1.0/24 in\n', 'failure', 1],
    ['### tuple ### allow tcp 47800 0.0.0.0/0 any 0.0.0.0/0 in\n', 'warning', 1],
    ['### tuple ### allow tcp 80,47000:48000 0.0.0.0/0 any 0.0.0.0/0 in\n', 'warning', 1],
    ['### tuple ### allow any any 0.0.0.0/0 any 192.168.1.0/24 in\n', 'ok', 0],
    [
      '### tuple ### allow tcp 47800 0.0.0.0/0 any 0.0.0.0/0 in\n### tuple ### allow udp 32768:60999 0.0.0.0/0 any 0.0.0.0/0 in\n',
      'ok',
      0,
    ],
  ])('ufw with %j: %s', async (rules, result, commands) => {
    const finding = await judge(ufw(rules));
    expect(finding.result).toBe(result);
    expect(commandsIn(finding)).toHaveLength(commands);
  });

  it('ufw that lets everything in, or is off', async () => {
    expect((await judge(ufw('', { '/etc/default/ufw': 'DEFAULT_INPUT_POLICY="ACCEPT"\n' }))).result).toBe('ok');
    expect((await judge(ufw('', { '/etc/ufw/ufw.conf': 'ENABLED=no\n' }))).message).toBe(
      'No firewall was found on this computer.',
    );
  });

  it('firewalld: what is missing, now and for good', async () => {
    const closed = await judge(fakeMachine({ commands: { 'firewall-cmd --state': says('running\n') } }));
    expect(closed.result).toBe('warning');
    expect(commandsIn(closed)).toEqual([
      'sudo firewall-cmd --add-port=47800/tcp --add-port=32768-60999/udp',
      'sudo firewall-cmd --permanent --add-port=47800/tcp --add-port=32768-60999/udp',
    ]);
    const open = {
      'firewall-cmd --state': says('running\n'),
      'firewall-cmd --query-port=47800/tcp': says('yes\n'),
      'firewall-cmd --query-port=32768-60999/udp': says('yes\n'),
    };
    expect((await judge(fakeMachine({ commands: open }))).result).toBe('ok');
  });

  it.each([
    ['', 'drop', 'failure'],
    ['\t\ttcp dport 22 accept\n', 'drop', 'failure'],
    ['\t\ttcp dport { 22, 47800 } accept\n', 'drop', 'warning'],
    ['\t\ttcp dport 40000-50000 accept\n\t\tudp dport 32768-60999 accept\n', 'drop', 'ok'],
    ['\t\ttcp dport 47800 accept\n\t\tip saddr 192.168.1.0/24 udp dport 32768-60999 accept\n', 'drop', 'warning'],
    ['\t\tip saddr 192.168.1.0/24 accept\n', 'drop', 'warning'],
    ['\t\taccept\n', 'drop', 'ok'],
    ['\t\tct state new tcp dport 47800 accept\n', 'drop', 'warning'],
    ['\t\tmeta l4proto { tcp, udp } th dport 1024-65535 accept\n', 'drop', 'ok'],
    ['\t\tip daddr 224.0.0.251 accept\n\t\tip protocol esp accept\n', 'drop', 'failure'],
    ['', 'accept', 'ok'],
    ['\t\treject with icmp type host-prohibited\n', 'accept', 'failure'],
    ['\t\tcounter packets 3 bytes 180 drop\n', 'accept', 'failure'],
  ])('nftables with the rules %j and the policy %s: %s', async (rules, policy, result) => {
    expect((await judge(nft(rules, policy))).result).toBe(result);
  });

  it('nftables: commands for the very chain that drops', async () => {
    expect(commandsIn(await judge(nft('')))).toEqual([
      'sudo nft insert rule inet filter input tcp dport 47800 accept',
      'sudo nft insert rule inet filter input ip saddr 192.168.1.0/24 udp dport 32768-60999 accept',
    ]);
  });

  it.each([
    ['-P INPUT ACCEPT\n', 'ok'],
    ['-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n', 'failure'],
    ['-P INPUT ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\n', 'failure'],
    ['-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 47800 -j ACCEPT\n', 'warning'],
    ['-P INPUT DROP\n-A INPUT -p tcp -m state --state NEW -m tcp --dport 47800 -j ACCEPT\n', 'warning'],
    ['-P INPUT DROP\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n', 'failure'],
    ['-P INPUT DROP\n-A INPUT -s 192.168.1.0/24 -j ACCEPT\n', 'ok'],
  ])('iptables that says %j: %s', async (rules, result) => {
    expect((await judge(fakeMachine({ commands: { 'iptables -S INPUT': says(rules) } }))).result).toBe(result);
  });

  it('tables that only an administrator can read are not guessed at', async () => {
    const commands = { 'nft list ruleset': says('', 1), 'iptables -S INPUT': says('', 4) };
    expect((await judge(fakeMachine({ commands }))).result).toBe('unknown');
  });
});

describe('the firewall of macOS', () => {
  const tool = '/usr/libexec/ApplicationFirewall/socketfilterfw';
  const mac = (state: string, program = ''): Machine =>
    fakeMachine({
      platform: 'darwin',
      executable: '/Users/ada/my tools/node',
      commands: {
        [`${tool} --getglobalstate`]: says(state),
        [`${tool} --getappblocked /Users/ada/my tools/node`]: says(program),
      },
    });

  it.each([
    ['Firewall is disabled. (State = 0)', '', 'ok'],
    ['Firewall is blocking all non-essential incoming connections. (State = 2)', '', 'failure'],
    ['Firewall is enabled. (State = 1)', 'Incoming connection to the application is permitted', 'ok'],
    ['Firewall is enabled. (State = 1)', 'Incoming connection to the application is blocked', 'failure'],
    ['Firewall is enabled. (State = 1)', 'The application is not part of the firewall', 'warning'],
    ['', '', 'unknown'],
  ])('%j, %j: %s', async (state, program, result) => {
    expect((await judge(mac(state, program))).result).toBe(result);
  });

  it('is told of the program by its whole path', async () => {
    expect(commandsIn(await judge(mac('Firewall is enabled. (State = 1)')))).toEqual([
      `sudo ${tool} --add '/Users/ada/my tools/node'`,
      `sudo ${tool} --unblockapp '/Users/ada/my tools/node'`,
    ]);
  });
});

describe('the firewall of Windows', () => {
  const rule = 'netsh advfirewall firewall show rule name=Proxim';
  const state = 'netsh advfirewall show currentprofile state';
  const windows = (commands: Parameters<typeof fakeMachine>[0]): Machine =>
    fakeMachine({ platform: 'win32', executable: 'C:\\Program Files\\nodejs\\node.exe', ...commands });

  it('is open where it is off, or has a rule named Proxim', async () => {
    expect((await judge(windows({ commands: { [rule]: says('Ok.') } }))).result).toBe('ok');
    const off = { [rule]: says('', 1), [state]: says('State                                 OFF\r\nOk.\r\n') };
    expect((await judge(windows({ commands: off }))).result).toBe('ok');
  });

  it('is opened for the program', async () => {
    const finding = await judge(windows({ commands: { [rule]: says('', 1), [state]: says('State      ON\r\n') } }));
    expect(finding.result).toBe('warning');
    expect(commandsIn(finding)).toEqual([
      'netsh advfirewall firewall add rule name=Proxim dir=in action=allow program="C:\\Program Files\\nodejs\\node.exe" enable=yes',
    ]);
  });
});

it('of a system that is not known, says what has to get in', async () => {
  expect(await judge(fakeMachine({ platform: 'freebsd' }))).toMatchObject({
    result: 'unknown',
    cure: 'See that it lets TCP port 47800 and UDP in.',
  });
});
