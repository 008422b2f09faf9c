import { SeshError } from '../../core/errors.ts';
import type { TableSchema } from '../schema.ts';
import { adoptFile, makeDirectory, writeFileIfAbsent } from '../files.ts';
import { isPlainPath, type Action, type DataFile, type RemovedFile } from './actions.ts';
import { readCache, writeCache } from './cache.ts';
import { encodeCommit } from './commit-file.ts';
import { newMetadata, protocol, refuseUnknownProtocol } from './metadata.ts';
import { commitPath, listLog, logPath, readLastCheckpoint, shortName, tornPath } from './names.ts';
import { readCommit, readCurrent, readState } from './snapshot.ts';
import { byPath, snapshotOf, type Snapshot, type TableState } from './state.ts';

const COMMITS_PER_CHECKPOINT = 10;

interface Change {
  readonly add: readonly DataFile[];
  /** Paths; one that is also added again stays in the table. */
  readonly remove: readonly string[];
  /** Notes of our own, returned as `properties` of the snapshot. */
  readonly note: Readonly<Record<string, string>>;
  /** The added files hold the rows of the removed ones: whoever follows the changes of the table has nothing to do. */
  readonly sameRows?: boolean;
}

/**
 * Makes the version after `snapshot`, the files of which must be durable already. The owner of the lock alone may call this;
 * a SeshError tells that somebody else has made that version meanwhile.
 */
export async function commit(
  tableDirectory: string,
  schema: TableSchema,
  snapshot: Snapshot,
  change: Change,
  now: Date,
): Promise<Snapshot> {
  const version = snapshot.version + 1;
  const where = shortName(commitPath(tableDirectory, version));
  refuseUnknownProtocol({ reader: 0, writer: snapshot.writerVersion }, where);
  const actions = commitActions(schema, snapshot, change, now.getTime());
  const { note, sameRows = false } = change;
  const text = encodeCommit({ timestampMs: now.getTime(), note, sameRows, actions });
  await makeDirectory(logPath(tableDirectory));
  await publish(tableDirectory, version, text);
  const state = await settleTable(tableDirectory);
  if (state.version !== version) throw committedByAnother(tableDirectory, version);
  return snapshotOf(state);
}

/**
 * Brings up to date what follows from the log (the cache, a checkpoint at every tenth version), as a crash after a commit may
 * have left it behind. The owner of the lock alone may call this.
 */
export async function settleTable(tableDirectory: string): Promise<TableState> {
  const cached = await readCache(tableDirectory);
  const state = await readCurrent(tableDirectory, cached);
  if (state.version >= 0 && state.version !== cached?.version) await writeCache(tableDirectory, state);
  if (state.version > 0 && state.version % COMMITS_PER_CHECKPOINT === 0)
    await ensureCheckpoint(tableDirectory, state.version);
  return state;
}

/** From the log and not from the cache, which does not know what was removed before it. */
async function ensureCheckpoint(tableDirectory: string, version: number): Promise<void> {
  const { checkpoints } = await listLog(tableDirectory);
  if (checkpoints.includes(version) && (await readLastCheckpoint(tableDirectory)) === version) return;
  const { writeCheckpoint } = await import('./checkpoint.ts');
  await writeCheckpoint(tableDirectory, await readState(tableDirectory, version));
}

function commitActions(schema: TableSchema, snapshot: Snapshot, change: Change, nowMs: number): readonly Action[] {
  const added = byPath(change.add);
  const again = new Set(added.map(({ path }) => path));
  if (again.size < added.length) throw new TypeError('Expected each added file once');
  for (const file of added) refuseOddFile(schema, file);
  const known = new Map(snapshot.files.map((file) => [file.path, file]));
  const removed = change.remove.filter((path) => !again.has(path)).map((path) => removal(known.get(path), path, nowMs));
  const metadata = newMetadata(schema, snapshot.metadata, nowMs);
  return [
    ...(snapshot.metadata === null ? [protocol] : []),
    ...(metadata === null ? [] : [{ kind: 'metadata', metadata } as const]),
    ...byPath(removed).map((file) => ({ kind: 'remove', removed: file }) as const),
    ...added.map((file) => ({ kind: 'add', file, modificationTime: nowMs }) as const),
  ];
}

function removal(file: DataFile | undefined, path: string, nowMs: number): RemovedFile {
  if (file === undefined) throw new TypeError(`Expected a file of the table to remove, got ${path}`);
  const { sizeBytes, partition, tags } = file;
  return { path, deletionTimestamp: nowMs, sizeBytes, partition, tags };
}

/** Content decides the name, so that `doctor` can tell a changed file and `vacuum` what is ours. */
export const hashedName = /(?:^|[/-])([0-9a-f]{32})\.parquet$/;

function refuseOddFile(schema: TableSchema, { path, partition, sizeBytes, records }: DataFile): void {
  if (!isPlainPath(path) || !hashedName.test(path)) {
    throw new TypeError(
      `Expected a relative path of [a-z0-9=._/-] that ends in 32 hex digits and .parquet, got ${JSON.stringify(path)}`,
    );
  }
  if (Object.keys(partition).sort().join() !== [...schema.partitionBy].sort().join()) {
    throw new TypeError(`Expected values for the partition columns [${schema.partitionBy.join()}] of ${path}`);
  }
  if (![sizeBytes, records].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new TypeError(`Expected size and number of records of ${path} as whole numbers`);
  }
}

/** Put if absent: of two writers one makes the version. A file there that was cut short was never a version; it makes way. */
async function publish(tableDirectory: string, version: number, text: string): Promise<void> {
  const path = commitPath(tableDirectory, version);
  if (await writeFileIfAbsent(path, text)) return;
  if (!(await isTornNewest(tableDirectory, version))) throw committedByAnother(tableDirectory, version);
  await adoptFile(path, tornPath(tableDirectory, version));
  if (!(await writeFileIfAbsent(path, text))) throw committedByAnother(tableDirectory, version);
}

async function isTornNewest(tableDirectory: string, version: number): Promise<boolean> {
  const { commits, checkpoints } = await listLog(tableDirectory);
  if (commits.at(-1) !== version || (checkpoints.at(-1) ?? -1) >= version) return false;
  return 'torn' in (await readCommit(tableDirectory, version));
}

function committedByAnother(tableDirectory: string, version: number): SeshError {
  return new SeshError(
    `Somebody else has written ${shortName(commitPath(tableDirectory, version))}; nothing of this run was published.`,
    {
      hint: 'Let only one program write to the store, then run the command again.',
    },
  );
}
