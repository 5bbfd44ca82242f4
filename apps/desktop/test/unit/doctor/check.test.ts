import { ManualClock } from '@proxim/protocol/testing';
import { describe, expect, it } from 'vitest';

import { type Report, runChecks } from '../../../src/doctor/check.js';
import { failure, ok, warning } from '../../../src/doctor/finding.js';
import { reportJson, reportText, summaryText } from '../../../src/doctor/report-text.js';

describe('running the checks', () => {
  it('tells what they found in their order, whichever answers first', async () => {
    const told: string[] = [];
    let answerFirst = (): void => undefined;
    const running = runChecks(
      [
        { name: 'first', run: () => new Promise((resolve) => (answerFirst = () => resolve(ok('One.')))) },
        {
          name: 'second',
          run: () => {
            answerFirst();
            return Promise.resolve(ok('Two.'));
          },
        },
      ],
      new ManualClock(),
      ({ check }) => told.push(check),
    );
    expect((await running).map(({ check }) => check)).toEqual(['first', 'second']);
    expect(told).toEqual(['first', 'second']);
  });

  it('knows nothing of a check that throws, at once or later, and goes on', async () => {
    const reports = await runChecks(
      [
        {
          name: 'throws',
          run: () => {
            throw new Error('EWEIRD: at /some/where');
          },
        },
        { name: 'rejects', run: () => Promise.reject(new Error('EWEIRD')) },
        { name: 'works', run: () => Promise.resolve(ok('Well.')) },
      ],
      new ManualClock(),
      () => undefined,
    );
    expect(reports.map(({ finding }) => finding.result)).toEqual(['unknown', 'unknown', 'ok']);
    expect(JSON.stringify(reports)).not.toContain('EWEIRD');
  });

  it('waits for a check until its time is up, and tells it so', async () => {
    const clock = new ManualClock();
    const aborted: string[] = [];
    const hang = (name: string) => (signal: AbortSignal) =>
      new Promise<never>(() => {
        signal.addEventListener('abort', () => aborted.push(name));
      });
    const running = runChecks(
      [
        { name: 'long', limitMs: 9000, run: hang('long') },
        { name: 'short', run: hang('short') },
      ],
      clock,
      () => undefined,
    );
    await Promise.resolve();
    clock.advance(5000);
    expect(aborted).toEqual(['short']);
    clock.advance(4000);
    expect((await running).map(({ finding }) => finding)).toMatchObject([
      { result: 'unknown', message: 'There was no answer within 9 seconds.' },
      { result: 'unknown', message: 'There was no answer within 5 seconds.' },
    ]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the list', () => {
  const style = { hasColour: false, width: 60, nameWidth: 8 };

  it('is aligned, and wraps sentences but no command', () => {
    const cure =
      'Let it: `sudo ufw allow 47800/tcp` and, for the direct connection, `sudo ufw allow proto udp from any`';
    const text = reportText(
      { check: 'firewall', finding: failure('The firewall ufw does not let port 47800 through.', cure) },
      style,
    );
    expect(text).toBe(
      [
        'failure  firewall  The firewall ufw does not let port 47800',
        '                   through.',
        '                   → Let it:',
        '                     sudo ufw allow 47800/tcp',
        '                     and, for the direct connection,',
        '                     sudo ufw allow proto udp from any',
        '',
      ].join('\n'),
    );
    expect(reportText({ check: 'port', finding: ok('Port 47800 is free.') }, style)).toBe(
      'ok       port      Port 47800 is free.\n',
    );
  });

  it('colours the result alone, where it may', () => {
    const text = reportText({ check: 'port', finding: ok('Free.') }, { ...style, hasColour: true });
    expect(text).toBe('\u001b[32mok       \u001b[0mport      Free.\n');
  });

  it('ends with what it comes to', () => {
    const good: Report = { check: 'a', finding: ok('Well.') };
    const doubtful: Report = { check: 'b', finding: warning('Hm.', 'Look.') };
    const bad: Report = { check: 'c', finding: failure('No.', 'Do.') };
    expect(summaryText([good])).toBe('Nothing was found that stops a phone from connecting.\n');
    expect(summaryText([good, doubtful])).toBe('Nothing was found that stops a phone from connecting. 1 warning.\n');
    expect(summaryText([bad, bad, doubtful, doubtful])).toBe('2 things stop a phone from connecting. 2 warnings.\n');
  });

  it('is one JSON object a line for scripts', () => {
    expect(reportJson({ check: 'port', finding: ok('Free.') })).toBe(
      '{"check":"port","result":"ok","message":"Free.","cure":null}\n',
    );
    expect(reportJson({ check: 'port', finding: warning('Hm.', 'Look.') })).toBe(
      '{"check":"port","result":"warning","message":"Hm.","cure":"Look."}\n',
    );
  });
});
