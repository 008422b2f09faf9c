import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import { WorkDuck } from '../duck.ts';
import { adoptFile, makeDirectory, removeFile, removeTree, writeFileDurably } from '../files.ts';
import { holdsLock } from '../lock.ts';
import { commit, readSnapshot } from '../log.ts';
import { hashedName } from '../log/commit.ts';
import { mergeEvents } from '../publish.ts';
import { readSources } from '../read-sources.ts';
import { readRows, writeRows } from '../rows.ts';
import { tables, type TableName } from '../schema.ts';
import { replaceQuarantine, writeSources } from '../small-tables.ts';
import type { Store } from '../store.ts';
import { listTree } from '../tree.ts';
import type { ForgetPlan } from './plan.ts';
import { placeRewritten, rawWithout } from './raw.ts';
import { addTombstones } from './tombstones.ts';

const MEMORY_BYTES = 512 * 1024 * 1024;

/** Takes what the plan names out of every table, and every old version off the disk. Doing it again changes nothing. */
export async function carryOut(store: Store, plan: ForgetPlan, now: Date): Promise<void> {
  if (!holdsLock(store)) throw new TypeError('Expected the caller of carryOut to hold the lock');
  const directory = path.join(store.tmp, 'forget');
  await makeDirectory(directory);
  const engine = { folder: store.directory, spillDirectory: directory, memoryBytes: MEMORY_BYTES };
  try {
    await WorkDuck.use(engine, async (duck) => {
      await withoutPlanned({ store, duck, plan, directory, now });
    });
  } finally {
    await removeTree(directory);
  }
  await removeTraces(store);
}

interface Work {
  readonly store: Store;
  readonly duck: WorkDuck;
  readonly plan: ForgetPlan;
  /** For what is being written. */
  readonly directory: string;
  readonly now: Date;
}

async function withoutPlanned(work: Work): Promise<void> {
  const { store, duck, plan, directory, now } = work;
  // First, so that no sync can bring back what the tables have lost.
  await addTombstones(store, plan.tombstones);
  const rewrite = { store, connection: duck.connection, directory, now, full: false };
  await withoutEvents(work);
  await withoutArchive(work);
  await replaceQuarantine(rewrite, new Set(plan.sources), []);
  await withoutVerdicts(work);
  const sources = await readSources(store, await readSnapshot(store.tablePath('sources')));
  const gone = new Set(plan.sources);
  await writeSources(rewrite, { all: sources.filter(({ sourceId }) => !gone.has(sourceId)), changed: null }, {});
}

async function withoutEvents({ store, duck, plan, directory, now }: Work): Promise<void> {
  const tableDirectory = store.tablePath('events');
  const snapshot = await readSnapshot(tableDirectory);
  if (snapshot.version < 0) return;
  const merge = await mergeEvents({
    duck,
    tableDirectory,
    snapshot,
    stageFiles: [],
    derivedAgain: plan.sources,
    directory,
    writers: 1,
    damaged: new Set(),
    // Without staged rows there is nothing to price.
    reprice: () => ({ micros: null, source: null }),
  });
  if (merge.add.length === 0 && merge.remove.length === 0) return;
  await commit(tableDirectory, tables.events, snapshot, { add: merge.add, remove: merge.remove, note: {} }, now);
}

async function withoutArchive({ store, duck, plan, directory, now }: Work): Promise<void> {
  const tableDirectory = store.tablePath('raw');
  const snapshot = await readSnapshot(tableDirectory);
  const { rewritten, remove } = await rawWithout(duck, tableDirectory, snapshot, plan.sources, directory);
  if (remove.length === 0) return;
  const add = await placeRewritten(rewritten, tableDirectory);
  await commit(tableDirectory, tables.raw, snapshot, { add, remove, note: {} }, now);
}

async function withoutVerdicts({ store, duck, plan, directory, now }: Work): Promise<void> {
  const tableDirectory = store.tablePath('verdicts');
  const snapshot = await readSnapshot(tableDirectory);
  if (snapshot.files.length === 0) return;
  const schema = tables.verdicts;
  const files = snapshot.files.map((file) => path.join(tableDirectory, file.path));
  const [agent, session] = ['agent', 'session_id'].map((wanted) =>
    schema.columns.findIndex(({ name }) => name === wanted),
  );
  const gone = new Set(plan.sessions.map((name) => `${name.agent}\n${name.sessionId}`));
  const rows = await readRows(duck.connection, schema, files);
  const kept = rows.filter((row) => !gone.has(`${String(row[agent ?? -1])}\n${String(row[session ?? -1])}`));
  if (kept.length === rows.length) return;
  const written = await writeRows(duck.connection, schema, kept, directory);
  if (written !== null) await adoptFile(written.temporary, path.join(tableDirectory, written.file.path));
  const add = written === null ? [] : [written.file];
  const old = snapshot.files.map((file) => file.path).filter((name) => name !== written?.file.path);
  await commit(tableDirectory, schema, snapshot, { add, remove: old, note: {} }, now);
}

/** Old versions, what can be made again, and the log of runs, whose sentences name files. */
async function removeTraces(store: Store): Promise<void> {
  for (const name of tableNames()) {
    const directory = store.tablePath(name);
    const named = new Set((await readSnapshot(directory)).files.map((file) => file.path));
    for (const entry of await listTree(directory)) {
      if (entry.kind === 'file' && hashedName.test(entry.path) && !named.has(entry.path)) {
        await removeFile(path.join(directory, entry.path));
      }
    }
  }
  for (const name of await readdir(store.cache)) {
    if (name !== 'sources.json') await removeTree(path.join(store.cache, name));
  }
  await withoutProblems(store);
}

/** A run's problems are sentences that may name files. */
async function withoutProblems({ runLogPath }: Store): Promise<void> {
  let text: string;
  try {
    text = await readFile(runLogPath, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const kept = lines.filter((line) => line.includes('"problems":[]'));
  if (kept.length < lines.length) await writeFileDurably(runLogPath, kept.map((line) => `${line}\n`).join(''));
}

function tableNames(): readonly TableName[] {
  return Object.values(tables).map(({ name }) => name);
}
