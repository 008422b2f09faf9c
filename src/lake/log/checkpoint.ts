import { join, dirname } from 'node:path';
import { isObject } from '../../core/json.ts';
import { parquet, literal, WorkDuck, type SmallWork } from '../duck.ts';
import { adoptFile, makeDirectory, writeFileDurably, writeWithDuck } from '../files.ts';
import { storePaths } from '../store.ts';
import { actionJson, damagedLog, parseAction, parseJson, type Action, type RemovedFile } from './actions.ts';
import { checkpointPath, lastCheckpointPath, shortName } from './names.ts';
import { stateActions, type TableState } from './state.ts';

/** The columns of a Delta checkpoint (PROTOCOL.md, "Checkpoint Schema"), as DuckDB's JSON reader wants them. */
const textMap = 'MAP(VARCHAR, VARCHAR)';
const shape = {
  txn: { appId: 'VARCHAR', version: 'BIGINT', lastUpdated: 'BIGINT' },
  add: {
    path: 'VARCHAR',
    partitionValues: textMap,
    size: 'BIGINT',
    modificationTime: 'BIGINT',
    dataChange: 'BOOLEAN',
    stats: 'VARCHAR',
    tags: textMap,
  },
  remove: {
    path: 'VARCHAR',
    deletionTimestamp: 'BIGINT',
    dataChange: 'BOOLEAN',
    extendedFileMetadata: 'BOOLEAN',
    partitionValues: textMap,
    size: 'BIGINT',
    tags: textMap,
  },
  metaData: {
    id: 'VARCHAR',
    name: 'VARCHAR',
    description: 'VARCHAR',
    format: { provider: 'VARCHAR', options: textMap },
    schemaString: 'VARCHAR',
    partitionColumns: ['VARCHAR'],
    createdTime: 'BIGINT',
    configuration: textMap,
  },
  protocol: { minReaderVersion: 'INTEGER', minWriterVersion: 'INTEGER' },
};

/** Delta's default: other engines may still read a file this long after its removal. */
const REMOVED_KEPT_MS = 7 * 24 * 3600 * 1000;

/** Writes the whole state as one Parquet file, so that readers need no commit before it. A function of the log alone. */
export async function writeCheckpoint(tableDirectory: string, state: TableState): Promise<void> {
  const rows = stateActions(state, recentlyRemoved(state)).map((action) => actionJson(action, false));
  const { tmp } = storePaths(dirname(tableDirectory));
  await makeDirectory(tmp);
  const target = checkpointPath(tableDirectory, state.version);
  const file = join(tmp, `checkpoint-${shortName(target).replaceAll('/', '-')}`);
  await WorkDuck.use(workIn(dirname(tableDirectory)), async (duck) => {
    await duck.connection.run('create table actions as select unnest(from_json($rows::json, $shape)) as action', {
      rows: JSON.stringify(rows),
      shape: JSON.stringify([shape]),
    });
    const columns = Object.keys(shape).map((name) => `action.${name}`);
    const copy = `copy (select ${columns.join(', ')} from actions) to ${literal(file)} (format parquet)`;
    await writeWithDuck(file, async () => await duck.connection.run(copy));
  });
  await adoptFile(file, target);
  await writeFileDurably(
    lastCheckpointPath(tableDirectory),
    `${JSON.stringify({ version: state.version, size: rows.length })}\n`,
  );
}

export async function readCheckpoint(tableDirectory: string, version: number): Promise<readonly Action[]> {
  const path = checkpointPath(tableDirectory, version);
  const where = shortName(path);
  const rows = await WorkDuck.use(workIn(dirname(tableDirectory)), async (duck) => {
    const source = parquet([path]);
    const reader = await duck.connection.runAndReadAll(`select to_json(t)::varchar from ${source} as t`);
    return reader.getRowsJS();
  }).catch((error: unknown) => {
    throw Object.assign(damagedLog(where, 'it is no readable Parquet file'), { cause: error });
  });
  return rows.flatMap(([text]) => {
    const json = typeof text === 'string' ? parseJson(text) : undefined;
    if (!isObject(json)) throw damagedLog(where, 'a row of it is no action');
    return parseAction(json, where) ?? [];
  });
}

/** Seen from the newest commit and not from the clock: the same log gives the same bytes. */
function recentlyRemoved(state: TableState): readonly RemovedFile[] {
  const since = state.timestampMs - REMOVED_KEPT_MS;
  return [...state.removed.values()].filter(({ deletionTimestamp }) => deletionTimestamp >= since);
}

function workIn(store: string): SmallWork {
  return { folder: store, spillDirectory: storePaths(store).tmp };
}
