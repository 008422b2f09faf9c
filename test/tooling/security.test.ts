import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../helpers/cli.ts';

const read = (name: string): string => readFileSync(join(repository, name), 'utf8');

/** `test/a.test.ts`: title; what follows is another claim. */
const claim = /`(test\/[\w./-]+\.test\.ts)`: ((?:[^`|()]|\((?:[A-Z]\d+(?:, )?)+\))+)/g;

function claims(page: string): readonly (readonly [file: string, title: string])[] {
  const folded = page.replaceAll(/\s+/g, ' ');
  return [...folded.matchAll(claim)].map(([, file = '', title = '']) => [file, title.replace(/[\s,;.]+$/, '').trim()]);
}

const page = read('SECURITY.md');

test('every claim of SECURITY.md names a test that is there', () => {
  const found = claims(page);
  expect(found.length).toBeGreaterThan(30);
  // Each place in which a test file is named is a claim.
  expect(found.length).toBe(page.match(/`test\/[\w./-]+\.test\.ts`:/g)?.length);
  const missing = found.filter(
    ([file, title]) =>
      !read(file)
        .replaceAll(/\\(['"`])/g, '$1')
        .includes(title),
  );
  expect(missing).toEqual([]);
});

test('the README leads there', () => expect(read('README.md')).toContain('(SECURITY.md)'));
