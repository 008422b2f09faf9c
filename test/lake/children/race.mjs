// Tries to make versions 0..n of a table without any lock, from the snapshot that it reads each time; prints the versions that it made.
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [project, table, name, versions, startAtMs] = process.argv.slice(2);
const { commit, readSnapshot } = await import(pathToFileURL(join(project, 'src/lake', 'log.js')).href);
const schema = { name: 'events', partitionBy: [], columns: [{ name: 'event_id', type: 'string', about: 'identity' }] };
while (Date.now() < Number(startAtMs));
const made = [];
for (;;) {
  const snapshot = await readSnapshot(table);
  const version = snapshot.version + 1;
  if (version >= Number(versions)) break;
  const path = `${hash('sha256', `${name}-${version}`, 'hex').slice(0, 32)}.parquet`;
  const add = [{ path, sizeBytes: 1, records: 1, partition: {}, tags: {} }];
  try {
    await commit(table, schema, snapshot, { add, remove: [], note: { name } }, new Date(0));
    made.push(version);
  } catch (error) {
    if (error.name !== 'SeshError') throw error;
    if (!/Somebody else/.test(error.message)) throw error;
  }
}
console.log(JSON.stringify(made));
