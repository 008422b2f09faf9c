import path from 'node:path';
import { SeshError } from '../core/errors.ts';
import { readSourceId, type SourceId } from '../core/ids.ts';
import { ContentHash, readArchived } from './archive.ts';
import { faultOf } from './damaged.ts';
import { parquet, WorkDuck } from './duck.ts';
import { numberOf, textOf } from './duck-value.ts';
import { readSnapshot, type Snapshot } from './log.ts';
import { readState } from './log/snapshot.ts';
import { snapshotOf } from './log/state.ts';
import { rawFilesFor } from './raw-files.ts';
import { readRows } from './rows.ts';
import { tables } from './schema.ts';
import { fromRow, type SourceState } from './sources.ts';
import type { Store } from './store.ts';

/** Versions that are tried, one before the other. */
const MOST_VERSIONS_BACK = 100;

/** The table `sources` is not what was written, and neither is the copy of it that needs no DuckDB. */
export class DamagedSources extends SeshError {
  override readonly name = 'SeshError';
}

/** Reads the table `sources` itself, for when there is no copy that needs no DuckDB. Throws DamagedSources. */
export async function readSourcesTable(store: Store, snapshot: Snapshot): Promise<readonly SourceState[]> {
  const faults = await faultsOf(store, snapshot);
  if (faults.length > 0) {
    throw new DamagedSources(`The store is damaged: ${faults.join(' ')}`, {
      hint: 'Run `sesh sync --full` to make the table again from the archive.',
    });
  }
  return await WorkDuck.use({ folder: store.directory }, async ({ connection }) =>
    (await readRows(connection, tables.sources, filesOf(store, snapshot))).map(fromRow),
  );
}

/** What the newest version of the table says that can still be read; nothing when there is none. */
export async function readEarlierSources(store: Store, before: number): Promise<readonly SourceState[]> {
  for (let version = before - 1; version >= Math.max(0, before - MOST_VERSIONS_BACK); version -= 1) {
    const snapshot = await readState(store.tablePath('sources'), version).then(snapshotOf, () => null);
    if (snapshot === null) return [];
    if ((await faultsOf(store, snapshot)).length === 0) return await readSourcesTable(store, snapshot);
  }
  return [];
}

export interface ArchivedSource {
  readonly sourceId: SourceId;
  readonly cluster: number;
  readonly bytes: number;
  /** SHA-256 of all bytes, hex. */
  readonly hash: () => Promise<string>;
}

/** What the archive holds, source by source; `use` may ask for hashes. */
export async function withArchivedSources<Result>(
  store: Store,
  use: (archived: readonly ArchivedSource[]) => Promise<Result>,
): Promise<Result> {
  const directory = store.tablePath('raw');
  const snapshot = await readSnapshot(directory);
  if (snapshot.files.length === 0) return await use([]);
  const files = snapshot.files.map((file) => path.join(directory, file.path));
  return await WorkDuck.use({ folder: store.directory }, async (duck) => {
    const reader = await duck.connection.runAndReadAll(`
      with chunks as (
        select distinct source_id, cluster, byte_offset, length_bytes from ${parquet(files)}
      )
      select source_id, any_value(cluster), sum(length_bytes)::bigint from chunks group by source_id order by source_id`);
    const archived = reader.getRowsJS().map(([id, place, bytes]): ArchivedSource => {
      const [sourceId, cluster] = [readSourceId(textOf(id)), numberOf(place)];
      const hash = async (): Promise<string> => {
        const whole = new ContentHash();
        const own = rawFilesFor(snapshot, directory, [cluster]);
        for await (const { data } of readArchived(duck, own, sourceId)) whole.add(data);
        return whole.digest();
      };
      return { sourceId, cluster, bytes: numberOf(bytes), hash };
    });
    return await use(archived);
  });
}

function filesOf(store: Store, snapshot: Snapshot): readonly string[] {
  return snapshot.files.map((file) => path.join(store.tablePath('sources'), file.path));
}

async function faultsOf(store: Store, { files }: Snapshot): Promise<readonly string[]> {
  const directory = store.tablePath('sources');
  const faults = await Promise.all(
    files.map(async (file) => [file.path, await faultOf(path.join(directory, file.path), file)] as const),
  );
  return faults.flatMap(([name, fault]) => (fault === null ? [] : [`sources/${name}: ${fault}`]));
}
