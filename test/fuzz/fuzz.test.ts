import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('hostile transcripts of every agent are read, adapted and published without a fault (P10)', async () => {
  const fuzz = join(import.meta.dirname, 'fuzz.mjs');
  // The same cases everywhere: only the fixtures are mutated, and the seed is fixed. `npm run fuzz` goes on from here.
  const args = [fuzz, '--fixtures', '--seed', '20261129', '--cases', '400', '--publish', '400', '--minutes', '5'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^400 cases \(seed 20261129\), 1 times published; 0 faults;/);
}, 240_000);
