import { expect, test } from 'vitest';
import { nextSteps } from '../../src/report/next-steps.ts';
import { loadCatalog } from '../../src/views/load.ts';
import { HOSTILE, HOSTILE_RAW } from '../report/hostile.ts';
import { sampleReport } from '../report/sample.ts';

const rules = loadCatalog().seeds.get('seeds.friction_rules');
const remedyColumn = rules?.columns.findIndex(({ name }) => name === 'remedy') ?? -1;
const remedies = rules?.rows.map((row) => row[remedyColumn] ?? '').filter((text) => text !== '') ?? [];

const own = new Set([
  'Run sesh doctor: some sources could not be read.',
  'Open the issue again: trouble that was fixed came back.',
  'Look at the longest retry loop that never worked: what it needs belongs into the project notes.',
]);

test.each([...HOSTILE, ...HOSTILE_RAW])(
  '%j: every advice is a sentence of ours, whatever the transcripts say (T30)',
  (text) => {
    // Remedies come out of the file of rules, everything else out of transcripts.
    const report = sampleReport(() => text);
    const friction = report.friction.map((kind, index) => ({ ...kind, remedy: remedies[index] ?? null }));
    const steps = nextSteps({ ...report, friction, coverage: { ...report.coverage, unreadable_sources: 1 } });
    expect(steps.length).toBeGreaterThan(1);
    expect(
      steps.map(({ advice }) => advice).filter((advice) => !own.has(advice) && !remedies.includes(advice)),
    ).toEqual([]);
  },
);

test('remedies are there, and none holds an address', () => {
  expect(remedies.length).toBeGreaterThan(10);
  expect(remedies.filter((text) => /https?:|[$<>|]|npx |curl /.test(text))).toEqual([]);
});
