// Makes the next version of `events` in a store: adds one file, removes another. Arguments: compiled lake, store, label to add, label to remove.
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [lake, directory, added, removed] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(lake, 'lake', name)).href);
const { openStore } = await load('store.js');
const { acquireLock } = await load('lock.js');
const { commit, readSnapshot } = await load('log.js');
const { adoptFile, makeDirectory, writeFileDurably } = await load('files.js');

const schema = {
  name: 'events',
  partitionBy: ['month'],
  columns: [
    { name: 'event_id', type: 'string', about: 'identity' },
    { name: 'ts', type: 'timestamp', about: 'time, UTC' },
  ],
};
const pathOf = (label) => `month=2026-01/${hash('sha256', label, 'hex').slice(0, 32)}.parquet`;
const store = await openStore(directory, { create: true });
const lock = await acquireLock(store, 'test', { waitS: 0 });
const table = store.tablePath('events');
const snapshot = await readSnapshot(table);
const known = new Set(snapshot.files.map(({ path }) => path));
if (!known.has(pathOf(added))) {
  const draft = join(store.tmp, 'run', 'draft.parquet');
  await makeDirectory(join(store.tmp, 'run'));
  await writeFileDurably(draft, added);
  await adoptFile(draft, join(table, pathOf(added)));
  const add = [{ path: pathOf(added), sizeBytes: added.length, records: 1, partition: { month: '2026-01' }, tags: {} }];
  const change = { add, remove: known.has(pathOf(removed)) ? [pathOf(removed)] : [], note: { label: added } };
  await commit(table, schema, snapshot, change, new Date('2026-03-01T12:00:00.000Z'));
}
await lock.release();
