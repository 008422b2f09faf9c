import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const source = resolve(import.meta.dirname, '../../../src');

test('the client libraries are loaded only when a provider is opened', () => {
  const named = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const lines = readFileSync(join(source, path), 'utf8').split('\n');
      return lines
        .filter((line) => /(?:from|import\() ?'(?:openai|@anthropic-ai\/sdk)/.test(line))
        .map((line) => [path, line.trim()]);
    });
  expect(
    named
      .filter(([, line = '']) => !line.startsWith('import type '))
      .map((parts) => parts.join(': '))
      .sort(),
  ).toEqual([
    `${join('judge', 'providers', 'anthropic.ts')}: const { default: Client } = await import('@anthropic-ai/sdk');`,
    `${join('judge', 'providers', 'openai.ts')}: const { default: Client } = await import('openai');`,
  ]);
});
