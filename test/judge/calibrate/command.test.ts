import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeCalibrate } from '../../../src/commands/judge/calibrate.ts';
import { labelLine, noLabels, type Label } from '../../../src/judge/calibrate/labels-file.ts';
import { repository } from '../../helpers/cli.ts';
import { scratch } from '../../helpers/scratch.ts';
import { fromMatrix, invoke, label, verdict } from './given.ts';
import { thirty } from './statistics/matrices.ts';

function labelsFile(labels: readonly Label[]): string {
  const path = join(scratch(), 'labels.csv');
  const lines = labels.map((one) => labelLine(one, noLabels.header));
  writeFileSync(path, [noLabels.header.join(), ...lines, ''].join('\n'));
  return path;
}

describe('labels against the verdicts of the store', () => {
  test('print the counts, the matrix, every figure with its interval, groups and disagreements', async () => {
    const { labels, verdicts } = fromMatrix(thirty);
    const file = labelsFile([...labels, label('torn', 5), label('torn', 1, { labeller: 'bob' }), label('new', 3)]);
    const { invocation, stdout } = invoke({ flags: {}, argument: file });
    const code = await judgeCalibrate(invocation, async () => verdicts);
    expect({ code, stdout: stdout() }).toEqual({
      code: 0,
      stdout: `32 labelled sessions: 30 used, 1 disputed among people, 1 without a verdict.
Judge: v1

PEOPLE \\ JUDGE  1  2  3  4  5
1               4  1  0  0  0
2               1  3  1  0  0
3               0  1  4  1  1
4               0  0  1  5  1
5               0  0  0  2  4

FIGURE                                            VALUE  95 % INTERVAL
quadratic-weighted kappa                          0.884  0.759 to 0.951
within one point                                  0.967  0.900 to 1.000
exact agreement                                   0.667  0.500 to 0.833
Cohen's kappa                                     0.581  0.355 to 0.780
bias (judge minus people)                        +0.033  -0.200 to +0.267
false positives (score 4 or more)                 0.118  0.000 to 0.286
precision (score 4 or more)                       0.857  0.643 to 1.000
recall (score 4 or more)                          0.923  0.750 to 1.000
standard deviation of the judge's scores          1.392  1.104 to 1.579
share of its most frequent score                  0.267  0.233 to 0.433
Krippendorff's alpha, ordinal, people and judge   0.754
Krippendorff's alpha, ordinal, people alone       0.000
quotes that are there                             1.000
one score when asked 5 times                          -

Few sessions: with fewer than 50 the figures say little, it takes about 200 to compare two prompts.

By agent
GROUP  SESSIONS    QWK  WITHIN 1    BIAS  FALSE POS
pi           30  0.884     0.967  +0.033      0.118

By length
GROUP            SESSIONS    QWK  WITHIN 1    BIAS  FALSE POS
1-10 tool calls        30  0.884     0.967  +0.033      0.118

Largest disagreements
PEOPLE  JUDGE  SESSION
     3      5  pi:16
     3      4  pi:15
     4      5  pi:23
     1      2  pi:4
     2      3  pi:9
     3      2  pi:10
     4      3  pi:17
     5      4  pi:24
     5      4  pi:25
     2      1  pi:5

Not measured: one score when asked 5 times (\`sesh judge --samples 5\` asks so often).
All other floors are reached.
`,
    });
  });

  test('end with 3 below a floor and say which', async () => {
    const labels = [1, 2, 3, 4].map((number) => label(String(number), 1));
    const verdicts = [1, 2, 3, 4].map((number) => verdict(String(number), 5));
    const { invocation, stdout } = invoke({ flags: {}, argument: labelsFile(labels) });
    const code = await judgeCalibrate(invocation, async () => verdicts);
    expect(code).toBe(3);
    expect(stdout().split('\n').slice(-5)).toEqual([
      'Below the floor: quadratic-weighted kappa 0.000, expected at least 0.600.',
      'Below the floor: within one point 0.000, expected at least 0.850.',
      'Below the floor: false positives 1.000, expected at most 0.250.',
      'Not measured: one score when asked 5 times (`sesh judge --samples 5` asks so often).',
      '',
    ]);
  });

  test('end with 3 when there is nothing to measure', async () => {
    const { invocation, stdout } = invoke({ flags: {}, argument: labelsFile([label('a', 4)]) });
    expect(await judgeCalibrate(invocation, async () => [])).toBe(3);
    expect(stdout()).toContain('1 labelled session: 0 used, 1 without a verdict.');
    expect(stdout()).toContain(
      'Below the floor: quadratic-weighted kappa not defined for these answers, expected at least 0.600.',
    );
  });

  test('--floor-kappa moves the floor of the weighted kappa', async () => {
    const { labels, verdicts } = fromMatrix(thirty);
    const file = labelsFile(labels);
    const codes = ['0.88', '0.89'].map(async (floor) =>
      judgeCalibrate(invoke({ flags: { 'floor-kappa': floor }, argument: file }).invocation, async () => verdicts),
    );
    expect(await Promise.all(codes)).toEqual([0, 3]);
  });

  test('as JSON are one document', async () => {
    const labels = [label('a', 4, { split: 'dev' }), label('b', 2)];
    const verdicts = [verdict('a', 4), verdict('b', 4)];
    const { invocation, stdout } = invoke({ flags: { json: true }, argument: labelsFile(labels) });
    expect(await judgeCalibrate(invocation, async () => verdicts)).toBe(3);
    expect(JSON.parse(stdout())).toMatchObject({
      judge_version: 'v1',
      counts: { labelled: 2, used: 2, disputed: 0, human_null: 0, judge_null: 0, unjudged: 0, other_version: 0 },
      positive_from: 4,
      labels: ['1', '2', '3', '4', '5'],
      seed: 1,
      draws: 2000,
      figures: {
        accuracy: { value: 0.5, low: 0, high: 1 },
        bias: { value: 1, low: 0, high: 2 },
        quadratic_kappa: { value: 0, low: null, high: null },
        false_positives: { value: 1, low: null, high: null },
        quotes_verified: { value: 1, low: null, high: null },
      },
      alpha: { people: null },
      groups: [
        { by: 'agent', name: 'pi', sessions: 2 },
        { by: 'length', name: '1-10 tool calls', sessions: 2 },
        { by: 'split', name: 'dev', sessions: 1, figures: { accuracy: 1 } },
      ],
      worst: [{ agent: 'pi', session_id: 'b', human: 2, judge: 4 }],
      floors: [
        { figure: 'quadratic_kappa', least: 0.6, most: null, value: 0, reached: false },
        { figure: 'within_one', least: 0.85, most: null, value: 0.5, reached: false },
        { figure: 'false_positives', least: null, most: 0.25, value: 1, reached: false },
        { figure: 'score_sd', least: 0.9, most: null, value: 0, reached: false },
        { figure: 'modal_share', least: null, most: 0.5, value: 1, reached: false },
        { figure: 'quotes_verified', least: 0.98, most: null, value: 1, reached: true },
        { figure: 'repeated', least: 0.8, most: null, value: null, reached: true },
      ],
      reached: false,
    });
  });
});

describe('the answers of a file', () => {
  const answers = 'id,human,good,bad\na,1,1,1\nb,1,1,\nc,0,0,1\nd,0,0,0\n';

  function answersFile(text: string = answers): string {
    const path = join(scratch(), 'answers.csv');
    writeFileSync(path, text);
    return path;
  }

  test('stand beside each other, and no floor applies', async () => {
    const { invocation, stdout } = invoke({ flags: { 'from-verdicts': answersFile() } });
    expect(await judgeCalibrate(invocation)).toBe(0);
    expect(stdout()).toBe(`4 items.

JUDGE  ITEMS  NO ANSWER  ACCURACY  KAPPA  95 % INTERVAL    QWK  ALPHA  FALSE POS
good       4          0     1.000  1.000  -              1.000  1.000      0.000
bad        3          1     0.667  0.400  -              0.400  0.444      0.500
`);
  });

  test('have a floor when one is given', async () => {
    const { invocation, stdout } = invoke({ flags: { 'from-verdicts': answersFile(), 'floor-kappa': '0.5' } });
    expect(await judgeCalibrate(invocation)).toBe(3);
    expect(stdout().split('\n').slice(-3)).toEqual([
      '',
      "Below the floor: bad: Cohen's kappa 0.400, expected at least 0.500.",
      '',
    ]);
  });

  test('as JSON are one document', async () => {
    const { invocation, stdout } = invoke({ flags: { 'from-verdicts': answersFile(), json: true } });
    expect(await judgeCalibrate(invocation)).toBe(0);
    expect(JSON.parse(stdout())).toMatchObject({
      items: 4,
      human_missing: 0,
      labels: ['0', '1'],
      judges: [
        {
          judge: 'good',
          items: 4,
          missing: 0,
          confusion: [
            [2, 0],
            [0, 2],
          ],
          floors: [],
        },
        {
          judge: 'bad',
          items: 3,
          missing: 1,
          confusion: [
            [1, 1],
            [0, 1],
          ],
          floors: [],
        },
      ],
      reached: true,
    });
  });

  const published = join(repository, '..', 'shared', 'judge-labels', 'final.csv');
  test.skipIf(!existsSync(published))(
    'of 20 known judges (needs ../shared/judge-labels) lead with the known best',
    async () => {
      const { invocation, stdout } = invoke({ flags: { 'from-verdicts': published } });
      expect(await judgeCalibrate(invocation)).toBe(0);
      expect(stdout().split('\n')[3]).toMatch(/^Gemini-3-Flash-Preview-Thinking +1,000 +0 +0\.791 +0\.594 /);
    },
  );
});

describe('a wrong command line', () => {
  test.each([
    [{ flags: {} }, 'Expected a file of labels, got none.'],
    [
      { flags: { 'from-verdicts': 'a.csv' }, argument: 'b.csv' },
      'Expected a file of labels or --from-verdicts, got both.',
    ],
    [{ flags: {}, argument: '/nonexistent/labels.csv' }, 'Cannot read /nonexistent/labels.csv: ENOENT.'],
    [
      { flags: { 'floor-kappa': 'high' }, argument: 'labels.csv' },
      'Expected --floor-kappa to be a number from -1 to 1, such as 0.6, got "high".',
    ],
    [
      { flags: { 'floor-kappa': '60' }, argument: 'labels.csv' },
      'Expected --floor-kappa to be a number from -1 to 1, such as 0.6, got "60".',
    ],
    [{ flags: { positive: '6' }, argument: 'labels.csv' }, 'Expected --positive to be a score from 1 to 5, got "6".'],
  ])('%j', async (given, message) => {
    await expect(judgeCalibrate(invoke(given).invocation)).rejects.toThrow(
      expect.objectContaining({ message, exitCode: 2 }),
    );
  });
});
