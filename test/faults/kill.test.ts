import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSnapshot } from '../../src/lake/log.ts';
import { steps } from '../../src/rehearsal/step.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore } from '../helpers/store.ts';

const damagedTurn = (session: string, n: number): readonly string[] => [
  ...turn(session, n),
  'this line cannot be read',
];

const folder = scratchForFile();
const root = join(folder, 'projects');
const file = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
mkdirSync(root);
writeLines(file(1), damagedTurn(sessionNumber(1), 1));

/** The store after one sync; then one file grows and one is new, so that the second sync adds, removes and replaces. */
const before = join(folder, 'before');
const undisturbed = join(folder, 'undisturbed');
await syncStore({ store: before, roots: [root] });
appendFileSync(file(1), `${damagedTurn(sessionNumber(1), 2).join('\n')}\n`);
writeLines(file(2), [...damagedTurn(sessionNumber(2), 1), ...damagedTurn(sessionNumber(2), 30)]);
cpSync(before, undisturbed, { recursive: true });
await syncStore({ store: undisturbed, roots: [root] });

function syncUntil(store: string, crashAt: string): boolean {
  const env = { HOME: folder, SESH_HOME: store, TZ: 'UTC', SESH_CRASH_AT: crashAt, SESH_NOW: '2026-02-11T16:00:00Z' };
  const run = spawnSync(process.execPath, [join(repository, 'dist', 'cli.js'), 'sync', '--root', root], { env });
  return run.signal === 'SIGKILL';
}

const summaryOf = `select kind, session_id, count(*)::int as n from events group by all order by all`;

describe('kill -9', () => {
  test.each(steps)(
    'at every %s of a sync leaves a whole store that the next run finishes (P6, F01)',
    { timeout: 120_000 },
    async (step) => {
      for (let n = 1; ; n += 1) {
        const store = join(scratch(), 'store');
        cpSync(before, store, { recursive: true });
        const killed = syncUntil(store, `${step}:${n}`);
        const between = await eventRows(store, summaryOf);
        expect([await eventRows(before, summaryOf), await eventRows(undisturbed, summaryOf)]).toContainEqual(between);
        const summary = await syncStore({ store, roots: [root] });
        expect(summary.problems).toEqual([]);
        expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
        expect(await archivedBytes(store)).toEqual(await archivedBytes(undisturbed));
        expect((await syncStore({ store, roots: [root] })).files).toMatchObject({ new: 0, grown: 0, unchanged: 2 });
        if (!killed) break;
      }
    },
  );
});

/** Each archived chunk once: a chunk that was archived twice would be counted twice by `restore`. */
async function archivedBytes(store: string): Promise<readonly string[]> {
  const { files } = await readSnapshot(join(store, 'raw'));
  return files.map(({ path, records }) => `${path} ${records}`);
}
