import fs from 'node:fs';
import path from 'node:path';

/** Real transcripts beside the checkout (`../shared/corpus`); null where they are missing, and then tests of them skip. */
export const corpus: string | null = existing(path.resolve(import.meta.dirname, '../../../shared/corpus'));

function existing(folder: string): string | null {
  return fs.existsSync(folder) ? folder : null;
}

/** Files below the folder whose names end so, sorted. */
export function filesOf(folder: string, ending: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** Lines of a file without their line feeds. */
export function linesIn(file: string): readonly Buffer[] {
  const bytes = fs.readFileSync(file);
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
