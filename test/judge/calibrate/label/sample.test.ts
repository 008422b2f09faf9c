import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitOf, stratified, type Candidate } from '../../../../src/judge/calibrate/label/sample.ts';

function candidate(sessionId: string, verdict: string, toolCalls: number | null = 5, agent = 'pi'): Candidate {
  return { agent, sessionId, verdict, toolCalls };
}

/** Ninety sessions of score 5 and three of each other kind. */
const lopsided = [
  ...[...Array(90).keys()].map((number) => candidate(`five ${number}`, '5')),
  ...['1', 'null', 'unjudged'].flatMap((verdict) =>
    [1, 2, 3].map((number) => candidate(`${verdict} ${number}`, verdict)),
  ),
  ...[1, 2, 3].map((number) => candidate(`long ${number}`, '5', 400)),
  ...[1, 2, 3].map((number) => candidate(`other ${number}`, '5', 5, 'amp')),
];

describe('the order in which sessions are labelled', () => {
  test('takes each kind of verdict, length and agent in turn, so that rare ones are seen', () => {
    const kinds = stratified(lopsided, 1).map(({ sessionId }) => sessionId.replace(/ .*/, ''));
    const rounds = [0, 6, 12].map((start) => kinds.slice(start, start + 6).toSorted());
    const each = ['1', 'five', 'long', 'null', 'other', 'unjudged'];
    expect(rounds).toEqual([each, each, each]);
    expect(new Set(kinds.slice(18))).toEqual(new Set(['five']));
  });

  test('holds nothing that could tell the verdict', () =>
    expect(stratified([candidate('a', '1')], 1)).toEqual([{ agent: 'pi', sessionId: 'a' }]));

  test('follows the seed', () => {
    const ids = (seed: number): readonly string[] => stratified(lopsided, seed).map(({ sessionId }) => sessionId);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
  });

  test('has every session once, whatever order the store gives them in', () => {
    const some = fc.uniqueArray(
      fc.record({
        agent: fc.constantFrom('pi', 'amp'),
        sessionId: fc.string(),
        verdict: fc.constantFrom('1', '5'),
        toolCalls: fc.nat(),
      }),
      { selector: ({ agent, sessionId }) => `${agent}:${sessionId}` },
    );
    fc.assert(
      fc.property(some, (candidates) => {
        const order = stratified(candidates, 7);
        expect(stratified(candidates.toReversed(), 7)).toEqual(order);
        const names = (list: readonly { readonly agent: string; readonly sessionId: string }[]) =>
          list.map(({ agent, sessionId }) => `${agent}:${sessionId}`).toSorted();
        expect(names(order)).toEqual(names(candidates));
      }),
    );
  });
});

test('half of the sessions are kept for the figure that counts, by the session alone', () => {
  const splits = [...Array(1000).keys()].map((number) => splitOf({ agent: 'pi', sessionId: `s${number}` }));
  const kept = splits.filter((split) => split === 'test').length;
  expect(kept).toBeGreaterThan(440);
  expect(kept).toBeLessThan(560);
});
