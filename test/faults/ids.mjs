// Which fault, threat or property (ids.mjs: F01-F72, T01-T55, P1-P10) a test holds stands in brackets at the end of its title.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const tests = resolve(import.meta.dirname, '..');
const bracket = String.raw`\(((?:[FTP]\d+)(?:, [FTP]\d+)*)\)`;

/** Full names of tests hold the titles of their groups too, so a bracket may stand anywhere in them. */
export const withIds = new RegExp(bracket);

/** The ids at the end of one title. */
export function idsIn(title) {
  return new RegExp(`${bracket}$`).exec(title)?.[1]?.split(', ') ?? [];
}

/** Every title with ids in the text of a test file. */
export function titlesIn(text) {
  return [...text.matchAll(new RegExp(`(?:'|"|\`)([^'"\`\\n]*${bracket})['"\`]`, 'g'))].map(([, title]) => title);
}

/** The test files that hold an id, with the titles that carry it. */
export function filesWithIds() {
  return readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.endsWith(join('faults', 'table.test.ts')))
    .sort()
    .map((path) => ({ path: `test/${path}`, titles: titlesIn(readFileSync(join(tests, path), 'utf8')) }))
    .filter(({ titles }) => titles.length > 0);
}

/** Each id with what it is about, in order. */
export function catalogue() {
  return readPairs('catalogue.csv', 'id,what');
}

/** The ids that no test holds because they cannot happen here, with the reason. */
export function notApplicable() {
  return readPairs('not-applicable.csv', 'id,why');
}

function readPairs(name, header) {
  const [first, ...lines] = readFileSync(join(import.meta.dirname, name), 'utf8')
    .trimEnd()
    .split('\n');
  if (first !== header) throw new Error(`Expected ${name} to begin with "${header}", got "${first}".`);
  return new Map(lines.map((line) => pair(name, line)));
}

function pair(name, line) {
  const match = /^([FTP]\d+),(?:"((?:[^"]|"")+)"|([^",]+))$/.exec(line);
  if (match === null) throw new Error(`Expected an id and one cell of text in ${name}, got "${line}".`);
  return [match[1], match[3] ?? match[2].replaceAll('""', '"')];
}
