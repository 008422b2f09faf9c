import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asObject, type Json } from '../../../src/core/json.ts';
import type { ViewSettings } from '../../../src/views/lake.ts';
import { parseSeed, type Seed } from '../../../src/views/seeds.ts';
import { readRows, readSettings, testSettings, type Given } from './store.ts';

/** One folder `fixtures/sql/<view>/<case>/`; sql/README.md says what lies in it. */
export interface SqlCase {
  readonly view: string;
  readonly name: string;
  readonly given: Given;
  readonly settings: ViewSettings;
  /** What to select from. */
  readonly query: string | null;
  readonly expectedPath: string;
}

const folder = fileURLToPath(new URL('../../../fixtures/sql', import.meta.url));

export function findCases(): readonly SqlCase[] {
  return foldersIn(folder).flatMap((view) =>
    foldersIn(`${folder}/${view}`).map((name) => readCase(`${folder}/${view}/${name}`, view, name)),
  );
}

function readCase(path: string, view: string, name: string): SqlCase {
  const settings: Json = JSON.parse(textOf(`${path}/given/settings.json`) ?? 'null');
  const settingsRow = asObject(settings);
  const rows = (table: string): ReturnType<typeof readRows> => {
    const file = `${path}/given/${table}.jsonl`;
    return existsSync(file) ? readRows(file) : [];
  };
  return {
    view,
    name,
    given: {
      events: rows('events'),
      sources: rows('sources'),
      quarantine: rows('quarantine'),
      verdicts: rows('verdicts'),
    },
    settings: {
      ...(settingsRow === null ? testSettings : readSettings(settingsRow)),
      seeds: seedsIn(`${path}/given/seeds`),
    },
    query: textOf(`${path}/query.sql`),
    expectedPath: `${path}/expected.jsonl`,
  };
}

/** Seeds of the case's own, in place of the package's. */
function seedsIn(folder: string): readonly Seed[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => parseSeed(name.replace(/\.csv$/, ''), readFileSync(`${folder}/${name}`, 'utf8')));
}

function foldersIn(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
