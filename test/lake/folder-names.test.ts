import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withViews } from '../../src/commands/views.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, syncStore } from '../helpers/store.ts';
import { testSettings } from '../sql/helpers/store.ts';

const questions = [
  'select * exclude (source_id) from events order by event_id',
  'from sessions order by session_id',
  'from daily order by all',
  'select sessions, prompts from daily',
  'select agent, state, session_id, events, bytes from ingest_ledger order by all',
];

/** What the views say, twice: the second time of kept rows. */
async function looks(storeDir: string): Promise<readonly object[]> {
  const ask = async (): Promise<readonly object[]> =>
    await withViews({ storeDir, settings: testSettings }, async ({ query }) => {
      const answers: object[] = [];
      for (const question of questions) answers.push(await query(question));
      return answers;
    });
  return [await ask(), await ask()];
}

/** All that can be seen of a store at this place, as it grows and is derived again. */
async function seen(root: string, folder: string): Promise<readonly object[]> {
  const store = join(scratch(), folder, 'store');
  mkdirSync(join(store, '..'), { recursive: true });
  rmSync(join(root, 'projects'), { recursive: true, force: true });
  const file = (n: number): string => join(root, 'projects', '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
  for (const n of [1, 2]) {
    writeLines(file(n), turn(sessionNumber(n), n));
    await syncStore({ store, roots: [root] });
  }
  const first = await looks(store);
  appendFileSync(file(1), `${turn(sessionNumber(1), 40).join('\n')}\n`);
  const grown = await syncStore({ store, roots: [root] });
  const again = await syncStore({ store, roots: [root], full: true });
  const counts = [grown, again].map(({ files, bytes, lines, events, sessions }) => ({
    files,
    bytes,
    lines,
    events,
    sessions,
  }));
  return [first, counts, await eventFiles(store), await looks(store)];
}

test('folders on the way to the store may be called like columns and their values: that says nothing of what is in it', async () => {
  const root = scratch();
  const odd = 'user=eve/agent=x/kind=q/session_id=s/source_id=0/month=2020-01/cluster=1/path=p/event_id=e/data=d';
  expect(await seen(root, odd)).toEqual(await seen(root, 'plain'));
});
