import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/core/errors.ts';
import { alertTexts, checkConditions } from '../../../src/report/alerts/alerts.ts';
import { holds, parseCondition } from '../../../src/report/alerts/condition.ts';
import { figureOf, knownFigures } from '../../../src/report/alerts/figures.ts';
import { sampleReport } from '../sample.ts';

const known = knownFigures(['permission', 'category'], true);
const report = sampleReport((place) => place);

test('the figures are these', () => {
  const { names, listed } = knownFigures(['permission', 'timeout'], false);
  expect([...names]).toEqual([
    'sessions',
    'active_s',
    'cost_usd',
    'tool_errors_per_100_calls',
    'friction.reopened',
    'coverage.unreadable_sources',
    'coverage.quarantined_lines',
    'friction.permission.incidents',
    'friction.permission.rate',
    'friction.permission.per_active_hour',
    'friction.timeout.incidents',
    'friction.timeout.rate',
    'friction.timeout.per_active_hour',
  ]);
  expect(listed).toBe(
    'Figures: sessions, active_s, cost_usd, tool_errors_per_100_calls, friction.reopened, coverage.unreadable_sources, ' +
      'coverage.quarantined_lines, and friction.CATEGORY.incidents, friction.CATEGORY.rate, ' +
      'friction.CATEGORY.per_active_hour, where CATEGORY is permission, timeout.',
  );
  expect([...knownFigures([], true).names]).toContain('judge.mean');
});

test.each([
  ['friction.permission.rate > 0.3', 'friction.permission.rate', '>', 0.3],
  ['  sessions<=10 ', 'sessions', '<=', 10],
  ['cost_usd >= 12.50', 'cost_usd', '>=', 12.5],
  ['active_s < 60', 'active_s', '<', 60],
  ['friction.reopened = 0', 'friction.reopened', '=', 0],
  ['judge.mean < -1', 'judge.mean', '<', -1],
])('%j is read', (written, name, operator, limit) => {
  expect(parseCondition(written, known)).toEqual({
    text: expect.stringMatching(/^\S+ \S+ \S+$/),
    name,
    operator,
    limit,
  });
});

test.each([
  '',
  'sessions',
  'sessions >',
  '> 3',
  'sessions > many',
  'sessions >> 3',
  'sessions > 3; rm -rf',
  'sessions > 1e3',
])('refuses %j and says what there is', (written) => {
  const refused = expect.objectContaining({
    message: `Expected --alert to be such as "friction.permission.rate > 0.3", got "${written}".`,
    hint: expect.stringContaining('sessions, active_s, cost_usd'),
  });
  expect(() => parseCondition(written, known)).toThrow(UsageError);
  expect(() => parseCondition(written, known)).toThrow(refused);
});

test('refuses a figure that it does not know and says what there is', () => {
  expect(() => parseCondition('friction.permision.rate > 1', known)).toThrow(
    'knows no figure "friction.permision.rate"',
  );
});

test.each([
  ['<', 1, true],
  ['<', 2, false],
  ['<=', 2, true],
  ['>', 2, false],
  ['>', 3, true],
  ['>=', 2, true],
  ['=', 2, true],
  ['=', 3, false],
])('two %s %i', (operator, value, expected) => {
  expect(holds(parseCondition(`sessions ${operator} 2`, known), value)).toBe(expected);
});

describe('figures of a report', () => {
  test.each([
    ['sessions', 12],
    ['active_s', 12_000],
    ['cost_usd', 4.2],
    ['tool_errors_per_100_calls', 5],
    ['friction.reopened', 2],
    ['coverage.unreadable_sources', 1],
    ['coverage.quarantined_lines', 3],
    ['judge.mean', 4.3],
    // Without the one that a fix explains.
    ['friction.category.incidents', 11],
    ['friction.category.rate', 2.75],
    ['friction.category.per_active_hour', 3.3],
    ['friction.permission.rate', null],
  ])('%s is %d', (name, value) => {
    expect(figureOf(report, name)).toBe(value);
  });
});

test('a condition fires with its value, and one on a figure that is not known is said and never fires', () => {
  const conditions = ['sessions > 10', 'sessions > 12', 'friction.permission.rate < 100'].map((text) =>
    parseCondition(text, known),
  );
  const alerts = checkConditions(conditions, report);
  expect(alerts).toEqual([
    { condition: 'sessions > 10', value: 12, fired: true },
    { condition: 'sessions > 12', value: 12, fired: false },
    { condition: 'friction.permission.rate < 100', value: null, fired: false },
  ]);
  expect(alertTexts(alerts)).toEqual([
    'ALERT sessions > 10 (it is 12)',
    'not known, so not checked: friction.permission.rate < 100',
  ]);
});
