import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { repository } from '../helpers/cli.ts';

const figures = z.object({
  planted: z.number(),
  plain: z.number(),
  encoded: z.number(),
  in_report: z.number(),
  on_wire: z.number(),
  false_in_lookalikes: z.number(),
});

test(
  'of secrets of every kind in every position hardly one is left in a derived table, and none in the report or the text for the judge (T15)',
  { timeout: 300_000 },
  () => {
    const program = join(repository, 'test', 'eval', 'redaction', 'redaction.mjs');
    const run = spawnSync(process.execPath, [program, '--short', '--json'], { encoding: 'utf8' });
    const measured = figures.parse(JSON.parse(run.stdout));
    expect(measured.planted).toBeGreaterThan(2000);
    expect(measured.plain).toBeGreaterThanOrEqual(0.99);
    expect(measured.encoded).toBeGreaterThanOrEqual(0.95);
    expect(measured).toMatchObject({ in_report: 0, on_wire: 0, false_in_lookalikes: 0 });
    expect(run.status).toBe(0);
  },
);
