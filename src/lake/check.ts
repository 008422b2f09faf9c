import { readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { checkTable, type Finding } from './check-table.ts';
import { tables } from './schema.ts';
import { formatOf, type StorePaths } from './store.ts';
import { listTree, type TreeEntry } from './tree.ts';

export type { Finding } from './check-table.ts';

const LOW_SPACE_BYTES = 1024 ** 3;

/**
 * Checks the store without changing it: every file that a log names (size and hash), the logs themselves, what nobody
 * names, who may read it, its format and the free space. Reads every byte of every table. Errors first.
 */
export async function checkStore(store: StorePaths): Promise<readonly Finding[]> {
  const entries = await listTree(store.directory);
  const findings = [...(await checkFormat(store)), ...checkPermissions(entries), ...(await checkSpace(store))];
  for (const schema of Object.values(tables)) findings.push(...(await checkTable(store, schema, entries)));
  const rank = { error: 0, warning: 1, info: 2 };
  return findings.sort((a, b) => rank[a.level] - rank[b.level]);
}

async function checkFormat(store: StorePaths): Promise<readonly Finding[]> {
  const text = await readFile(store.storeFile, 'utf8').catch(() => '');
  if (formatOf(text) !== null) return [];
  const next = 'Write {"format":1} into it if the folder is a store of this sesh.';
  return [
    {
      level: 'error',
      what: 'The file that marks the folder as a store is missing or damaged.',
      where: 'store.json',
      next,
    },
  ];
}

/** One finding for all, because a wrong umask or a copied store opens thousands of files at once. */
function checkPermissions(entries: readonly TreeEntry[]): readonly Finding[] {
  if (process.platform === 'win32') return [];
  const open = entries.filter(({ kind, mode }) => kind !== 'other' && (mode & 0o077) !== 0);
  const [first] = open;
  if (first === undefined) return [];
  const what = `Other users of this machine may read or change ${open.length} of the files and folders.`;
  return [{ level: 'warning', what, where: first.path, next: 'Run `chmod -R go= DIR` with the folder of the store.' }];
}

async function checkSpace(store: StorePaths): Promise<readonly Finding[]> {
  try {
    const { bavail, bsize } = await statfs(store.directory);
    const free = bavail * bsize;
    const what = `${(free / 1024 ** 3).toFixed(1)} GiB free on the disk of the store.`;
    if (free < LOW_SPACE_BYTES)
      return [{ level: 'warning', what, where: '.', next: 'Free some space before the next `sesh sync`.' }];
    return [{ level: 'info', what, where: '.', next: 'Nothing to do.' }];
  } catch (error) {
    return [
      {
        level: 'info',
        what: `Free space is unknown: ${messageOf(error)}`,
        where: '.',
        next: `Check ${dirname(store.directory)}.`,
      },
    ];
  }
}
