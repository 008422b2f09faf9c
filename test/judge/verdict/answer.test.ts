import { describe, expect, test } from 'vitest';
import { readAnswer, type Answer } from '../../../src/judge/verdict/answer.ts';
import { plainAnswer, quoting } from './answers.ts';

const full: Answer = {
  ...quoting({ event: 'E3', quote: '4 passed in 1s', kind: 'tool_result' }),
  checks_after_last_change: [{ event: 'E3', quote: '4 passed in 1s', result: 'pass' }],
  side_effects: [{ event: 'E4', quote: 'removed the log', severity: 'minor' }],
};
const text = JSON.stringify(full);

test('an answer is read as it was written', () => {
  expect(readAnswer(text)).toEqual({ kind: 'answer', answer: full });
});

describe('an answer is found', () => {
  test.each([
    ['in a fence', `\`\`\`json\n${text}\n\`\`\``],
    ['after words', `I looked at {E3} and {"so": 1}.\n${text}`],
    ['before words', `${text}\nI hope that this helps :} {`],
    ['after an earlier draft', `${JSON.stringify(plainAnswer)}\nOn second thought:\n${text}`],
    ['after an object that never ends', `{"requirements": [\n\n${text}`],
    ['after reasoning in tags', `<think>{"proposed_score": 1}</think>${text}`],
    ['with brackets and quotes in its texts', text],
  ])('%s', (_where, given) => {
    expect(readAnswer(given)).toEqual({ kind: 'answer', answer: full });
  });
});

test('brackets in texts end no object', () => {
  const odd = { ...full, rationale: 'a } b { c " \\ d }' };
  expect(readAnswer(`so: ${JSON.stringify(odd)}`)).toEqual({ kind: 'answer', answer: odd });
});

describe('what is no answer has a problem that can be told', () => {
  test.each([
    '',
    'I cannot',
    '[]',
    '5',
    'null',
    '{"proposed_score": 5',
    '{'.repeat(10_000),
    '<html><body>502</body></html>',
  ])('no JSON: %.30j', (given) => {
    expect(readAnswer(given)).toEqual({ kind: 'problem', problem: 'It holds no complete JSON object.' });
  });

  test('50,000 levels are read or refused, never a crash (T21)', () => {
    expect(readAnswer(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`).kind).toBe('problem');
  });

  test('more than half a million characters are not looked at (T21)', () => {
    expect(readAnswer(`${text}${' '.repeat(500_000)}`).kind).toBe('problem');
  });

  const fields = Object.keys(full);

  test.each(fields)('%s is missing', (field) => {
    const rest = Object.fromEntries(Object.entries(full).filter(([name]) => name !== field));
    const read = readAnswer(JSON.stringify(rest));
    expect(read.kind === 'problem' ? read.problem : '').toContain(`- ${field}: `);
  });

  test.each(fields)('%s is of another type', (field) => {
    const read = readAnswer(JSON.stringify({ ...full, [field]: { odd: true } }));
    expect(read.kind === 'problem' ? read.problem : '').toContain(`- ${field}: `);
  });

  test.each([
    ['a field more', { ...full, score: 5 }],
    ['a field more in a requirement', { ...full, requirements: [{ ...full.requirements[0], weight: 2 }] }],
    ['a score of 6', { ...full, proposed_score: 6 }],
    ['a score of 4.5', { ...full, proposed_score: 4.5 }],
    ['a score as text', { ...full, proposed_score: '5' }],
    ['an unheard-of status', { ...full, requirements: [{ ...full.requirements[0], status: 'done' }] }],
    ['13 requirements', { ...full, requirements: Array.from({ length: 13 }, () => full.requirements[0]) }],
    ['null without a reason', { ...full, proposed_score: null }],
    ['a reason with a score', { ...full, null_reason: 'no_goal' }],
    ['a reason of ours', { ...full, proposed_score: null, null_reason: 'evidence_invalid' }],
    ['a score for no requirement', { ...full, requirements: [] }],
  ])('%s', (_what, answer) => {
    expect(readAnswer(JSON.stringify(answer)).kind).toBe('problem');
  });

  test('null with a reason is an answer, also without requirements', () => {
    const none = { ...full, requirements: [], proposed_score: null, null_reason: 'no_goal' };
    expect(readAnswer(JSON.stringify(none)).kind).toBe('answer');
  });
});
