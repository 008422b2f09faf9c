// Preloaded into a process under test: remembers what a power cut could not take. After every sync of a file or folder below
// DURABLE_STORE it writes to DURABLE_OUT what is safe by then: the entries of each folder as of its last sync, the bytes of each
// file as of its last sync, and beside it all names that are there now.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const { DURABLE_STORE: store, DURABLE_OUT: out } = process.env;
const folders = {};
const files = {};
let moments = 0;

/** Inode numbers are used again; with the moment of birth they are not. */
function idOf(status) {
  return `${status.ino}-${status.birthtimeNs}`;
}

function entriesOf(folder) {
  return fs.readdirSync(folder).flatMap((name) => {
    const status = fs.lstatSync(path.join(folder, name), { bigint: true, throwIfNoEntry: false });
    return status === undefined ? [] : [{ name, id: idOf(status), isFolder: status.isDirectory() }];
  });
}

/** All that is there now, as entries by folder. */
function treeOf(folder, tree = {}) {
  const status = fs.lstatSync(folder, { bigint: true, throwIfNoEntry: false });
  if (status === undefined) return tree;
  tree[idOf(status)] = entriesOf(folder);
  for (const { name, isFolder } of tree[idOf(status)]) if (isFolder) treeOf(path.join(folder, name), tree);
  return tree;
}

function keep(place) {
  const status = fs.lstatSync(place, { bigint: true });
  if (status.isDirectory()) {
    folders[idOf(status)] = entriesOf(place);
    return;
  }
  const bytes = fs.readFileSync(place);
  const name = createHash('sha256').update(bytes).digest('hex');
  fs.writeFileSync(path.join(out, name), bytes);
  files[idOf(status)] = name;
}

/** What is there at the start has been safe for long. */
function keepAll(folder) {
  keep(folder);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) keepAll(place);
    else keep(place);
  }
}

function note() {
  const root = fs.lstatSync(store, { bigint: true, throwIfNoEntry: false });
  if (root === undefined) return;
  moments += 1;
  const moment = { root: idOf(root), folders, files, tree: treeOf(store) };
  fs.writeFileSync(path.join(out, `moment-${String(moments).padStart(4, '0')}.json`), JSON.stringify(moment));
}

if (fs.existsSync(store)) keepAll(store);
const open = promises.open;
promises.open = async (place, flags, mode) => {
  const handle = await open(place, flags, mode);
  const sync = handle.sync.bind(handle);
  handle.sync = async () => {
    await sync();
    // The lock's file must not be opened twice: closing it would give the lock free.
    if (path.resolve(place).startsWith(store) && !place.endsWith('lock.duckdb')) {
      keep(place);
      note();
    }
  };
  return handle;
};
syncBuiltinESMExports();
