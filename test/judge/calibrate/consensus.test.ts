import { describe, expect, test } from 'vitest';
import type { Score } from '../../../src/judge/contract.ts';
import { humanAnswers } from '../../../src/judge/calibrate/consensus.ts';
import type { Label } from '../../../src/judge/calibrate/labels-file.ts';

type Given = readonly (readonly [labeller: string, score: Score | null])[];

function labels(sessionId: string, given: Given): readonly Label[] {
  return given.map(([labeller, score]) => ({
    sessionId,
    agent: 'pi',
    score,
    labeller,
    guidelineVersion: '1',
    note: '',
    split: '',
  }));
}

describe('what people say about a session', () => {
  test.each<[string, Given, string, Score | null]>([
    ['one person is enough', [['ann', 4]], 'score', 4],
    [
      'two who agree',
      [
        ['ann', 4],
        ['bob', 4],
      ],
      'score',
      4,
    ],
    [
      'of two neighbours the lower one counts',
      [
        ['ann', 4],
        ['bob', 3],
      ],
      'score',
      3,
    ],
    [
      'of three the middle one counts',
      [
        ['ann', 4],
        ['bob', 3],
        ['cem', 4],
      ],
      'score',
      4,
    ],
    [
      'two points apart is no agreement',
      [
        ['ann', 5],
        ['bob', 3],
      ],
      'disputed',
      null,
    ],
    [
      'a chain of neighbours is no agreement',
      [
        ['ann', 5],
        ['bob', 4],
        ['cem', 3],
      ],
      'disputed',
      null,
    ],
    [
      '"cannot tell" against a score is no agreement',
      [
        ['ann', null],
        ['bob', 3],
      ],
      'disputed',
      null,
    ],
    [
      'nobody can tell',
      [
        ['ann', null],
        ['bob', null],
      ],
      'null',
      null,
    ],
    [
      'the consensus settles a dispute',
      [
        ['ann', 5],
        ['bob', 2],
        ['consensus', 2],
      ],
      'score',
      2,
    ],
    [
      'the consensus may be that nobody can tell',
      [
        ['ann', 5],
        ['consensus', null],
      ],
      'null',
      null,
    ],
  ])('%s', (_, given, status, score) => {
    expect(humanAnswers(labels('s1', given))).toEqual([
      {
        agent: 'pi',
        sessionId: 's1',
        split: '',
        status,
        score,
        people: given
          .filter(([labeller]) => labeller !== 'consensus')
          .map(([labeller, people]) => ({ labeller, score: people })),
      },
    ]);
  });

  test('a consensus without the answers it came from stands for the people', () =>
    expect(humanAnswers(labels('s1', [['consensus', 2]]))[0]?.people).toEqual([{ labeller: 'consensus', score: 2 }]));

  test('sessions are told apart by agent and id', () => {
    const [one, other] = [labels('s1', [['ann', 1]]), labels('s1', [['bob', 5]])];
    const answers = humanAnswers([...one, ...other.map((label) => ({ ...label, agent: 'amp' }))]);
    expect(answers.map(({ agent, score }) => [agent, score])).toEqual([
      ['pi', 1],
      ['amp', 5],
    ]);
  });
});
