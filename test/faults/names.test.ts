import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsOf } from '../../src/commands/settings.ts';
import { records, withViews } from '../../src/commands/views.ts';
import { everything } from '../../src/core/window.ts';
import { sessionNumber, turn } from '../helpers/claude.ts';
import { runCli } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';
import { syncStore, treeHashes } from '../helpers/store.ts';

/** Names that a shell, a pattern, SQL, a terminal or an option parser would obey. */
const names: readonly string[] = [
  'two words',
  "it's",
  '"quoted"',
  'a;b--c',
  "'); drop table events; --",
  '100%s %d',
  '{a,b}',
  '[id]',
  '*',
  '?',
  '-rf',
  '--json',
  '$(touch pwned)',
  '`touch pwned`',
  'line\nfeed',
  'tab\tand\u001b[31mred',
  'emoji 🙂 été',
  '\u202Egnp.exe',
  'e\u0301 and \u00e9',
  'x'.repeat(255),
  '#member',
  'month=2026-01',
];

test(
  'folders of any name are read, kept, listed and restored as what they are, and their names do nothing (F69)',
  { timeout: 120_000 },
  async () => {
    const machine = scratch();
    const root = join(machine, 'home', 'projects');
    const store = join(machine, 'store');
    const paths = names.map((name, index) => {
      const path = join(root, name, `${sessionNumber(index + 1)}.jsonl`);
      mkdirSync(join(root, name), { recursive: true });
      writeFileSync(path, `${turn(sessionNumber(index + 1), index + 1).join('\n')}\n`);
      return path;
    });
    const before = treeHashes(root);
    const { files, problems, skipped } = await syncStore({ store, roots: [root] });
    expect({ read: files.new, problems, skipped }).toEqual({ read: names.length, problems: [], skipped: [] });
    const listed = await withViews({ storeDir: store, settings: settingsOf(everything, 'UTC') }, async (views) =>
      records(await views.query('select path, events from ingest_ledger order by path')),
    );
    expect(listed).toEqual(paths.toSorted().map((path) => ({ path, events: 3 })));
    for (const [index, path] of paths.entries()) {
      if (index % 4 !== 0) continue;
      const { code, stdout } = await runCli(['restore', '--stdout', path], { machine });
      expect({ code, stdout }).toEqual({ code: 0, stdout: readFileSync(path, 'utf8') });
    }
    expect((await syncStore({ store, roots: [root] })).files).toMatchObject({
      unchanged: names.length,
      new: 0,
      gone: 0,
    });
    expect(treeHashes(root)).toEqual(before);
  },
);

test('a name that is no UTF-8 is told and harms no other file (F69)', async () => {
  const machine = scratch();
  const root = join(machine, 'projects');
  const folder = Buffer.concat([Buffer.from(`${root}/-home-`), Buffer.from([0xff, 0xfe])]);
  mkdirSync(folder, { recursive: true });
  const text = `${turn(sessionNumber(1), 1).join('\n')}\n`;
  writeFileSync(Buffer.concat([folder, Buffer.from(`/${sessionNumber(1)}.jsonl`)]), text);
  mkdirSync(join(root, '-home-ann'));
  writeFileSync(join(root, '-home-ann', `${sessionNumber(2)}.jsonl`), text);
  const { files, problems, skipped } = await syncStore({ store: join(machine, 'store'), roots: [root] });
  expect({ read: files.new, unreadable: files.unreadable, problems }).toEqual({ read: 1, unreadable: 1, problems: [] });
  expect(skipped).toEqual([{ path: expect.stringContaining('-home-'), reason: 'its name is not UTF-8' }]);
});
