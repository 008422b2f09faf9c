import { describe, expect, test } from 'vitest';
import { positiveLabels } from '../../../src/judge/calibrate/positive.ts';
import { scaleOf, scoreScale } from '../../../src/judge/calibrate/statistics/scale.ts';

describe('a label counts as a success', () => {
  test.each([
    ['from 1 on where no label is higher', ['-1', '0', '1'], undefined, ['1']],
    ['from 4 on among scores', ['1', '3', '4', '5'], undefined, ['4', '5']],
    ['from the given number on', ['1', '3', '4', '5'], '3', ['3', '4', '5']],
    ['from the given number on, whatever the labels', ['0', '50', '100'], '50', ['50', '100']],
    ['when it is the given word', ['fail', 'pass'], 'pass', ['pass']],
  ])('%s', (_, labels, given, expected) => {
    const scale = scaleOf(labels);
    const positive = positiveLabels(scale, given);
    expect(scale.labels.filter((_label, index) => positive?.[index] === true)).toEqual(expected);
  });

  test.each([
    ['words', ['fail', 'pass']],
    ['numbers of another scale', ['0', '50', '100']],
  ])('is not known without being told: %s', (_, labels) =>
    expect(positiveLabels(scaleOf(labels), undefined)).toBeNull(),
  );

  test.each([
    [scaleOf(['fail', 'pass']), 'yes', 'Expected --positive to be one of the labels fail, pass, got "yes".'],
    [scoreScale, 'good', 'Expected --positive to be one of the labels 1, 2, 3, 4, 5, got "good".'],
  ])('cannot be what no label is', (scale, given, message) =>
    expect(() => positiveLabels(scale, given)).toThrow(message),
  );
});
