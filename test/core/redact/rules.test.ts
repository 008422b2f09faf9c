import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contextRules } from '../../../src/core/redact/contexts.ts';
import { findSecrets } from '../../../src/core/redact/find.ts';
import { tokenFormats } from '../../../src/core/redact/formats.ts';
import { secretKinds } from '../../../src/core/redact/kinds.ts';
import { rules } from '../../../src/core/redact/rules.ts';
import { rulesVersion } from '../../../src/core/redact/version.ts';
import { attacksOn } from './attacks.ts';

test('what the rules say is written down, so that changed rules derive all events again', () => {
  const said = [
    contextRules.map(({ id, kind, words, pattern, flags, back }) => [id, kind, words, pattern, flags, back]),
    tokenFormats,
  ];
  const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
  expect(rulesVersion, 'Raise the number in version.ts and write the digest behind it').toMatch(/^\d+-[0-9a-f]{16}$/);
  expect(rulesVersion.split('-')[1]).toBe(digest);
});

test('every kind of mark is one that a rule or the library can give', () => {
  const given = new Set<string>([...rules.map(({ kind }) => kind), 'gcp', 'terraform', 'known']);
  expect(secretKinds.filter((kind) => !given.has(kind))).toEqual([]);
});

test('ids of rules are unique, words long enough, quantifiers bounded or over what nothing after them matches', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const unbounded = rules.filter(({ pattern }) => /(?<!\\)[*+](?![^[]*\])/.test(pattern.source)).map(({ id }) => id);
  expect(unbounded).toEqual(['private-key']);
});

/** Security.md T03: a rule and a line may take 50 ms; the machine that runs the tests is shared, so processor time counts. */
const BUDGET_MS = 50;
const LINE = 50_000;

describe('a line made to cost a rule as much as it can costs less than 50 ms (T03)', () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
    for (const unit of attacksOn(rule)) {
      const line = unit.repeat(Math.ceil(LINE / unit.length));
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 4 && best > BUDGET_MS; run += 1) {
        const before = process.cpuUsage();
        findSecrets(line);
        const { user, system } = process.cpuUsage(before);
        best = Math.min(best, (user + system) / 1000);
      }
      expect(best, `${JSON.stringify(unit.slice(0, 80))} repeated`).toBeLessThan(BUDGET_MS);
    }
  });
});
