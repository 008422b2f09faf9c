import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asText, type JsonObject } from '../../src/core/json.ts';
import { openKept } from '../../src/views/kept/kept.ts';
import { readManifest } from '../../src/views/kept/manifest.ts';
import { rangesOf, type EventFile } from '../../src/views/kept/ranges.ts';
import type { ViewSettings } from '../../src/views/lake.ts';
import { closure, loadCatalog } from '../../src/views/load.ts';
import { openViews } from '../../src/views/query.ts';
import { findCases } from '../sql/helpers/cases.ts';
import { testSettings, writeLake } from '../sql/helpers/store.ts';

const BUCKETS = 4;
const catalog = loadCatalog();
const stored = [...catalog.views.values()].filter((view) => view.stored).map(({ name }) => name);
const scratch = mkdtempSync(`${tmpdir()}/sesh-kept [a]*'-`);
let events: readonly EventFile[];
/** The rows as the views give them, and a store in which they are kept. */
let fresh: Readonly<Record<string, string>>;
let first: string;
let made: Readonly<Record<string, string>>;

beforeAll(async () => {
  mkdirSync(`${scratch}/cache`);
  events = await Promise.all(Array.from({ length: BUCKETS }, (_, bucket) => writeBucket(bucket, 1)));
  fresh = await look({});
  first = newStore();
  made = await look({ directory: first });
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** The events of all cases whose session falls into the bucket; `copies` of them, under ids of their own. */
async function writeBucket(bucket: number, copies: number): Promise<EventFile> {
  const name = `b${bucket}-${copies}.parquet`;
  const rows = findCases().flatMap((sqlCase, at) =>
    Array.from({ length: copies }, (_, copy) =>
      (sqlCase.given.events ?? [])
        .map((row, index) => ({
          event_id: `event-${index}`,
          ...row,
        }))
        .map((row) => ofCase(row, `${at}-${copy}`)),
    ).flat(),
  );
  const mine = rows.filter(({ cluster }) => Math.floor(cluster / 2 ** 30) === bucket);
  const {
    events: [path = ''],
  } = await writeLake(`${scratch}/${name}`, { events: mine });
  return { path, name, bucket, buckets: BUCKETS, records: mine.length };
}

const IDS = new Set(['event_id', 'session_id', 'parent_session_id', 'source_id', 'call_id', 'parent_call_id']);

function ofCase(row: JsonObject, name: string): JsonObject & { readonly cluster: number } {
  const named = Object.entries(row).map(([key, value]) => [
    key,
    IDS.has(key) && typeof value === 'string' ? `${name}/${value}` : value,
  ]);
  const own: JsonObject = Object.fromEntries(named);
  const key = `${asText(own['agent']) ?? ''}:${asText(own['session_id']) ?? ''}`;
  return { ...own, cluster: createHash('sha256').update(key).digest().readUInt32BE() };
}

interface Look {
  readonly directory?: string;
  readonly files?: readonly EventFile[];
  readonly settings?: ViewSettings;
}

/** Every row of every stored view, as text. */
async function look({
  directory,
  files = events,
  settings = testSettings,
}: Look): Promise<Readonly<Record<string, string>>> {
  const views = await openViews({
    storeDir: scratch,
    files: { events: files.map(({ path }) => path), sources: [], quarantine: [] },
    settings,
    threads: 1,
    catalog,
    ...(directory === undefined ? {} : { kept: { directory: `${directory}/cache/views`, events: files } }),
  });
  try {
    const found: Record<string, string> = {};
    for (const name of stored) {
      const { columns, rows } = await views.query(`from ${name} order by all`);
      found[name] = JSON.stringify([columns, rows]);
    }
    expect(views.kept()).toEqual(directory === undefined ? [] : stored);
    return found;
  } finally {
    views.close();
  }
}

/** The views whose rows are not the same, with the first row that only one has. */
function differing(
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): readonly string[] {
  return stored
    .filter((name) => some[name] !== others[name])
    .map((name) => {
      const rows = new Set((others[name] ?? '').split('],['));
      return `${name}: ${String((some[name] ?? '').split('],[').find((row) => !rows.has(row))).slice(0, 300)}`;
    });
}

function newStore(): string {
  const store = mkdtempSync(`${scratch}/store-`);
  mkdirSync(`${store}/cache`);
  return store;
}

function copyOf(store: string): string {
  const copy = newStore();
  cpSync(store, copy, { recursive: true });
  return copy;
}

function keptFiles(store: string): readonly string[] {
  return readdirSync(`${store}/cache/views`)
    .filter((name) => name.endsWith('.parquet'))
    .sort();
}

describe('rows that are kept beside the store', () => {
  test('are those that the view gives, when they are made and when they are read', async () => {
    expect(Object.values(fresh).filter((rows) => rows.endsWith('[]]'))).toEqual([]);
    const times = (): readonly number[] =>
      keptFiles(first).map((name) => statSync(`${first}/cache/views/${name}`).mtimeMs);
    const madeAt = times();
    expect(differing(made, fresh)).toEqual([]);
    expect(differing(await look({ directory: first }), fresh)).toEqual([]);
    expect(times()).toEqual(madeAt);
    expect(madeAt).toHaveLength(stored.length);
  });

  test('have the same bytes wherever they are made', async () => {
    const second = newStore();
    await look({ directory: second });
    const bytes = (store: string): readonly string[] =>
      keptFiles(store).map((name) => `${name} ${readFileSync(`${store}/cache/views/${name}`).toString('base64')}`);
    expect(bytes(second)).toEqual(bytes(first));
  });

  test('are found anew only for the sessions whose files changed', async () => {
    const store = copyOf(first);
    const grown = events.with(2, await writeBucket(2, 2));
    expect(differing(await look({ directory: store, files: grown }), await look({ files: grown }))).toEqual([]);
    const manifest = await readManifest(`${store}/cache/views`);
    const perFile = new Map<string, number>();
    for (const file of manifest.values()) perFile.set(file, (perFile.get(file) ?? 0) + 1);
    expect([...perFile.values()].toSorted((a, b) => a - b)).toEqual([
      ...stored.map(() => 1),
      ...stored.map(() => BUCKETS - 1),
    ]);
  });

  test('give way to what the view gives when a file is damaged or gone', async () => {
    const store = copyOf(first);
    const files = keptFiles(store).map((name) => `${store}/cache/views/${name}`);
    for (const file of files.slice(1)) truncateSync(file, statSync(file).size - 20);
    rmSync(files[0] ?? '');
    const views = await openViews({
      storeDir: scratch,
      files: { events: events.map(({ path }) => path), sources: [], quarantine: [] },
      settings: testSettings,
      kept: { directory: `${store}/cache/views`, events },
    });
    for (const name of stored) {
      const { columns, rows } = await views.query(`from ${name} order by all`);
      expect(JSON.stringify([columns, rows])).toBe(fresh[name]);
    }
    views.close();
  });

  test('are not made where nothing can be written', async () => {
    const store = newStore();
    writeFileSync(`${store}/cache/views`, 'a file where the folder would be');
    const views = await openViews({
      storeDir: scratch,
      files: { events: events.map(({ path }) => path), sources: [], quarantine: [] },
      settings: testSettings,
      kept: { directory: `${store}/cache/views`, events },
    });
    expect((await views.query('select count(*) > 0 from intermediate.incidents')).rows).toEqual([[true]]);
    expect(views.kept()).toEqual([]);
    views.close();
  });

  test('belong to one set of settings, seeds and SQL', async () => {
    const name = 'intermediate.incidents';
    const pathsOf = async (settings: ViewSettings, rules: typeof catalog): Promise<readonly string[]> => {
      const { paths } = await openKept({
        storeDir: scratch,
        directory: '/kept',
        events,
        lacking: {},
        settings,
        memoryBytes: 2 ** 30,
        catalog: rules,
      });
      return paths.filter((path) => path.includes('incidents'));
    };
    const seed = catalog.seeds.get('seeds.friction_rules');
    const view = catalog.views.get(name);
    if (seed === undefined || view === undefined) throw new TypeError('Expected the rules and the incidents');
    const otherRules = {
      ...catalog,
      seeds: new Map(catalog.seeds).set(seed.name, { ...seed, rows: seed.rows.slice(1) }),
    };
    const otherSql = { ...catalog, views: new Map(catalog.views).set(name, { ...view, select: `${view.select} ` }) };
    const all = [
      await pathsOf(testSettings, catalog),
      await pathsOf({ ...testSettings, gapS: 300 }, catalog),
      await pathsOf({ ...testSettings, slowCommandS: 30 }, catalog),
      await pathsOf(testSettings, otherRules),
      await pathsOf(testSettings, otherSql),
    ];
    expect(new Set(all.flat()).size).toBe(5);
    expect(await pathsOf({ ...testSettings, zone: 'Asia/Tokyo', sinceMicros: 1 }, catalog)).toEqual(all[0]);
  });
});

describe('a view whose rows are kept', () => {
  test.each(stored)(
    '%s names its agent and session and is made of events and of settings that its key holds',
    (name) => {
      const needed = [...closure(catalog, new Set([name]))];
      expect(needed.filter((part) => part.startsWith('lake.'))).toEqual(['lake.events']);
      const texts = needed.map((part) => catalog.views.get(part)?.select ?? '').join('\n');
      const settings = new Set(texts.match(/\b(?:setting_\w+|local_day|day_start)\b/g));
      expect([...settings].filter((setting) => !['setting_gap_s', 'setting_slow_command_s'].includes(setting))).toEqual(
        [],
      );
      expect(catalog.views.get(name)?.columns.map((column) => column.name)).toEqual(
        expect.arrayContaining(['agent', 'session_id']),
      );
    },
  );
});

describe('ranges', () => {
  const file = (month: string, bucket: number, buckets: number): EventFile => ({
    path: `/${month}/${bucket}`,
    name: `${month}/${bucket}`,
    bucket,
    buckets,
    records: 10,
  });
  test('of months with different numbers of files each hold every file with sessions of theirs', () => {
    const ranges = rangesOf([file('a', 0, 2), file('a', 1, 2), file('b', 0, 4), file('b', 3, 4), file('c', 0, 1)]);
    expect(ranges.map(({ files }) => files.map(({ name }) => name))).toEqual([
      ['a/0', 'b/0', 'c/0'],
      ['a/0', 'c/0'],
      ['a/1', 'c/0'],
      ['a/1', 'b/3', 'c/0'],
    ]);
  });
  test('are never more than 64', () => {
    const ranges = rangesOf([file('a', 127, 128)]);
    expect(ranges).toHaveLength(64);
    expect(ranges.filter(({ files }) => files.length > 0).map(({ index }) => index)).toEqual([63]);
  });
});
