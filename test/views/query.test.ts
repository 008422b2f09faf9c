import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '../../src/lake/schema.ts';
import { openViews, type QueryParameter, type Views } from '../../src/views/query.ts';
import { testSettings, writeLake } from '../sql/helpers/store.ts';

// Brackets, a star and a quote, because DuckDB takes them for patterns and SQL.
const parent = mkdtempSync(`${tmpdir()}/sesh-views-`);
const storeDir = `${parent}/it's [a] st*re`;
let views: Views;

beforeAll(async () => {
  const event = {
    agent: 'claude-code',
    session_id: 's',
    thread_id: 'main',
    seq: 0,
    ts_source: 'event',
    kind: 'prompt',
  };
  const files = await writeLake(storeDir, {
    events: [
      { ...event, ts: '2026-03-01T10:00:00.123456Z', text: "Bobby'); drop table events;--" },
      { ...event, ts: '2026-03-01T10:00:01Z', seq: 1 },
    ],
  });
  const [eventsFile = ''] = files.events;
  copyFileSync(eventsFile, `${storeDir}/unnamed.parquet`);
  views = await openViews({ storeDir, files, settings: testSettings, threads: 1 });
});
afterAll(() => {
  views.close();
  rmSync(parent, { recursive: true });
});

async function only(sql: string, parameters: readonly QueryParameter[] = []): Promise<unknown> {
  return (await views.query(sql, parameters)).rows[0]?.[0];
}

describe('values are JSON', () => {
  test.each([
    ['9007199254740991::bigint', 9_007_199_254_740_991],
    ['9007199254740992::bigint', '9007199254740992'],
    ['sum(2::bigint)', 2],
    ["'-170141183460469231731687303715884105728'::hugeint", '-170141183460469231731687303715884105728'],
    ['1.500000::decimal(18, 6)', 1.5],
    ['9007199254.740993::decimal(18, 6)', '9007199254.740993'],
    ['0.25::double', 0.25],
    ["'nan'::double", 'NaN'],
    ["'2026-03-01T10:00:00Z'::timestamptz", '2026-03-01T10:00:00.000Z'],
    ["'2026-03-01T10:00:00.123456Z'::timestamptz", '2026-03-01T10:00:00.123456Z'],
    ["'1969-12-31T23:59:59.999999Z'::timestamptz", '1969-12-31T23:59:59.999999Z'],
    ["'2026-03-01 10:00:00.5'::timestamp", '2026-03-01T10:00:00.500Z'],
    ["'infinity'::timestamptz", 'infinity'],
    ["'2026-03-01'::date", '2026-03-01'],
    ["['a', null]", ['a', null]],
    ["{a: 1::bigint, b: ['2026-03-01'::date]}", { a: 1, b: ['2026-03-01'] }],
    ["map {'a': 1}", [{ key: 'a', value: 1 }]],
    [String.raw`'\x00\xFF'::blob`, '00ff'],
    ['true', true],
    ['null', null],
  ])('%s', async (sql, expected) => {
    expect(await only(`select ${sql}`)).toEqual(expected);
  });
});

test('columns have names and types', async () => {
  expect(await views.query('select 1::bigint as a, [1.5::decimal(4, 1)] as b, text as c from events limit 0')).toEqual({
    columns: [
      { name: 'a', type: 'BIGINT' },
      { name: 'b', type: 'DECIMAL(4,1)[]' },
      { name: 'c', type: 'VARCHAR' },
    ],
    rows: [],
  });
});

test('no more rows than wanted are read', async () => {
  const { columns, rows } = await views.query('from range(100000)', [], 3);
  expect({ columns, rows }).toEqual({ columns: [{ name: 'range', type: 'BIGINT' }], rows: [[0], [1], [2]] });
});

test('explain draws the plan of a SELECT, and analyze runs it', async () => {
  const plan = await views.query('EXPLAIN\n select kind, count(*) from events group by kind');
  const analyzed = await views.query(' explain analyze from events where session_id = $1', ['s']);
  expect(plan.rows).toEqual([['physical_plan', expect.stringContaining('READ_PARQUET')]]);
  expect(analyzed.rows).toEqual([['analyzed_plan', expect.stringContaining('Total Time')]]);
});

test.each([
  ['explain delete from events', 'Expected a SELECT, got another kind of statement.'],
  ['explain analyze copy events to $1', 'Expected a SELECT, got another kind of statement.'],
  ['explain analyze explain select 1', 'Expected a SELECT, got another kind of statement.'],
  ['explain select 1; select 2', 'Expected one statement, got several.'],
  ["explain analyze from query('select 1')", 'The function query cannot be used here.'],
])('%j is refused', async (sql, message) => {
  await expect(views.query(sql)).rejects.toThrow(message);
});

test('parameters are bound, never spliced (T08)', async () => {
  expect(await only('select count(*) from events where text = $1', ["Bobby'); drop table events;--"])).toBe(1);
  expect(await only('select [$1, $2::varchar, $3::varchar]', ['a', 2, null])).toEqual(['a', '2', null]);
});

test('events, the marts and the other schemas answer; two queries at once may need the same view', async () => {
  const counts = await Promise.all(
    ['events', 'main.events', 'lake.events', 'staging.events', 'SESSIONS', 'sessions', 'active_time(600)'].map((name) =>
      only(`select count(*) from ${name}`),
    ),
  );
  expect(counts).toEqual([2, 2, 2, 2, 1, 1, 1]);
});

test('show tables lists what people ask for', async () => {
  const { rows } = await views.query('show tables');
  expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(['daily', 'events', 'model_usage', 'sessions']));
  expect(await only("select count(*) from information_schema.tables where table_schema = 'checks'")).toBeGreaterThan(0);
});

test('describe knows a view that was never asked for', async () => {
  expect(await only('describe ingest_ledger')).toBe('source_id');
});

describe('anything but one SELECT is refused (T11, T12, T13)', () => {
  test.each([
    ["copy (select 1) to 'out.csv'", /another kind of statement/],
    ['create table t as select 1', /another kind of statement/],
    ['drop view events', /another kind of statement/],
    ["attach 'x.db'", /another kind of statement/],
    ['set threads = 8', /another kind of statement/],
    ['pragma enable_profiling', /another kind of statement/],
    ["explain analyze copy (select 1) to 'x'", /another kind of statement/],
    ['install httpfs', /another kind of statement/],
    ['select 1; select 2', /got several/],
    ['', /got nothing/],
    ['-- only a comment', /got nothing/],
    ['selec 1', /cannot be read: syntax error at or near "selec"/],
    ["from enable_logging('QueryLog', storage = 'stdout')", /enable_logging cannot be used/],
    ['from system.main.enable_profiling()', /enable_profiling cannot be used/],
    ["from query('select 1')", /query cannot be used/],
    ["from read_text('/etc/hostname')", /read_text cannot be used/],
    ["select (select content from read_text('/etc/hostname'))", /read_text cannot be used/],
    ["from glob('/etc/*')", /glob cannot be used/],
    ["from '/etc/hostname.csv'", /disabled by configuration/],
    ['select no_such_column from events', /Binder Error/],
    ['from no_such_view', /Catalog Error/],
  ])('%s', async (sql, message) => {
    await expect(views.query(sql)).rejects.toThrow(message);
  });

  test('a file of the store that the log does not name', async () => {
    const path = `${storeDir}/unnamed.parquet`.replaceAll("'", "''");
    await expect(views.query(`from '${path}'`)).rejects.toThrow(/disabled by configuration/);
  });
});

test('the place for spilling is private (F71, T14)', () => {
  expect(statSync(`${storeDir}/tmp/duckdb`).mode & 0o777).toBe(0o700);
});

test('a large sort spills instead of failing', async () => {
  const small = await openViews({
    storeDir,
    files: { events: [`${storeDir}/events.parquet`], sources: [], quarantine: [] },
    settings: testSettings,
    threads: 1,
    memoryBytes: 64 * 1024 ** 2,
  });
  const sql = 'select max(a) from (select md5(i::varchar) as a from range(2000000) r(i) order by a limit 1900000)';
  expect((await small.query(sql)).rows).toHaveLength(1);
  small.close();
});

test('without files every table is there, with its columns and no rows', async () => {
  const empty = await openViews({
    storeDir: `${parent}/absent`,
    files: { events: [], sources: [], quarantine: [] },
    settings: testSettings,
  });
  for (const name of ['events', 'sources', 'quarantine'] as const) {
    const result = await empty.query(`from lake.${name}`);
    expect(result).toEqual({
      columns: tables[name].columns.map((column) => ({ name: column.name, type: expect.any(String) })),
      rows: [],
    });
  }
  expect((await empty.query('from sessions')).rows).toEqual([]);
  expect((await empty.query('from daily')).rows).toEqual([]);
  empty.close();
  expect(() => statSync(`${parent}/absent`)).toThrow(/ENOENT/);
});

test('the settings of the run are in staging.settings', async () => {
  const set = await openViews({
    storeDir: `${parent}/absent`,
    files: { events: [], sources: [], quarantine: [] },
    settings: {
      gapS: 300.5,
      zone: 'Europe/Berlin',
      sinceMicros: 1_772_359_200_000_001,
      untilMicros: null,
      anchor: 'start',
      slowCommandS: 30,
      fixAnchor: 'event',
      seeds: [],
    },
  });
  expect((await set.query('from staging.settings')).rows).toEqual([
    [300.5, 'Europe/Berlin', '2026-03-01T10:00:00.000001Z', null, 'start', 'event', 30],
  ]);
  set.close();
});
