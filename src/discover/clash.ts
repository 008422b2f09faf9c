import path from 'node:path';

/**
 * Names that some disks take for one, because they differ in capitals or in how an accent is written: here they are files of their own, and
 * a copy of them on such a disk would not be. A sentence, or none.
 */
export function clashesOf(files: readonly string[]): readonly string[] {
  const byFolded = new Map<string, string>();
  const clashes: (readonly [string, string])[] = [];
  for (const name of new Set(files.flatMap((file) => [path.dirname(file), file]))) {
    const folded = name.normalize('NFC').toLowerCase();
    const first = byFolded.get(folded);
    if (first === undefined) byFolded.set(folded, name);
    else clashes.push([first, name]);
  }
  const [example] = clashes;
  if (example === undefined) return [];
  const others = clashes.length === 1 ? '' : `, and ${clashes.length - 1} more,`;
  return [
    `${example.join(' and ')}${others} differ only in capitals or accents: each is read as its own, where some disks keep only one.`,
  ];
}
