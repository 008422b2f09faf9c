import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Requirement, Score } from '../../../src/judge/contract.ts';
import { readFacts } from '../../../src/judge/facts.ts';
import { capped, type Proven } from '../../../src/judge/verdict/caps.ts';

const fine: Proven = {
  requirements: [{ status: 'met' }, { status: 'met' }, { status: 'withdrawn' }],
  hasProof: true,
  checkedAfterLastChange: true,
  harmfulSideEffect: false,
};
const facts = readFacts(null);
const requirements = (...statuses: readonly Requirement['status'][]): Partial<Proven> => ({
  requirements: statuses.map((status) => ({ status })),
});

test('a session that nothing speaks against keeps its score', () => {
  for (const proposed of [1, 2, 3, 4, 5] as const)
    expect(capped(proposed, fine, facts)).toEqual({ score: proposed, caps: [] });
});

describe('a proposed 5 is at most', () => {
  test.each([
    ['requirement_unmet', 3, requirements('met', 'unmet'), {}],
    ['all_requirements_unmet', 1, requirements('unmet', 'unmet', 'withdrawn'), {}],
    ['requirement_partial', 4, requirements('met', 'partial'), {}],
    ['requirement_unproven', 3, requirements('met', 'unclear'), {}],
    ['last_check_failed', 3, {}, { lastCheckFailed: true }],
    ['user_rejected', 3, {}, { lastMessageRejects: true }],
    ['harmful_side_effect', 2, { harmfulSideEffect: true }, {}],
    ['interrupted_at_end', 4, {}, { interruptedAtEnd: true }],
    ['nothing_checked', 3, { hasProof: false }, {}],
    ['not_checked_after_last_change', 4, { checkedAfterLastChange: false }, {}],
  ] as const)('%s: %d', (name, most, proven, known) => {
    const result = capped(5, { ...fine, ...proven }, { ...facts, ...known });
    expect(result.score).toBe(most);
    expect(result.caps).toContain(name);
    expect(result.caps.filter((cap) => cap !== name && cap !== 'requirement_unmet')).toEqual([]);
  });
});

test('only caps below the proposal are named', () => {
  const known = { ...facts, lastCheckFailed: true, interruptedAtEnd: true };
  expect(capped(4, fine, known)).toEqual({ score: 3, caps: ['last_check_failed'] });
  expect(capped(3, fine, known)).toEqual({ score: 3, caps: [] });
});

test('a requirement that was taken back neither lowers nor counts', () => {
  expect(capped(5, { ...fine, ...requirements('withdrawn') }, facts)).toEqual({ score: 5, caps: [] });
});

const status = fc.constantFrom<Requirement['status'][]>('met', 'partial', 'unmet', 'withdrawn', 'unclear');
const anyProven = fc.record({
  requirements: fc.array(fc.record({ status }), { minLength: 1, maxLength: 12 }),
  hasProof: fc.boolean(),
  checkedAfterLastChange: fc.boolean(),
  harmfulSideEffect: fc.boolean(),
});
const anyFacts = fc
  .record({ lastCheckFailed: fc.boolean(), lastMessageRejects: fc.boolean(), interruptedAtEnd: fc.boolean() })
  .map((known) => ({ ...facts, ...known }));

test('a score is never above what was proposed, and every named cap lies below it (T31)', () => {
  fc.assert(
    fc.property(fc.constantFrom<Score[]>(1, 2, 3, 4, 5), anyProven, anyFacts, (proposed, proven, known) => {
      const { score, caps } = capped(proposed, proven, known);
      expect(score).toBeLessThanOrEqual(proposed);
      expect(caps.length > 0).toBe(score < proposed);
    }),
  );
});
