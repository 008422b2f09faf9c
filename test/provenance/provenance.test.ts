import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { provenanceOf, provenanceText } from '../../src/provenance/provenance.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { treeHashes } from '../helpers/store.ts';

const project = join(scratchForFile(), 'shop');
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
};

beforeAll(() => {
  write(
    'package.json',
    '{\n  "scripts": {\n    "test": "vitest run",\n    "deploy": "node deploy.mjs --all"\n  }\n}\n',
  );
  write('Makefile', 'VERSION := 3\n\nimage: build\n\tdocker build -t shop .\n');
  write('scripts/sync.sh', '#!/bin/sh\n');
  write(
    'CLAUDE.md',
    '# Rules\n\nRun `uv run pytest -q` before you commit.\n\n```sh\n$ rsync -a build/ web:/srv/shop\n```\n',
  );
  write('docs/setup.md', 'See below.\n\n~~~\ncreatedb shop_test\n~~~\n');
  write('src/deep/x.ts', '');
  write('elsewhere.md', '`curl -s localhost:8080/health`\n');
  symlinkSync(join(project, 'elsewhere.md'), join(project, 'README.md'));
});

describe('a command that is written in the project comes from there', () => {
  test.each([
    ['npm test', 'package.json:3'],
    ['npm run deploy -- --dry-run', 'package.json:4'],
    ['node deploy.mjs --all', 'package.json:4'],
    ['cd /tmp/shop && make image', 'Makefile:3'],
    ['docker build -t shop .', 'Makefile:4'],
    ['./scripts/sync.sh web', 'scripts/sync.sh:1'],
    ['bash scripts/sync.sh', 'scripts/sync.sh:1'],
    ['uv run pytest -q tests/a.py', 'CLAUDE.md:3'],
    ['CI=1 uv run pytest -q', 'CLAUDE.md:3'],
    ['rsync  -a build/ web:/srv/shop', 'CLAUDE.md:6'],
    ['createdb shop_test', 'docs/setup.md:4'],
  ])('%s', (command, place) => {
    expect(provenanceText(provenanceOf(command, [], project))).toBe(`written in the project (${place})`);
    expect(provenanceOf(command, [], join(project, 'src', 'deep')).origin).toBe('project');
  });
});

describe('a command that is not written there', () => {
  test.each([
    ['npm run deployment', [], 'agent'],
    ['npm', ['npm'], 'agent'],
    ['curl -s localhost:8080/health', [], 'agent'],
    ['psql -c "select 1"', ['please run `psql -c "select 1"` first'], 'user'],
    ['psql -c "select 2"', ['please run `psql -c "select 1"` first'], 'agent'],
  ] as const)('%s after %j comes from %s', (command, words, origin) => {
    expect(provenanceOf(command, words, project)).toEqual({ origin });
  });

  test('is of unknown origin where the project is not on this machine', () => {
    expect(provenanceOf('make image', [], join(project, 'gone'))).toEqual({ origin: 'unknown' });
    expect(provenanceOf('make image', [], null)).toEqual({ origin: 'unknown' });
    expect(provenanceOf('make image', ['try make image'], null)).toEqual({ origin: 'user' });
  });
});

test('looking at a project changes nothing in it', () => {
  const before = treeHashes(project);
  provenanceOf('make image', [], project);
  expect(treeHashes(project)).toEqual(before);
});
