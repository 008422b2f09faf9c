import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import * as fc from 'fast-check';
import { bothForms, identifier, literal, parquet, WorkDuck } from '../../src/lake/duck.ts';
import type { Json } from '../../src/core/json.ts';
import { withViews } from '../../src/commands/views.ts';
import type { Views } from '../../src/views/query.ts';
import { promptLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, syncStore } from '../helpers/store.ts';
import { testSettings } from '../sql/helpers/store.ts';

const MB = 1024 * 1024;

async function openDuck(folder: string | null, spillDirectory: string | null = null): Promise<WorkDuck> {
  const duck = await WorkDuck.open({ threads: 1, memoryBytes: 64 * MB, folder, spillDirectory });
  onTestFinished(() => duck.close());
  return duck;
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a second connection of the writer answers: the first value of the first row, or why not. */
async function answer(duck: WorkDuck, sql: string): Promise<string> {
  const connection = await duck.connect();
  try {
    const [row] = (await connection.runAndReadAll(sql)).getRowsJson();
    return textOf(row?.[0]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    connection.closeSync();
  }
}

describe("the writer's engine", () => {
  const folder = (): string => {
    const root = scratch();
    for (const name of ['store', 'store-evil', 'outside']) mkdirSync(join(root, name));
    writeFileSync(join(root, 'outside', 'secret.txt'), 'secret');
    writeFileSync(join(root, 'store', 'inside.txt'), 'inside');
    symlinkSync(join(root, 'outside'), join(root, 'store', 'link'));
    return root;
  };

  test('reads and writes in the folder of the store (T13)', async () => {
    const root = folder();
    const duck = await openDuck(join(root, 'store'));
    const file = literal(join(root, 'store', 'made.parquet'));
    expect(await answer(duck, `copy (select 5 as a) to ${file} (format parquet)`)).toBe('1');
    expect(await answer(duck, `from read_parquet([${file}])`)).toBe('5');
  });

  test.each([
    ['a file elsewhere', (root: string) => `from read_text('${root}/outside/secret.txt')`],
    ['a folder whose name begins alike', (root: string) => `copy (select 1) to '${root}/store-evil/x.parquet'`],
    ['a way up', (root: string) => `copy (select 1) to '${root}/store/../x.csv'`],
    ['a link that leads out', (root: string) => `from read_text('${root}/store/link/secret.txt')`],
    ['every name of a folder', () => "from glob('/etc/*')"],
    ['a database elsewhere', (root: string) => `attach '${root}/outside/x.duckdb'`],
    ['an export', (root: string) => `export database '${root}/outside/dump'`],
    ['standard output', () => "copy (select 1) to '/dev/stdout'"],
  ])('cannot reach %s (T13)', async (_what, sql) => {
    const root = folder();
    expect(await answer(await openDuck(join(root, 'store')), sql(root))).toMatch(/Permission Error|Cannot access/);
    expect(readdirSync(join(root, 'outside'))).toEqual(['secret.txt']);
  });

  test('keeps nothing in memory of a file that it has read', async () => {
    const root = folder();
    const duck = await openDuck(join(root, 'store'));
    const file = literal(join(root, 'store', 'made.parquet'));
    await answer(
      duck,
      `copy (select range as a, md5(range::varchar) as b from range(10000)) to ${file} (format parquet)`,
    );
    expect(await answer(duck, `select count(distinct b) from read_parquet([${file}])`)).toBe('10000');
    const kept = "select sum(memory_usage_bytes)::integer from duckdb_memory() where tag = 'EXTERNAL_FILE_CACHE'";
    expect(await answer(duck, kept)).toBe('0');
  });

  test('takes no name of a file for a table (T11)', async () =>
    expect(await answer(await openDuck(null), "from '/etc/passwd'")).toMatch(/Catalog Error|Permission Error/));

  test.each([
    ['install httpfs', /Permission Error|disabled/],
    ['load httpfs', /Permission Error|disabled/],
    ["load '/tmp/evil.duckdb_extension'", /Permission Error|disabled/],
    ["create persistent secret s (type s3, key_id 'a')", /disabled|not be found|not exist/i],
    ['set enable_external_access = true', /locked/],
    ["set allowed_directories = ['/']", /locked/],
    ['reset lock_configuration', /locked/],
    ["set log_query_path = '/tmp/queries'", /locked/],
    ["set temp_directory = '/tmp'", /locked/],
  ])('refuses %s (T12)', async (sql, why) => {
    expect(await answer(await openDuck(scratch()), sql)).toMatch(why);
  });

  test('spills into the folder that it is given, which is empty afterwards, and nowhere else (T14)', async () => {
    const root = scratch();
    const spill = join(root, 'store', 'tmp');
    mkdirSync(spill, { recursive: true });
    const duck = await openDuck(join(root, 'store'), spill);
    await duck.connection.run('create table t as select md5(i::varchar) as a, i from range(1500000) r(i)');
    expect(readdirSync(spill)).not.toEqual([]);
    duck.close();
    expect(readdirSync(spill)).toEqual([]);
    expect(existsSync('.tmp')).toBe(false);
  });

  test('keeps the zone in connections that are opened later', async () =>
    expect(await answer(await openDuck(null), "select current_setting('TimeZone')")).toBe('UTC'));
});

describe('names that mean something to the engine', () => {
  const root = scratchForFile();
  const prompts = { right: join(root, 'in-right'), wrong: join(root, 'in-wrong') };

  /** The texts of the prompts, as `sesh sql` finds them. */
  async function textsIn(storeDir: string): Promise<readonly unknown[]> {
    const ask = async ({ query }: Views): Promise<readonly unknown[]> =>
      (await query("select text from events where kind = 'prompt' order by text")).rows.flat();
    return await withViews({ storeDir, settings: testSettings }, ask);
  }

  beforeAll(async () => {
    for (const [index, text] of (['right', 'wrong'] as const).entries()) {
      const session = sessionNumber(index + 1);
      const place = { session, uuid: uuidNumber(index + 1), at: '2026-02-05T10:00:00Z' };
      writeLines(join(prompts[text], 'projects', '-shop', `${session}.jsonl`), [promptLine(place, text)]);
    }
    // What a pattern would find instead.
    await syncStore({ store: join(root, 'abd'), roots: [prompts.wrong] });
    for (const other of ['acd', 'axd']) cpSync(join(root, 'abd'), join(root, other), { recursive: true });
  });

  const hostileNames = ['a[bc]d', 'a*d', `a'; drop "table" events; --\\`];

  test.each(hostileNames)('a store in a folder called %j holds and reads its own rows only (T10)', async (name) => {
    const store = join(root, name);
    await syncStore({ store, roots: [prompts.right] });
    // The second run reads what the first one wrote.
    await syncStore({ store, roots: [prompts.right], full: true });
    expect(await eventFiles(store)).toHaveLength(1);
    expect(await textsIn(store)).toEqual(['right']);
  });

  test('a store that is reached through a link is the same store', async () => {
    const store = join(root, 'store');
    await syncStore({ store, roots: [prompts.right] });
    renameSync(store, join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), store);
    await syncStore({ store, roots: [prompts.right], full: true });
    expect(await textsIn(store)).toEqual(['right']);
  });

  test('a transcript whose own name is a pattern is read, and no other (T10)', async () => {
    const names = ['?', '[id]', 'a', 'd', 'i', 'i*', '{a,b}'];
    for (const [index, name] of names.entries()) {
      const place = { session: `${name}-${index}`, uuid: uuidNumber(index + 1), at: '2026-02-05T10:00:00Z' };
      writeLines(join(root, 'in', 'projects', '-shop', `${name}.jsonl`), [promptLine(place, `text of ${name}`)]);
    }
    const store = join(root, 'patterns');
    const { files } = await syncStore({ store, roots: [join(root, 'in')] });
    expect(files).toMatchObject({ seen: 7, new: 7, unreadable: 0 });
    expect(await textsIn(store)).toEqual(names.map((name) => `text of ${name}`));
  });
});

describe('quoting', () => {
  const anyText = fc
    .string({ unit: 'binary', maxLength: 30 })
    .filter((text) => text.isWellFormed() && !text.includes('\0'));

  test('any text as a literal comes back as it was, and as an identifier names a column (T08, T09)', async () => {
    const duck = await openDuck(null);
    const hostile = fc.oneof(
      anyText,
      fc.constantFrom(`'; drop table t; --`, `"; select 1; --`, `''''`, `""`, `\\'`, '$$', 'select'),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        expect(await answer(duck, `select ${literal(text)}`)).toBe(text);
        const name = text === '' ? 'a' : text;
        const reader = await duck.connection.runAndReadAll(
          `select ${identifier(name)} from (select 1 as ${identifier(name)})`,
        );
        expect(reader.columnNames()).toEqual([name]);
      }),
      { numRuns: 300, seed: 20261129 },
    );
  });

  test('a path without a pattern is written as it is', () => {
    expect(parquet(['/a/b.parquet'])).toBe("read_parquet(['/a/b.parquet'], hive_partitioning = false)");
    expect(parquet(["/it's/[x]*?"])).toBe("read_parquet(['/it''s/[[]x][*][?]'], hive_partitioning = false)");
    expect(bothForms('/a')).toEqual(['/a']);
  });
});
