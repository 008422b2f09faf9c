// Takes the lock of a store, says so, and keeps it until its standard input ends. Arguments: folder of the compiled project, store.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [project, directory] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(project, 'src/lake', name)).href);
const { openStore } = await load('store.js');
const { acquireLock } = await load('lock.js');
const store = await openStore(directory, { create: true });
try {
  const lock = await acquireLock(store, 'sync', { waitS: 0, now: () => new Date('2026-03-01T12:00:00.000Z') });
  console.log('held');
  await new Promise((done) => process.stdin.once('end', done).resume());
  await lock.release();
} catch (error) {
  console.log(JSON.stringify({ message: error.message, exitCode: error.exitCode }));
}
