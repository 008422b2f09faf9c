import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository, runCli } from '../helpers/cli.ts';
import { scratchForFile } from '../helpers/scratch.ts';

const machine = scratchForFile();
/** Before any checkout's files were written, so that the torn line at the end of one is still being written. */
const env = { SESH_NOW: '2026-03-14T00:00:00Z' };
const window = ['--since', '14d', '--until', '2026-03-14', '--zone', 'UTC'];

await runCli(['sync', '--root', 'fixtures/demo'], { machine, env });

/** `UPDATE_SAMPLE=1 npx vitest run test/report/sample.test.ts` writes the samples anew; read the difference before you keep it. */
function compare(name: string, printed: string): void {
  const file = join(repository, 'reports', name);
  // Names of drafts follow from the store's own key, and this store is new each time.
  const text = printed.replaceAll(/-[0-9a-f]{8}\.md/g, '-5e5b0000.md');
  if (process.env['UPDATE_SAMPLE'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

test('reports/sample.md is the report of the bundled demo', async () => {
  const { code, stdout, stderr } = await runCli(['report', ...window, '--stdout'], { machine, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  compare('sample.md', stdout);
});

test('reports/sample.json is the same report for programs', async () => {
  const { code, stdout } = await runCli(['report', ...window, '--json'], { machine, env });
  expect(code).toBe(0);
  compare('sample.json', stdout);
});
