import path from 'node:path';

/**
 * Names that some disks take for one, because they differ in capitals or in how an accent is written: here they are files of their own, and
 * a copy of them on such a disk would not be. A sentence, or none.
 */
export function clashesOf(files: readonly string[]): readonly string[] {
  const folders = clashing([...new Set(files.map((file) => path.dirname(file)))]);
  // Names in one folder can only clash where one of them has capitals or accents; those of folders that clash may all.
  const names = files.filter((file) => folders.size > 0 || FOLDS.test(file.slice(file.lastIndexOf(path.sep))));
  const beside = new Set(names.map((name) => path.dirname(name)));
  const doubtful = names.length === 0 ? [] : files.filter((file) => beside.has(path.dirname(file)));
  /** The name that came first, by the one that clashes with it. */
  const clashes = new Map([...folders, ...clashing(doubtful)].sort(([a], [b]) => (a < b ? -1 : 1)));
  const [example] = [...clashes].map(([name, first]) => [first, name]);
  if (example === undefined) return [];
  const others = clashes.size === 1 ? '' : `, and ${clashes.size - 1} more,`;
  return [
    `${example.join(' and ')}${others} differ only in capitals or accents: each is read as its own, where some disks keep only one.`,
  ];
}

function clashing(names: readonly string[]): ReadonlyMap<string, string> {
  const byFolded = new Map<string, string>();
  const clashes = new Map<string, string>();
  for (const name of names) {
    const folded = foldedOf(name);
    const first = byFolded.get(folded);
    if (first === undefined) byFolded.set(folded, name);
    else if (first !== name) clashes.set(name, first);
  }
  return clashes;
}

const FOLDS = /[^\0-@[-\x7F]/;

/** Most names are small letters without accents, which stay as they are. */
function foldedOf(name: string): string {
  return FOLDS.test(name) ? name.normalize('NFC').toLowerCase() : name;
}
