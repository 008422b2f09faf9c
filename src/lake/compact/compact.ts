import path from 'node:path';
import { SeshError } from '../../core/errors.ts';
import { damagedFiles } from '../damaged.ts';
import { parquet, WorkDuck } from '../duck.ts';
import { numberOf, textOf } from '../duck-value.ts';
import { adoptFiles, makeDirectory, removeTree } from '../files.ts';
import { holdsLock } from '../lock.ts';
import { commit, readSnapshot, type DataFile } from '../log.ts';
import { settleTable } from '../log/commit.ts';
import { snapshotOf } from '../log/state.ts';
import { placeRawFile } from '../raw-files.ts';
import { readSources } from '../read-sources.ts';
import { tables } from '../schema.ts';
import { roomAt } from '../space.ts';
import type { Store } from '../store.ts';
import { archiveOrder } from './order.ts';
import { isWorthwhile, planGroups, type ArchiveFile } from './plan.ts';
import { BYTES_TAG, DENSE_TAG, writeDense } from './rewrite.ts';

export interface CompactOptions {
  readonly now: Date;
  readonly memoryBytes: number;
  /** Asked before each new file: what is left when it says no is for the next run. */
  readonly mayGoOn: () => boolean;
  /** Told of the old files after each new one. */
  readonly advance: (files: number, sizeBytes: number) => void;
}

export interface Compacted {
  readonly oldFiles: number;
  /** What the old files take on the disk, for as long as an old version names them. */
  readonly oldBytes: number;
  readonly newFiles: number;
  readonly newBytes: number;
  /** Why some of it is left; null when all is done. */
  readonly left: 'time' | 'room' | null;
  /** Files that are not what was written: they stay as they are. */
  readonly damaged: number;
}

/** What is looked at together, the oldest first: so much of it is known before the first file is written. */
const MOST_FILES = 512;
const MOST_SIZE_BYTES = 64 * 1024 * 1024;

const ROW_GROUP_BYTES = 24 * 1024 * 1024;

/** The files of the archive that a run would write anew. Needs no lock and no engine. */
export function filesToCompact(files: readonly DataFile[]): readonly DataFile[] {
  const fresh = files.filter((file) => !isDense(file));
  return isWorthwhile(fresh) ? fresh : [];
}

/**
 * Puts together the files of the archive that syncs left, sorted and better compressed, the oldest first and each new file in a version of
 * its own. The rows stay byte for byte the same; the old files lie there until `vacuum` takes what no version of its retention names. The
 * caller holds the lock.
 */
export async function compactArchive(store: Store, options: CompactOptions): Promise<Compacted> {
  if (!holdsLock(store)) throw new TypeError('Expected the caller of compactArchive to hold the lock');
  const run = new Compaction(store, options);
  while (await run.round());
  return run.done;
}

class Compaction {
  readonly #store: Store;
  readonly #options: CompactOptions;
  readonly #table: string;
  /** Where files grow before they have their place. */
  readonly #directory: string;
  readonly #damaged = new Set<string>();
  #order: ReadonlyMap<string, number> | null = null;
  #done: Omit<Compacted, 'damaged'> = { oldFiles: 0, oldBytes: 0, newFiles: 0, newBytes: 0, left: null };

  constructor(store: Store, options: CompactOptions) {
    this.#store = store;
    this.#options = options;
    this.#table = store.tablePath('raw');
    this.#directory = path.join(store.tmp, 'compact');
  }

  get done(): Compacted {
    return { ...this.#done, damaged: this.#damaged.size };
  }

  /** True when there may be more to do. */
  async round(): Promise<boolean> {
    const { fresh, dense } = await this.#filesByAge();
    if (!isWorthwhile(fresh)) return false;
    const next = oldest(fresh);
    // What is damaged must not get a new name, by which nobody would know it.
    if (await this.#isAnyDamaged(next)) return true;
    const { memoryBytes } = this.#options;
    const engine = { folder: this.#store.directory, spillDirectory: this.#directory, memoryBytes: memoryBytes / 2 };
    try {
      await makeDirectory(this.#directory);
      return await WorkDuck.use(engine, async (duck) => {
        const groups = planGroups(await this.#measured(duck, next), dense.map(measuredBefore));
        // Of what lies further on more may come into the last one.
        const whole = next.length < fresh.length && groups.length > 1 ? groups.slice(0, -1) : groups;
        const joining = new Set(whole.flat().map((file) => file.path));
        if (await this.#isAnyDamaged(dense.filter((file) => joining.has(file.path)))) return true;
        for (const group of whole) if (!(await this.#rewrite(duck, group))) return false;
        return whole.length > 0;
      });
    } finally {
      await removeTree(this.#directory);
    }
  }

  /** The order of times alone would tear apart what one sync wrote in the order of its sessions. */
  async #filesByAge(): Promise<{ readonly fresh: readonly DataFile[]; readonly dense: readonly DataFile[] }> {
    const { files } = await settleTable(this.#table);
    const byAge = [...files.values()]
      .filter(({ file }) => !this.#damaged.has(file.path))
      .sort((a, b) => a.modificationTime - b.modificationTime || lowestCluster(a.file) - lowestCluster(b.file))
      .map(({ file }) => file);
    return { fresh: byAge.filter((file) => !isDense(file)), dense: byAge.filter(isDense) };
  }

  async #isAnyDamaged(files: readonly DataFile[]): Promise<boolean> {
    const found = await damagedFiles(this.#table, files);
    for (const name of found) this.#damaged.add(name);
    return found.size > 0;
  }

  async #measured({ connection }: WorkDuck, files: readonly DataFile[]): Promise<readonly ArchiveFile[]> {
    const paths = files.map((file) => path.join(this.#table, file.path));
    const reader = await connection.runAndReadAll(
      `select filename, sum(length_bytes)::bigint from ${parquet(paths, 'filename = true')} group by 1`,
    );
    const bytes = new Map(reader.getRowsJS().map(([name, sum]) => [path.basename(textOf(name)), numberOf(sum)]));
    return files.map((file) => ({
      path: file.path,
      bytes: bytes.get(file.path) ?? 0,
      sizeBytes: file.sizeBytes,
      isDense: false,
    }));
  }

  /** False when it is not done. */
  async #rewrite(duck: WorkDuck, group: readonly ArchiveFile[]): Promise<boolean> {
    const sizeBytes = sum(group.map((file) => file.sizeBytes));
    const needed = sum(group.map((file) => file.bytes)) + sizeBytes;
    const room = await roomAt(this.#directory);
    const left = !this.#options.mayGoOn() ? 'time' : room !== null && room.bytes < needed ? 'room' : null;
    if (left !== null) {
      this.#done = { ...this.#done, left };
      return false;
    }
    this.#order ??= await orderOf(this.#store);
    const rewrite = { duck, directory: this.#directory, rowGroupBytes: ROW_GROUP_BYTES, order: this.#order };
    const names = group.map((file) => file.path);
    const { adoption, file } = await placeRawFile(
      await writeDense(
        rewrite,
        names.map((name) => path.join(this.#table, name)),
      ),
      this.#table,
    );
    await adoptFiles([adoption]);
    const before = snapshotOf(await settleTable(this.#table));
    const change = { add: [file], remove: names, note: {}, sameRows: true };
    await commit(this.#table, tables.raw, before, change, this.#options.now);
    this.#done = {
      oldFiles: this.#done.oldFiles + group.length,
      oldBytes: this.#done.oldBytes + sizeBytes,
      newFiles: this.#done.newFiles + 1,
      newBytes: this.#done.newBytes + file.sizeBytes,
      left: null,
    };
    this.#options.advance(group.length, sizeBytes);
    return true;
  }
}

/** A store whose table of sources is damaged has its archive put together all the same. */
async function orderOf(store: Store): Promise<ReadonlyMap<string, number>> {
  try {
    return archiveOrder(await readSources(store, await readSnapshot(store.tablePath('sources'))));
  } catch (error) {
    if (error instanceof SeshError) return new Map();
    throw error;
  }
}

function isDense({ tags }: DataFile): boolean {
  return tags[DENSE_TAG] !== undefined;
}

function measuredBefore({ path: name, sizeBytes, tags }: DataFile): ArchiveFile {
  return { path: name, bytes: Number(tags[BYTES_TAG]), sizeBytes, isDense: true };
}

function oldest(files: readonly DataFile[]): readonly DataFile[] {
  let sizeBytes = 0;
  const end = files.findIndex((file) => (sizeBytes += file.sizeBytes) > MOST_SIZE_BYTES);
  return files.slice(0, Math.min(MOST_FILES, end === -1 ? files.length : Math.max(1, end)));
}

function lowestCluster({ stats }: DataFile): number {
  return Number(stats?.min['cluster'] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
