import { describe, expect, test } from 'vitest';
import { readAnswers } from '../../../src/judge/calibrate/answers-file.ts';

describe('a file of answers', () => {
  test('has the id first, the label of people in `human`, and a judge in each column after it', () =>
    expect(readAnswers('id,kind,human,a,b c\nx,k,1,1,0\nx,k,-1,,1\ny,k,,1,1\n', 'f.csv')).toEqual({
      scale: { labels: ['-1', '0', '1'], values: [-1, 0, 1] },
      items: 3,
      humanMissing: 1,
      judges: [
        { judge: 'a', ratings: [{ unit: 'x', human: 2, judge: 2 }], missing: 1 },
        {
          judge: 'b c',
          ratings: [
            { unit: 'x', human: 2, judge: 1 },
            { unit: 'x', human: 0, judge: 2 },
          ],
          missing: 0,
        },
      ],
    }));

  test('may have labels in words', () =>
    expect(readAnswers('id,human,a\nx,pass,fail\n', 'f.csv')).toMatchObject({
      scale: { labels: ['fail', 'pass'], values: null },
      judges: [{ judge: 'a', ratings: [{ unit: 'x', human: 1, judge: 0 }], missing: 0 }],
    }));

  test.each([
    ['id,a,b\nx,1,1\n', 'f.csv:1: Expected a column "human" after the column of ids.'],
    ['human,a\n1,1\n', 'f.csv:1: Expected a column "human" after the column of ids.'],
    ['id,a,human\nx,1,1\n', 'f.csv:1: Expected one column for each judge after "human".'],
    ['id,human,a\nx,1,1\n,1,1\n', 'f.csv:3: Expected an id in the first column, got an empty cell.'],
  ])('that is none names the line: %j', (text, message) => {
    expect(() => readAnswers(text, 'f.csv')).toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });
});
