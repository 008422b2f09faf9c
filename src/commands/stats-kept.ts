import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asArray, asObject, asText, isObject, type JsonObject } from '../core/json.ts';
import { writeCacheFile } from '../lake/files.ts';
import { readSnapshot } from '../lake/log/snapshot.ts';
import { sealed, unsealed } from '../lake/sealed.ts';
import { openStore, type StorePaths } from '../lake/store.ts';
import { sqlTexts } from '../views/sql-folder.ts';
import type { Invocation } from './command.ts';
import { ownVersion } from './version.ts';

export interface Totals {
  readonly totals: JsonObject;
  readonly agents: readonly JsonObject[];
  readonly models: readonly JsonObject[];
  readonly coverage: JsonObject;
}

/**
 * The totals of the whole store: as they were found before, when the store and the program are still the same, which needs no
 * engine; else as the views tell, kept for the next time.
 */
export async function keptTotals(
  { storeDir }: Pick<Invocation, 'storeDir'>,
  ask: () => Promise<Totals>,
): Promise<Totals> {
  const store = await openStore(storeDir, { create: false });
  const key = await keyOf(store);
  const path = join(store.cache, 'stats.json');
  const known = await readTotals(path, key);
  if (known !== null) return known;
  const found = await ask();
  // A sync that ended meanwhile may be in the answer or not; then it is not kept.
  if ((await keyOf(store)) === key) await writeCacheFile(path, sealed({ key, found })).catch(() => undefined);
  return found;
}

/** Everything that decides the totals: the files of the tables, the SQL, the program. */
async function keyOf(store: StorePaths): Promise<string> {
  const hash = createHash('sha256').update(ownVersion());
  for (const { name, text } of sqlTexts()) hash.update(`${name}\0${text}\0`);
  for (const table of ['events', 'sources', 'quarantine'] as const) {
    const { version, files } = await readSnapshot(store.tablePath(table));
    hash.update(JSON.stringify([table, version, files.map(({ path, sizeBytes }) => [path, sizeBytes])]));
  }
  return hash.digest('hex');
}

async function readTotals(path: string, key: string): Promise<Totals | null> {
  const json = await readJson(path);
  const found = asObject(json?.['found'] ?? null);
  if (asText(json?.['key']) !== key || found === null) return null;
  const rows = (name: string): readonly JsonObject[] => (asArray(found[name]) ?? []).filter(isObject);
  return {
    totals: asObject(found['totals'] ?? null) ?? {},
    agents: rows('agents'),
    models: rows('models'),
    coverage: asObject(found['coverage'] ?? null) ?? {},
  };
}

async function readJson(path: string): Promise<JsonObject | null> {
  try {
    return asObject(unsealed(await readFile(path, 'utf8')));
  } catch {
    return null; // there is none: the views know
  }
}
