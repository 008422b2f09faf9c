import { describe, expect, test } from 'vitest';
import type { Alert } from '../../src/report/alerts/alerts.ts';
import { SeshError, type ExitCode } from '../../src/core/errors.ts';
import type { Window } from '../../src/core/window.ts';
import { isWorthSaying, nightly, nightlyLine, type StepOutcome } from '../../src/report/nightly.ts';

const started = Date.UTC(2026, 1, 11, 23, 30) * 1000;

/** A clock that is 1.25 s further each time it is read. */
function clock(): () => number {
  let reads = -1;
  return () => started + (reads += 1) * 1_250_000;
}

const fine = async (): Promise<StepOutcome> => ({ exitCode: 0, summary: 'done' });
const failing = (exitCode: ExitCode) => async (): Promise<StepOutcome> => {
  throw new SeshError('It broke.', { exitCode, hint: 'Mend it.' });
};

test('sync comes first, then the report of the last day, named after the day in the zone, then what nobody waits for', async () => {
  const calls: unknown[] = [];
  const record = await nightly(
    {
      sync: async () => {
        calls.push('sync');
        return { exitCode: 0, summary: '12 files, 3 new' };
      },
      report: async (window: Window, date: string) => {
        calls.push(window, date);
        return { exitCode: 3, summary: 'reports/2026-02-12.md' };
      },
      tidy: async () => {
        calls.push('tidy');
        return { exitCode: 0, summary: 'nothing' };
      },
    },
    { since: undefined, zone: 'Europe/Berlin', now: clock() },
  );
  expect(calls).toEqual([
    'sync',
    { since: started - 86_400_000_000, until: started, anchor: 'activity' },
    '2026-02-12',
    'tidy',
  ]);
  expect(record).toEqual({
    started_at: '2026-02-11T23:30:00.000Z',
    took_s: 1.3,
    exit_code: 3,
    steps: [
      { name: 'sync', exit_code: 0, summary: '12 files, 3 new' },
      { name: 'report', exit_code: 3, summary: 'reports/2026-02-12.md' },
      { name: 'tidy', exit_code: 0, summary: 'nothing' },
    ],
    alerts: [],
  });
  expect(nightlyLine(record)).toBe(
    'nightly: sync 12 files, 3 new; report (with data problems) reports/2026-02-12.md; 1.3 s',
  );
});

test('a sync that fails does not keep the report from being written', async () => {
  const record = await nightly(
    { sync: failing(1), report: fine, tidy: fine },
    { since: '2d', zone: 'UTC', now: clock() },
  );
  expect(record.exit_code).toBe(1);
  expect(nightlyLine(record)).toBe('nightly: sync FAILED: It broke. Mend it.; report done; 1.3 s');
});

test('where another run holds the lock nothing else is done', async () => {
  const record = await nightly(
    { sync: failing(75), report: fine, tidy: fine },
    { since: '2d', zone: 'UTC', now: clock() },
  );
  expect(record.steps).toEqual([{ name: 'sync', exit_code: 75, summary: 'It broke. Mend it.' }]);
  expect(record.exit_code).toBe(75);
});

test('a store is tidied only after a sync that went well, and told of only where that fails', async () => {
  const options = { since: '2d', zone: 'UTC', now: clock() };
  const unsynced = await nightly({ sync: failing(1), report: fine, tidy: fine }, options);
  expect(unsynced.steps.map(({ name }) => name)).toEqual(['sync', 'report']);
  const failed = await nightly({ sync: fine, report: fine, tidy: failing(1) }, options);
  expect(failed.exit_code).toBe(1);
  expect(nightlyLine(failed)).toContain('; tidy FAILED: It broke. Mend it.;');
});

test.each([
  [0, 0, 0],
  [3, 0, 3],
  [0, 3, 3],
  [3, 1, 1],
  [1, 3, 1],
] as const)('steps that end with %i and %i end the night with %i', async (sync, report, expected) => {
  const ending = (exitCode: ExitCode) => async (): Promise<StepOutcome> => ({ exitCode, summary: '' });
  const record = await nightly(
    { sync: ending(sync), report: ending(report), tidy: fine },
    { since: '1d', zone: 'UTC', now: clock() },
  );
  expect(record.exit_code).toBe(expected);
});

test('a wrong --since is refused before anything runs', async () => {
  const never = async (): Promise<StepOutcome> => {
    throw new Error('must not run');
  };
  await expect(
    nightly({ sync: never, report: never, tidy: never }, { since: 'soon', zone: 'UTC', now: clock() }),
  ).rejects.toThrow(/Expected --since/);
});

test('a bug is told from an expected failure', async () => {
  const bug = async (): Promise<StepOutcome> => {
    throw new TypeError('x is not a function');
  };
  const record = await nightly({ sync: fine, report: bug, tidy: fine }, { since: '1d', zone: 'UTC', now: clock() });
  expect(record.steps[1]).toEqual({
    name: 'report',
    exit_code: 1,
    summary: 'an unexpected error, a bug in sesh: x is not a function',
  });
});

describe('alerts', () => {
  const reporting = (alerts: readonly Alert[]) => async (): Promise<StepOutcome> => ({
    exitCode: 0,
    summary: 'page.md',
    alerts,
  });
  const run = (alerts: readonly Alert[]) =>
    nightly({ sync: fine, report: reporting(alerts), tidy: fine }, { since: '1d', zone: 'UTC', now: clock() });

  test('one that fires ends the night with data problems and is named with its value', async () => {
    const record = await run([
      { condition: 'sessions > 100', value: 12, fired: false },
      { condition: 'friction.permission.rate > 0.3', value: 0.42, fired: true },
    ]);
    expect([record.exit_code, isWorthSaying(record)]).toEqual([3, true]);
    expect(nightlyLine(record)).toBe(
      'nightly: sync done; report page.md; ALERT friction.permission.rate > 0.3 (it is 0.42); 1.3 s',
    );
  });

  test('a figure that is not known does not fire and is said', async () => {
    const record = await run([{ condition: 'cost_usd > 3', value: null, fired: false }]);
    expect([record.exit_code, isWorthSaying(record)]).toEqual([0, true]);
    expect(nightlyLine(record)).toBe(
      'nightly: sync done; report page.md; not known, so not checked: cost_usd > 3; 1.3 s',
    );
  });

  test('where none fires there is nothing to say', async () => {
    expect(isWorthSaying(await run([{ condition: 'sessions > 100', value: 12, fired: false }]))).toBe(false);
  });
});
