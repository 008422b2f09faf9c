import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { asArray, asObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { judgeActions } from '../../../src/commands/judge/actions.ts';
import { report } from '../../../src/commands/report.ts';
import { minute, sessionNumber } from '../../helpers/claude.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { syncStore } from '../../helpers/store.ts';
import { answerTo, writeSessions } from '../helpers/checked-sessions.ts';
import { invocationIn, type Machine } from '../helpers/machine.ts';
import { message, openServer } from '../helpers/server.ts';

const COUNT = 12;
const machine: Machine = { directory: scratchForFile(), store: '' };
const home = join(machine.directory, 'home');
const store = join(machine.directory, 'store');

async function run(
  command: typeof report,
  argument: readonly string[],
  flags: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { invocation, written } = invocationIn({ ...machine, store, home }, argument, { samples: '1', ...flags });
  await command(invocation);
  return written.stdout;
}

const windowed = { since: '2026-02-01', until: '2026-03-01' };
const json = (text: string): JsonObject => {
  const value: Json = JSON.parse(text);
  return asObject(value) ?? {};
};

let judged = '';

beforeAll(async () => {
  const root = join(machine.directory, 'projects');
  mkdirSync(root);
  mkdirSync(home);
  writeSessions(root, COUNT);
  await syncStore({ store, roots: [root] });
  const server = await openServer((seen) => message(answerTo(seen)));
  judged = await run(judgeActions, [], { 'base-url': server.url, provider: 'anthropic', last: '12', key: 'k' });
  await server.close();
}, 60_000);

describe('the report on verdicts that a judge really gave', () => {
  test('says how scores are spread, how many quotes hold, and why some are low, with a quote and its place', async () => {
    expect(judged).toContain('12 judged');
    const page = await run(report, [], { stdout: true, ...windowed });
    expect(page).toContain('12 sessions of 12 that can be judged have a verdict');
    expect(page).toMatch(/\| 12 \| 4 \| 0 \| 0 \| 0 \| 8 \| - \| 0 \| 0 \|/);
    expect(page).toContain('24 of 24 quotes verified.');
    expect(page).toContain('Never measured against people, so there is no mean');
    expect(page).toMatch(/\| `all_requirements_unmet` \| 4 \| /);
    expect(page).toMatch(/> \d+ failed in 2\.0s, none passed|\d+ failed in 2\.0s, none passed/);
    expect(page).not.toMatch(/## (?:People|Ranking)/);
  });

  test('gives a mean once the judge was measured against people, and says how well it agreed', async () => {
    const labels = join(machine.directory, 'labels.csv');
    const rows = Array.from({ length: COUNT }, (_, index) => {
      const n = index + 1;
      return `${sessionNumber(n)},claude-code,${n % 3 === 0 ? 1 : 5},ann,1,,`;
    });
    writeFileSync(labels, ['session_id,agent,score,labeller,guideline_version,note,split', ...rows, ''].join('\n'));
    expect(await run(judgeActions, ['calibrate', labels])).toContain('12 labelled sessions: 12 used.');
    const page = await run(report, [], { stdout: true, ...windowed });
    expect(page).toMatch(/\| 12 \| 4 \| 0 \| 0 \| 0 \| 8 \| 3\.7 \|/);
    expect(page).toContain('measured on 12 sessions (2026-02-11): quadratic-weighted kappa 1.00');
    expect(json(readFileSync(join(store, 'judge', 'calibrations.json'), 'utf8').slice(1, -2))).toMatchObject({
      sessions: 12,
    });
  });

  test('gives counts only where there are fewer than ten scores', async () => {
    const value = json(await run(report, [], { json: true, since: minute(0), until: minute(42) }));
    const judge = asObject(value['judge']);
    expect(judge?.['eligible']).toBe(4);
    expect(asArray(judge?.['versions'])).toMatchObject([{ judged: 4, distribution: [1, 0, 0, 0, 3], mean: null }]);
  });

  test('quotes nothing and names no session where only figures of groups may be shown', async () => {
    const value = json(await run(report, [], { json: true, privacy: 'aggregate', ...windowed }));
    const judge = asObject(value['judge']);
    expect(asArray(judge?.['causes'])).toMatchObject([
      { sessions: 4, quote: null, session_id: null, source_line: null },
    ]);
    expect(JSON.stringify(judge)).not.toContain(sessionNumber(3));
  });
});
