import fs from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, SeshError } from '../core/errors.ts';
import { asNumber, asObject } from '../core/json.ts';
import { removeFile, writeFileDurably } from '../lake/files.ts';
import { readSnapshot, type Snapshot } from '../lake/log.ts';
import { readSources } from '../lake/read-sources.ts';
import { sealedPieces, unsealed } from '../lake/sealed.ts';
import { decodeSources, jsonRow, type SourceState } from '../lake/sources.ts';
import type { Store } from '../lake/store.ts';

/** What the store knows about sources, and at which version of the table. */
export interface Ledger {
  readonly snapshot: Snapshot;
  readonly sources: readonly SourceState[];
  /** A run was cut off after it had begun to change tables: its sources stand as it archived them, to be derived again. */
  readonly interrupted: boolean;
}

/** Reads the ledger; DuckDB is only loaded when the copy that needs none is missing or old. */
export async function readLedger(store: Store): Promise<Ledger> {
  const snapshot = await readSnapshot(store.tablePath('sources'));
  const sources = await readSources(store, snapshot);
  const journal = await readJournal(store);
  if (journal === null) return { snapshot, sources, interrupted: false };
  return { snapshot, sources: overlay(sources, journal), interrupted: true };
}

/** Whether the owner of the lock finds what was read before it had the lock: another run may have finished, or died, in between. */
export async function isStill(store: Store, { snapshot, interrupted }: Ledger): Promise<boolean> {
  if (interrupted || (await readJournal(store)) !== null) return false;
  return (await readSnapshot(store.tablePath('sources'))).version === snapshot.version;
}

/** Newer states in place of older ones, and sources that were not known before. */
export function overlay(sources: readonly SourceState[], newer: readonly SourceState[]): readonly SourceState[] {
  const byId = new Map(sources.map((source) => [source.sourceId, source]));
  for (const source of newer) byId.set(source.sourceId, source);
  return [...byId.values()].sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1));
}

/**
 * Written before `raw` is committed: which bytes of which sources that commit archives. A run that dies between `raw` and `sources`
 * is finished from it, so that no byte is archived twice and none is forgotten.
 */
export async function writeJournal(store: Store, rawVersion: number, sources: readonly SourceState[]): Promise<void> {
  await writeFileDurably(journalFile(store), sealedPieces(journalText(rawVersion, sources)));
}

function* journalText(rawVersion: number, sources: readonly SourceState[]): Generator<string> {
  yield `{"rawVersion":${rawVersion},"sources":[`;
  let comma = '';
  for (const source of sources) {
    yield `${comma}${JSON.stringify(jsonRow({ ...source, derivation: null }))}`;
    comma = ',';
  }
  yield ']}';
}

export async function removeJournal(store: Store): Promise<void> {
  await removeFile(journalFile(store));
}

/**
 * Before a commit to `raw` that is not a sync's: a run that died before its own commit left a journal that announces the same version, which
 * would then be taken for made. The owner of the lock alone may call this.
 */
export async function dropUnmadeJournal(store: Store): Promise<void> {
  if ((await readJournal(store)) === null) await removeJournal(store);
}

/** Null when there is none, or when the commit that it announces never happened. */
export async function readJournal(store: Store): Promise<readonly SourceState[] | null> {
  const text = await readIfThere(journalFile(store));
  if (text === null) return null;
  const journal = asObject(unsealed(text));
  if (journal === null) {
    throw new SeshError(
      `${journalFile(store)} is damaged: it says what the last run, which was cut off, had archived.`,
      {
        hint: 'Take it back from a backup. Without it (remove the file) those bytes are archived once more.',
      },
    );
  }
  const raw = await readSnapshot(store.tablePath('raw'));
  const announced = asNumber(journal['rawVersion']);
  return announced !== null && raw.version >= announced ? decodeSources(journal['sources']) : null;
}

function journalFile(store: Store): string {
  return path.join(store.directory, 'journal.json');
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
