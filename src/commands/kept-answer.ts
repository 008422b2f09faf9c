import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asObject, asText, type JsonObject } from '../core/json.ts';
import { writeCacheFile } from '../lake/files.ts';
import { readSnapshot } from '../lake/log/snapshot.ts';
import { sealed, unsealed } from '../lake/sealed.ts';
import { openStore, type StorePaths } from '../lake/store.ts';
import { sqlTexts } from '../views/sql-folder.ts';
import type { Flags, OptionName } from './options.ts';
import { ownVersion } from './version.ts';

/** What views told of the whole store, kept beside it: while the store and the program are the same, it needs no engine. */
export interface KeptAnswer {
  /** Null where there is none. */
  readonly found: JsonObject | null;
  readonly keep: (found: JsonObject) => Promise<void>;
}

/** Whether the command line asks for the whole store, without a window and conditions. */
export function asksForAll(flags: Flags): boolean {
  return !narrowing.some((name) => flags.list(name).length > 0);
}

const narrowing: readonly OptionName[] = [
  'since',
  'until',
  'anchor',
  'project',
  'model',
  'agent',
  'user',
  'branch',
  'min-active',
];

/** Longer than this it takes as long to read as to ask the engine. */
const MOST_CHARACTERS = 16_000_000;

export async function keptAnswer(storeDir: string, file: string): Promise<KeptAnswer> {
  const store = await openStore(storeDir, { create: false });
  const key = await keyOf(store);
  const path = join(store.cache, file);
  const keep = async (found: JsonObject): Promise<void> => {
    const text = sealed({ key, found });
    if (text.length > MOST_CHARACTERS) return;
    // A sync that ended meanwhile may be in the answer or not; then it is not kept.
    if ((await keyOf(store)) === key) await writeCacheFile(path, text).catch(() => undefined);
  };
  const json = await readJson(path);
  return { found: asText(json?.['key']) === key ? asObject(json?.['found'] ?? null) : null, keep };
}

/** Everything that decides the answer: the files of the tables, the SQL, the program. */
async function keyOf(store: StorePaths): Promise<string> {
  const hash = createHash('sha256').update(ownVersion());
  for (const { name, text } of sqlTexts()) hash.update(`${name}\0${text}\0`);
  for (const table of ['events', 'sources', 'quarantine'] as const) {
    const { version, files } = await readSnapshot(store.tablePath(table));
    hash.update(JSON.stringify([table, version, files.map(({ path, sizeBytes }) => [path, sizeBytes])]));
  }
  return hash.digest('hex');
}

async function readJson(path: string): Promise<JsonObject | null> {
  try {
    return asObject(unsealed(await readFile(path, 'utf8')));
  } catch {
    return null; // there is none: the views know
  }
}
