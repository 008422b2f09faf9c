import path from 'node:path';

/**
 * Names that some disks take for one, because they differ in capitals or in how an accent is written: here they are files of their own, and
 * a copy of them on such a disk would not be. A sentence, or none.
 */
export function clashesOf(files: readonly string[]): readonly string[] {
  const byFolded = new Map<string, string>();
  /** The name that came first, by the one that clashes with it. */
  const clashes = new Map<string, string>();
  const note = (name: string): void => {
    const folded = foldedOf(name);
    const first = byFolded.get(folded);
    if (first === undefined) byFolded.set(folded, name);
    else if (first !== name) clashes.set(name, first);
  };
  let lastFolder = '';
  for (const file of files) {
    // Files of a folder come together, so that most folders are looked at once.
    const folder = path.dirname(file);
    if (folder !== lastFolder) note(folder);
    lastFolder = folder;
    note(file);
  }
  const [example] = [...clashes].map(([name, first]) => [first, name]);
  if (example === undefined) return [];
  const others = clashes.size === 1 ? '' : `, and ${clashes.size - 1} more,`;
  return [
    `${example.join(' and ')}${others} differ only in capitals or accents: each is read as its own, where some disks keep only one.`,
  ];
}

/** Most names are small letters without accents, which stay as they are. */
function foldedOf(name: string): string {
  return /[^\0-@[-\x7F]/.test(name) ? name.normalize('NFC').toLowerCase() : name;
}
