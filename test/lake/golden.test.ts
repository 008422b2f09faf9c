import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsOf } from '../../src/commands/settings.ts';
import { records, withViews } from '../../src/commands/views.ts';
import { everything } from '../../src/core/window.ts';
import { checkStore } from '../../src/lake/check.ts';
import { restoreSource } from '../../src/lake/restore.ts';
import { openStore } from '../../src/lake/store.ts';
import { sessionNumber, turn } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventRows, syncStore } from '../helpers/store.ts';

const stores = join(repository, 'fixtures', 'stores');
const releases = readdirSync(stores).filter((name) => name.startsWith('format-'));

const summary = `
  select session_id, kind, count(*)::int as n, max(text) as text, sum(output_tokens)::int as output, max(ts)::varchar as last
  from events group by session_id, kind, record_type order by all`;

const turns = (session: number, minutes: readonly number[]): string =>
  minutes.flatMap((n) => turn(sessionNumber(session), n)).join('\n');

test.each(releases)('a store as %s wrote it is read, restored and derived again as it was (F68)', async (name) => {
  const folder = scratch();
  const store = join(folder, 'store');
  cpSync(join(stores, name), store, { recursive: true });
  const rows = await eventRows(store, summary);
  const [first, second] = [sessionNumber(1), sessionNumber(2)];
  expect(rows).toEqual([
    { session_id: first, kind: 'prompt', n: 2, text: 'do step 2', output: null, last: '2026-02-05 10:02:00+00' },
    { session_id: first, kind: 'reply', n: 2, text: 'done', output: null, last: '2026-02-05 10:02:00+00' },
    { session_id: first, kind: 'usage', n: 2, text: null, output: 3, last: '2026-02-05 10:02:00+00' },
    { session_id: second, kind: 'prompt', n: 1, text: 'do step 60000', output: null, last: '2026-03-19 02:00:00+00' },
    { session_id: second, kind: 'reply', n: 1, text: 'done', output: null, last: '2026-03-19 02:00:00+00' },
    { session_id: second, kind: 'usage', n: 1, text: null, output: 60_000, last: '2026-03-19 02:00:00+00' },
  ]);

  const found = await checkStore(await openStore(store, { create: false }));
  expect(found.filter(({ level }) => level === 'error')).toEqual([]);

  const ledger = await withViews({ storeDir: store, settings: settingsOf(everything, 'UTC') }, async (views) =>
    records(await views.query('select lines, records, quarantined, events from ingest_ledger order by path')),
  );
  expect(ledger).toEqual([
    { lines: 5, records: 4, quarantined: 1, events: 6 },
    { lines: 2, records: 2, quarantined: 0, events: 3 },
  ]);

  const { chunks } = await restoreSource(await openStore(store, { create: false }), second);
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  expect(Buffer.concat(pieces).toString()).toBe(`${turns(2, [60_000])}\n`);

  const elsewhere = join(folder, 'projects');
  mkdirSync(elsewhere);
  const { problems } = await syncStore({ store, roots: [elsewhere], full: true });
  expect(problems).toEqual([]);
  expect(await eventRows(store, summary)).toEqual(rows);
});
