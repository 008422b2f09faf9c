import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { clashesOf } from '../../src/discover/clash.ts';

const folder = constantFrom('/t/a', '/t/A', '/t/b', '/t/caf\u00e9', '/t/cafe\u0301');
const name = constantFrom('x', 'X', 'y', '\u00e9', 'e\u0301', '\u00c9', 'z');

/** Names, folders among them, that come out as one that came before when capitals and accents are taken away. */
function clashingIn(files: readonly string[]): number {
  const first = new Map<string, string>();
  const clashing = new Set<string>();
  for (const name of files.flatMap((file) => [file.slice(0, file.lastIndexOf('/')), file])) {
    const folded = name.normalize('NFC').toLowerCase();
    if ((first.get(folded) ?? name) !== name) clashing.add(name);
    else first.set(folded, name);
  }
  return clashing.size;
}

test('every name that some disks take for another one is counted, whichever folders it lies in', () => {
  assert(
    property(array(tuple(folder, name), { maxLength: 8 }), (parts) => {
      const files = [...new Set(parts.map((part) => part.join('/')))].sort();
      const count = clashingIn(files);
      const [text] = clashesOf(files);
      const said = text === undefined ? 0 : Number(/, and (\d+) more,/.exec(text)?.[1] ?? 0) + 1;
      expect(said).toBe(count);
    }),
    { numRuns: 500 },
  );
});
