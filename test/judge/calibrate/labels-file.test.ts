import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelLine, noLabels, readLabels, type Label } from '../../../src/judge/calibrate/labels-file.ts';

const header = 'session_id,agent,score,labeller,guideline_version,note,split';

describe('labels', () => {
  test('are read whatever the order of the columns, and an empty score is "cannot tell"', () => {
    const text = [
      'split,score,extra,agent,session_id,labeller,note,guideline_version',
      'dev,4,?,pi,s1,ann,"a, b",1',
      ',,,pi,s2,ann,,',
    ];
    expect(readLabels(text.join('\n'), 'l.csv').labels).toEqual([
      { sessionId: 's1', agent: 'pi', score: 4, labeller: 'ann', guidelineVersion: '1', note: 'a, b', split: 'dev' },
      { sessionId: 's2', agent: 'pi', score: null, labeller: 'ann', guidelineVersion: '', note: '', split: '' },
    ]);
  });

  test.each([
    ['session_id,agent,score\n', 'l.csv:1: The header lacks labeller, guideline_version, note, split.'],
    [`${header}\ns1,pi,6,ann,1,,\n`, 'l.csv:2: Expected a score from 1 to 5, or nothing for "cannot tell", got "6".'],
    [
      `${header}\ns1,pi,3.5,ann,1,,\n`,
      'l.csv:2: Expected a score from 1 to 5, or nothing for "cannot tell", got "3.5".',
    ],
    [`${header}\ns1,pi,3,ann,1,,\n\n,pi,3,ann,1,,\n`, 'l.csv:4: Expected a session_id, got an empty cell.'],
    [`${header}\ns1,pi,3,,1,,\n`, 'l.csv:2: Expected a labeller, got an empty cell.'],
    [
      `${header}\ns1,pi,3,ann,1,"two\nlines",\ns1,pi,3,bob,1,,\ns1,pi,4,ann,1,,\n`,
      'l.csv:5: ann labelled session s1 before, in line 2.',
    ],
  ])('that cannot be are refused with their line: %j', (text, message) => {
    expect(() => readLabels(text, 'l.csv')).toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });

  test('a text that a spreadsheet would run as a formula is written behind an apostrophe', () => {
    const label: Label = {
      sessionId: '=cmd()',
      agent: 'pi',
      score: null,
      labeller: "'+1",
      guidelineVersion: '1',
      note: '-x',
      split: 'dev',
    };
    expect(labelLine(label, noLabels.header)).toBe("'=cmd(),pi,,''+1,1,'-x,dev");
    expect(readLabels(`${header}\n${labelLine(label, noLabels.header)}\n`, 'l.csv').labels).toEqual([label]);
  });

  test('whatever is written is read back, in the columns of the file', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '=', "'", '-', ',', '"', ' ', '\t', '@') });
    const filled = text.map((cell) => `${cell}x`);
    const label = fc.record({
      sessionId: filled,
      agent: filled,
      score: fc.constantFrom(null, 1, 2, 3, 4, 5),
      labeller: filled,
      guidelineVersion: text,
      note: text,
      split: text,
    });
    const columns = fc.shuffledSubarray([...noLabels.header, 'other'], { minLength: noLabels.header.length + 1 });
    fc.assert(
      fc.property(label, columns, (given, names) => {
        const written = `${names.join()}\n${labelLine(given, names)}\n`;
        expect(readLabels(written, 'l.csv')).toEqual({ header: names, labels: [given] });
      }),
    );
  });
});
