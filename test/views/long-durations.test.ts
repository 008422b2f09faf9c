import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everything } from '../../src/core/window.ts';
import { settingsOf } from '../../src/commands/settings.ts';
import { withViews } from '../../src/commands/views.ts';
import { callLine, promptLine, resultLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventRows, syncStore } from '../helpers/store.ts';

const views = [
  'sessions',
  'tool_calls',
  'command_runs',
  'friction',
  'retry_loops',
  'error_chains',
  'daily',
  'session_gaps',
];
const session = sessionNumber(1);

/** A command, its report of the time so far, and its result twenty weeks later. */
function lines(elapsedTimeSeconds: number): readonly string[] {
  const common = (n: number, at: string) => ({ session, uuid: uuidNumber(n), at });
  const progress = {
    type: 'progress',
    ...common(3, ''),
    sessionId: session,
    timestamp: '2026-01-10T10:00:02Z',
    cwd: '/home/ann/shop',
    toolUseID: 'bash-progress-1',
    parentToolUseID: 'toolu_1',
    data: { type: 'bash_progress', output: '', fullOutput: '', elapsedTimeSeconds, totalLines: 1 },
  };
  return [
    promptLine(common(1, '2026-01-10T10:00:00Z'), 'watch the log'),
    callLine(common(2, '2026-01-10T10:00:01Z'), 'toolu_1', 'Bash', { command: 'tail -f shop.log' }),
    JSON.stringify(progress),
    resultLine(common(4, '2026-05-30T10:00:01Z'), 'toolu_1', 'Exit code 143\nstopped', true),
  ];
}

async function everyViewOf(elapsedTimeSeconds: number): Promise<string> {
  const [root, store] = [scratch(), join(scratch(), 'store')];
  writeLines(join(root, '-home-ann-shop', `${session}.jsonl`), lines(elapsedTimeSeconds));
  await syncStore({ store, roots: [root] });
  await withViews({ storeDir: store, settings: settingsOf(everything, 'UTC') }, async ({ query }) => {
    for (const view of views) await query(`select count(*), count(distinct v) from ${view} v`);
  });
  return store;
}

test('a command that ran for twenty weeks is in every view', async () => {
  const store = await everyViewOf(12_095_999);
  await withViews({ storeDir: store, settings: settingsOf(everything, 'UTC') }, async ({ query }) => {
    const { rows } = await query('select duration_s > 12095000 from command_runs');
    expect(rows).toEqual([[true]]);
  });
});

test('a duration that no clock could have measured is not kept', async () => {
  const store = await everyViewOf(1e300);
  expect(await eventRows(store, "select elapsed_s from events where kind = 'progress'")).toEqual([{ elapsed_s: null }]);
});

test('seconds of more than twelve days are microseconds, too', async () => {
  const store = await everyViewOf(1);
  await withViews({ storeDir: store, settings: settingsOf(everything, 'UTC') }, async ({ query }) => {
    const { rows } = await query('select micros(1000000)::varchar, micros(12095999.25)::varchar');
    expect(rows).toEqual([['1000000000000', '12095999250000']]);
  });
});
