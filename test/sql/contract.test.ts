import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { identifier } from '../../src/lake/duck.ts';
import { tables } from '../../src/lake/schema.ts';
import type { Layer, View } from '../../src/views/contract.ts';
import { parseSql } from '../../src/views/gate.ts';
import { loadCatalog } from '../../src/views/load.ts';
import { openViews, type Views } from '../../src/views/query.ts';
import { findCases } from './helpers/cases.ts';
import { testSettings, writeLake } from './helpers/store.ts';

const catalog = loadCatalog();
const all = [...catalog.views.values()].map((view) => [view.name, view] as const);
const plainViews = all.filter(([, view]) => view.parameters.length === 0);
const checkNames = new Set(plainViews.filter(([, view]) => view.layer === 'checks').map(([name]) => name));

const scratch = mkdtempSync(`${tmpdir()}/sesh-contract-`);
let parser: DuckDBConnection;
let views: Views;

beforeAll(async () => {
  parser = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  views = await openViews({
    storeDir: scratch,
    files: await writeAllCases(),
    settings: testSettings,
    threads: 1,
    catalog,
  });
});
afterAll(() => {
  views.close();
  parser.closeSync();
  rmSync(scratch, { recursive: true });
});

/** All cases in one store, each with ids of its own; the cases of checks hold broken data and stay out. */
function writeAllCases(): ReturnType<typeof writeLake> {
  const cases = findCases().filter((sqlCase) => !checkNames.has(`checks.${sqlCase.view}`));
  const events = cases.flatMap((sqlCase) => {
    const rows = sqlCase.given.events ?? [];
    return rows.map((row, index) =>
      inCase(`${sqlCase.view}/${sqlCase.name}`, { event_id: `event-${String(index)}`, ...row }),
    );
  });
  const sources = cases.flatMap((sqlCase) =>
    (sqlCase.given.sources ?? []).map((row) => inCase(`${sqlCase.view}/${sqlCase.name}`, row)),
  );
  return writeLake(scratch, { events, sources });
}

const IDS = new Set(['event_id', 'session_id', 'parent_session_id', 'source_id', 'call_id', 'parent_call_id']);

function inCase(name: string, row: JsonObject): JsonObject {
  const own = ([column, value]: [string, Json | undefined]): readonly [string, Json | undefined] =>
    IDS.has(column) && typeof value === 'string' ? [column, `${name}/${value}`] : [column, value];
  return Object.fromEntries(Object.entries(row).map(own));
}

/** `null` for every parameter but the thresholds, which need a number. */
function call(view: View): string {
  const argument = (name: string): string => (name.endsWith('_s') ? '600' : 'null');
  return view.parameters.length === 0 ? view.name : `${view.name}(${view.parameters.map(argument).join(', ')})`;
}

function declaredColumns(view: View): readonly string[] {
  if (view.columnsOf === null) return view.columns.map((column) => column.name);
  const table = Object.values(tables).find((schema) => `lake.${schema.name}` === view.columnsOf);
  if (table !== undefined) return table.columns.map((column) => column.name);
  const other = catalog.views.get(view.columnsOf);
  return other === undefined ? [] : declaredColumns(other);
}

async function readNames(view: View): Promise<readonly string[]> {
  const parsed = await parseSql(parser, view.select);
  if (parsed.kind !== 'select') throw new TypeError(`Expected ${view.name} to be one select, got ${parsed.kind}`);
  const functions = [...parsed.references.functions].filter((name) => catalog.views.has(name));
  return [...parsed.references.tables, ...functions].sort();
}

const allowed: Readonly<Record<Layer, RegExp>> = {
  staging: /^lake\./,
  intermediate: /^(staging|intermediate|seeds)\./,
  marts: /^((staging|intermediate|seeds)\.\w+|\w+)$/,
  reports: /^(staging\.settings|\w+)$/,
  checks: /^((staging|intermediate|seeds)\.\w+|\w+)$/,
};

describe('the header of every view is true', () => {
  test.each(all)('%s has the columns that it declares, in that order', async (_name, view) => {
    const result = await views.query(`select * from ${call(view)} limit 0`);
    expect(result.columns.map((column) => column.name)).toEqual(declaredColumns(view));
  });

  test.each(all)('%s reads what it declares', async (_name, view) => {
    expect(await readNames(view)).toEqual([...view.reads].sort());
  });

  test.each(all)('%s reads only the layers below', (_name, view) => {
    expect(view.reads.filter((name) => !allowed[view.layer].test(name))).toEqual([]);
  });

  test.each(all)('%s has a key of its own columns, and says what it and its grain are', (_name, view) => {
    const columns = declaredColumns(view);
    expect(view.key.filter((name) => !columns.includes(name))).toEqual([]);
    expect(view.key).not.toEqual([]);
    expect(view.about).toMatch(/^[A-Z].*\.$/);
    expect(view.grain).toMatch(/^(one|the) /);
  });

  test.each(all)('%s has no two rows with one key, and no key without a value', async (_name, view) => {
    const key = view.key.map(identifier);
    const result = await views.query(
      `select ${key.join(', ')}, count(*) as found from ${call(view)} group by all ` +
        `having count(*) > 1 or ${key.map((name) => `${name} is null`).join(' or ')} limit 5`,
    );
    expect(result.rows).toEqual([]);
  });
});

describe('the rules hold over all cases at once', () => {
  test.each(plainViews.filter(([, view]) => view.layer === 'checks'))('%s has no rows', async (name) => {
    expect((await views.query(`from ${name}`)).rows).toEqual([]);
  });
});
