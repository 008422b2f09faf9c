import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { amp } from '../../../src/agents/amp/index.ts';
import { cline } from '../../../src/agents/cline/index.ts';
import { kiloCode } from '../../../src/agents/kilo-code/index.ts';
import { rooCode } from '../../../src/agents/roo-code/index.ts';
import { discoverSources } from '../../../src/discover/discover.ts';

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const missing = !fs.existsSync(corpus);

// There are no real files of these agents: all that can be seen is that they take none of the others'.
test.skipIf(missing)('no real file of another agent is taken', { timeout: 60_000 }, () => {
  expect(takenFrom(corpus)).toEqual([]);
});

test('no invented file of another agent is taken', { timeout: 60_000 }, () => {
  const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
  const others = fs
    .readdirSync(fixtures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isOurs(entry.name));
  expect(others.flatMap(({ name }) => takenFrom(path.join(fixtures, name)))).toEqual([]);
});

const agents = [amp, cline, rooCode, kiloCode];

function takenFrom(root: string): readonly string[] {
  const { sources } = discoverSources({ roots: [root], agents }, { env: {}, home: '/', platform: 'linux' });
  return sources.map((source) => source.path);
}

function isOurs(name: string): boolean {
  return agents.some(({ id }) => id === name);
}
