import { spawnSync } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isObject, type Json } from '../../src/core/json.ts';
import { splitLines } from '../../src/read/lines.ts';
import { newReadSink, parseRecords } from '../../src/read/records.ts';
import { corpus, filesOf } from '../helpers/corpus.ts';

/** Enough of the corpus to meet every agent, version and alphabet, and not more than a few seconds of Python. */
const MOST_FILES = 60;
const MOST_BYTES = 400_000;
const TIME_MS = 120_000;

const units = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** As `differential.py` does it. */
function feed(hash: Hash, value: Json): void {
  if (value === null || typeof value === 'boolean') hash.update(value === null ? 'n' : value ? 't' : 'f');
  else if (typeof value === 'string') hash.update('s').update(units(value)).update('\0\0\0');
  else if (typeof value === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    hash.update('d').update(bytes);
  } else if (isObject(value)) {
    hash.update('{');
    for (const key of Object.keys(value).sort((a, b) => Buffer.compare(units(a), units(b)))) {
      feed(hash, key);
      feed(hash, value[key] ?? null);
    }
    hash.update('}');
  } else {
    hash.update('[');
    for (const item of value) feed(hash, item);
    hash.update(']');
  }
}

/** What our reader makes of a file; null when a line of it is damaged, so that the two may differ. */
function ours(file: string): string | null {
  const hash = createHash('sha256');
  const sink = newReadSink();
  let count = 0;
  for (const { value } of parseRecords(splitLines([readFileSync(file)]), sink)) {
    feed(hash, value);
    count += 1;
  }
  const { salvaged, quarantined } = sink.counts;
  return salvaged + quarantined > 0 ? null : `${count} ${hash.digest('hex')}`;
}

test(
  'clean real files have the records that Python reads in them, to the last character and digit',
  ({ skip }) => {
    skip(corpus === null, 'the corpus beside the checkout is missing');
    skip(spawnSync('python3', ['--version']).status !== 0, 'there is no Python');
    const all = filesOf(corpus ?? '', '.jsonl').filter((file) => statSync(file).size < MOST_BYTES);
    const some = all.filter((_, index) => index % Math.ceil(all.length / MOST_FILES) === 0);
    const read = some.flatMap((file) => {
      const said = ours(file);
      return said === null ? [] : [{ file, said }];
    });
    const python = spawnSync('python3', [join(import.meta.dirname, 'differential.py')], {
      input: read.map(({ file }) => file).join('\n'),
      encoding: 'utf8',
      timeout: TIME_MS,
    });
    expect(python.stderr).toBe('');
    expect(python.stdout.trimEnd().split('\n')).toEqual(read.map(({ said }) => said));
    console.info(`${read.length} of ${some.length} files are clean and the same in both.`);
    expect(read.length).toBeGreaterThan(some.length / 2);
  },
  TIME_MS,
);
