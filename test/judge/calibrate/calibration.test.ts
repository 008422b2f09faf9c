import { describe, expect, test } from 'vitest';
import { calibrate } from '../../../src/judge/calibrate/calibration.ts';
import { checkFloors, ownFloors } from '../../../src/judge/calibrate/floors.ts';
import { fromMatrix, label, verdict } from './given.ts';
import { thirty } from './statistics/matrices.ts';

const options = { judgeVersion: undefined, bootstrap: { seed: 1, draws: 2000 } };

describe('thirty sessions, each labelled by one person', () => {
  const { labels, verdicts } = fromMatrix(thirty);
  const found = calibrate(labels, verdicts, options);

  test('give back their matrix and its figures', () => {
    expect(found.confusion).toEqual(thirty);
    expect(found.counts).toEqual({
      labelled: 30,
      used: 30,
      disputed: 0,
      humanNull: 0,
      judgeNull: 0,
      unjudged: 0,
      otherVersion: 0,
    });
    expect(found.figures.quadratic_kappa.value).toBeCloseTo(296 / 335, 12);
    expect(found.figures.quadratic_kappa.interval?.low).toBeCloseTo(0.7592246997621304, 12);
    expect(found.figures.quadratic_kappa.interval?.high).toBeCloseTo(0.9511938344697389, 12);
    expect(found.figures.false_positives.value).toBe(2 / 17);
    expect(found.alpha.peopleAndJudge).toBeCloseTo(1_812_179 / 2_067_000, 12);
    expect(found.alpha.people).toBeNull();
  });

  test('list the ten largest differences, those where the judge is kinder first', () =>
    // Two points apart is one session (3 against 5); then in the order of the ids those one point too high.
    expect(found.worst.map(({ sessionId, human, judge }) => [sessionId, human, judge])).toEqual([
      ['16', 3, 5],
      ['15', 3, 4],
      ['23', 4, 5],
      ['4', 1, 2],
      ['9', 2, 3],
      ['10', 3, 2],
      ['17', 4, 3],
      ['24', 5, 4],
      ['25', 5, 4],
      ['5', 2, 1],
    ]));

  test('do not depend on the order of labels and verdicts', () =>
    expect(calibrate(labels.toReversed(), verdicts.toReversed(), options)).toEqual(found));
});

describe('every labelled session is counted once', () => {
  const labels = [
    label('used', 4),
    label('disputed', 5),
    label('disputed', 2, { labeller: 'bob' }),
    label('people cannot tell', null),
    label('judge cannot tell', 3),
    label('unjudged', 3),
    label('judged by an older version', 3),
    label('used', 1, { agent: 'amp' }),
  ];
  const verdicts = [
    verdict('used', 5),
    verdict('disputed', 5),
    verdict('people cannot tell', 1),
    verdict('judge cannot tell', null),
    verdict('judged by an older version', 5, { judgeVersion: 'v0', judgedAt: '2026-02-09T10:00:00Z' }),
    verdict('not labelled', 1, { judgeVersion: 'v2', judgedAt: '2026-02-11T10:00:00Z' }),
  ];

  test('under the version of the newest verdict on any of them', () => {
    const found = calibrate(labels, verdicts, options);
    expect(found.judgeVersion).toBe('v1');
    expect(found.counts).toEqual({
      labelled: 7,
      used: 1,
      disputed: 1,
      humanNull: 1,
      judgeNull: 1,
      unjudged: 2,
      otherVersion: 1,
    });
    expect(found.worst).toEqual([{ agent: 'pi', sessionId: 'used', split: '', toolCalls: 5, human: 4, judge: 5 }]);
  });

  test('or under the version that is asked for', () => {
    const found = calibrate(labels, verdicts, { ...options, judgeVersion: 'v0' });
    expect(found.counts).toMatchObject({ used: 1, otherVersion: 2, unjudged: 2, judgeNull: 0 });
    expect(found.worst.map(({ sessionId }) => sessionId)).toEqual(['judged by an older version']);
  });
});

test('alpha of people is over their single answers, disputed sessions included', () => {
  // Pairs (1,1) (2,2) (5,1): of 6 answers three are 1, two are 2, one is 5, so between 1 and 5 lie 1.5 + 2 + 0.5 = 4 answers,
  // between 1 and 2 lie 2.5, between 2 and 5 lie 1.5: observed 2 * 16, expected 2 * (3*2*6.25 + 3*1*16 + 2*1*2.25) / 5.
  const pairs = [
    [1, 1],
    [2, 2],
    [5, 1],
  ] as const;
  const labels = pairs.flatMap(([ann, bob], index) => [
    label(`${index}`, ann),
    label(`${index}`, bob, { labeller: 'bob' }),
  ]);
  const { alpha } = calibrate(labels, [], options);
  expect(alpha.people).toBeCloseTo(1 - 32 / (180 / 5), 12);
  expect(alpha.peopleAndJudge).toBe(alpha.people);
});

test('groups are agents, lengths from short to long, and splits that labels name', () => {
  const labels = [
    label('a', 4, { split: 'test' }),
    label('b', 2, { split: 'dev' }),
    label('c', 2),
    label('c', 5, { agent: 'amp' }),
  ];
  const verdicts = [
    verdict('a', 4, { toolCalls: 500 }),
    verdict('b', 4, { toolCalls: 11 }),
    verdict('c', 2, { toolCalls: null }),
    verdict('c', 5, { agent: 'amp', toolCalls: 10 }),
  ];
  const found = calibrate(labels, verdicts, options).groups;
  expect(found.map(({ by, name, sessions, figures }) => [by, name, sessions, figures.bias.value])).toEqual([
    ['agent', 'amp', 1, 0],
    ['agent', 'pi', 3, 2 / 3],
    ['length', '1-10 tool calls', 1, 0],
    ['length', '11-50 tool calls', 1, 2],
    ['length', 'over 200 tool calls', 1, 0],
    ['length', 'unknown length', 1, 0],
    ['split', 'dev', 1, 2],
    ['split', 'test', 1, 0],
  ]);
});

test('nothing labelled, nothing measured', () => {
  const found = calibrate([], [], options);
  expect(found.judgeVersion).toBeNull();
  expect(found.counts.labelled).toBe(0);
  expect(found.figures.quadratic_kappa).toEqual({ value: null, interval: null });
  expect([found.groups, found.worst]).toEqual([[], []]);
});

describe('floors', () => {
  const { labels, verdicts } = fromMatrix(thirty);
  const { figures, own, people } = calibrate(labels, verdicts, options);

  test('are kappa 0.6, within one 85 %, false positives 25 %, deviation 0.9, modal share 45 %, quotes 98 %, repeats 80 %', () =>
    expect(checkFloors({ ...figures, ...own }, ownFloors(people))).toEqual([
      { figure: 'quadratic_kappa', least: 0.6, value: figures.quadratic_kappa.value, reached: true },
      { figure: 'within_one', least: 0.85, value: 29 / 30, reached: true },
      { figure: 'false_positives', most: 0.25, value: 2 / 17, reached: true },
      { figure: 'score_sd', least: 0.9, value: expect.closeTo(Math.sqrt(337 / 174), 12), reached: true },
      { figure: 'modal_share', most: 0.45, value: 8 / 30, reached: true },
      { figure: 'quotes_verified', least: 0.98, isOptional: true, value: 1, reached: true },
      // Nobody was asked five times, and nothing is held against the judge.
      { figure: 'repeated', least: 0.8, isOptional: true, value: null, reached: true },
    ]));

  const unfit = (change: (index: number) => Parameters<typeof verdict>[2]): readonly string[] => {
    const changed = verdicts.map((row, index) => ({ ...row, ...change(index) }));
    const measured = calibrate(labels, changed, options);
    const results = checkFloors({ ...measured.figures, ...measured.own }, ownFloors(measured.people));
    return results.filter(({ reached }) => !reached).map(({ figure }) => figure);
  };

  test('are missed by a judge that has one score for most sessions', () => {
    // As a known judge did for months: all scores in one narrow band (judge.md 1).
    expect(unfit((index) => ({ score: index % 5 === 0 ? 3 : 4 }))).toEqual([
      'quadratic_kappa',
      'within_one',
      'false_positives',
      'score_sd',
      'modal_share',
    ]);
  });

  test('are missed by a judge whose quotes are not there', () => {
    expect(unfit((index) => ({ quotes: { all: 10, verified: index < 6 ? 9 : 10 } }))).toEqual([]);
    expect(unfit((index) => ({ quotes: { all: 10, verified: index < 7 ? 9 : 10 } }))).toEqual(['quotes_verified']);
  });

  test('are missed by a judge that answers otherwise when it is asked again', () => {
    const asked = (equal: number) => (index: number) => ({
      samples: { asked: index < 10 ? 5 : 4, areEqual: index < equal },
    });
    expect(unfit(asked(8))).toEqual([]);
    expect(unfit(asked(7))).toEqual(['repeated']);
  });

  test('ask nobody to spread scores wider than people do', () => {
    const equal = Array.from({ length: 10 }, (_, index) => label(String(index), index < 8 ? 5 : 4));
    const alike = equal.map(({ sessionId, score }) => verdict(sessionId, score));
    const measured = calibrate(equal, alike, options);
    const spread = ownFloors(measured.people).filter(
      ({ figure }) => figure.endsWith('sd') || figure.startsWith('modal'),
    );
    expect(spread).toEqual([
      { figure: 'score_sd', least: expect.closeTo(Math.sqrt(1.6 / 9), 12) },
      { figure: 'modal_share', most: 0.8 },
    ]);
    expect(checkFloors(measured.figures, spread).every(({ reached }) => reached)).toBe(true);
  });

  test('are reached by a figure that stands exactly on them', () => {
    const kappa = figures.quadratic_kappa.value ?? 0;
    expect(checkFloors(figures, [{ figure: 'quadratic_kappa', least: kappa }])[0]?.reached).toBe(true);
    expect(checkFloors(figures, [{ figure: 'false_positives', most: 2 / 17 }])[0]?.reached).toBe(true);
    expect(checkFloors(figures, [{ figure: 'quadratic_kappa', least: kappa + 1e-9 }])[0]?.reached).toBe(false);
    expect(checkFloors(figures, [{ figure: 'false_positives', most: 0.117 }])[0]?.reached).toBe(false);
  });

  test('are not reached by a figure that is not defined', () => {
    const nothing = calibrate([], [], options);
    const results = checkFloors({ ...nothing.figures, ...nothing.own }, ownFloors(nothing.people));
    expect(results.map(({ reached }) => reached)).toEqual([false, false, false, false, false, true, true]);
  });
});
