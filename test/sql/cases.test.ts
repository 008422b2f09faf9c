import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { identifier } from '../../src/lake/duck.ts';
import { loadCatalog } from '../../src/views/load.ts';
import type { View } from '../../src/views/contract.ts';
import { openViews } from '../../src/views/query.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { findCases, type SqlCase } from './helpers/cases.ts';
import { readRows, writeLake } from './helpers/store.ts';

const catalog = loadCatalog();
const scratch = mkdtempSync(`${tmpdir()}/sesh-cases-`);
afterAll(() => rmSync(scratch, { recursive: true }));

function viewOf(sqlCase: SqlCase): View {
  const found = [...catalog.views.values()].find((view) => view.name.split('.').at(-1) === sqlCase.view);
  if (found === undefined) throw new TypeError(`Expected fixtures/sql/${sqlCase.view} to bear the name of a view`);
  return found;
}

async function actualRows(sqlCase: SqlCase, columns: readonly string[]): Promise<readonly JsonObject[]> {
  const view = viewOf(sqlCase);
  const storeDir = `${scratch}/${sqlCase.view}-${sqlCase.name}`;
  const files = await writeLake(storeDir, sqlCase.given);
  const views = await openViews({ storeDir, files, settings: sqlCase.settings, threads: 1, catalog });
  try {
    const from = sqlCase.query === null ? view.name : `(${sqlCase.query})`;
    const key = view.key.map(identifier).join(', ');
    const select = columns.length === 0 ? '*' : columns.map(identifier).join(', ');
    const result = await views.query(`select ${select} from ${from} order by ${key}`);
    return result.rows.map((row) =>
      Object.fromEntries(result.columns.map((column, index) => [column.name, row[index] ?? null])),
    );
  } finally {
    views.close();
  }
}

const cases = findCases();
const byView = [...new Set(cases.map((sqlCase) => sqlCase.view))].map(
  (view) => [view, cases.filter((sqlCase) => sqlCase.view === view)] as const,
);
describe.each(byView)('%s', (_view, cases) => {
  test.each(cases.map((sqlCase) => [sqlCase.name.replaceAll('-', ' '), sqlCase] as const))(
    '%s',
    async (_name, sqlCase) => {
      const expected = readRows(sqlCase.expectedPath);
      expect(await actualRows(sqlCase, Object.keys(expected[0] ?? {}))).toEqual(expected);
    },
  );
});
