import type { Score } from '../contract.ts';
import { lengthBand, lengthBands } from './length.ts';
import type { Estimates } from './statistics/measure.ts';

/** A session that both people and the judge have scored. */
export interface ScoredSession {
  readonly agent: string;
  readonly sessionId: string;
  readonly split: string;
  readonly toolCalls: number | null;
  readonly human: Score;
  readonly judge: Score;
}

/** The figures of some of the sessions, without intervals. */
export interface GroupFigures {
  readonly by: 'agent' | 'length' | 'split';
  readonly name: string;
  readonly sessions: number;
  readonly figures: Estimates;
}

/** Figures by agent, length and split; a split that no label names makes no group. */
export function groupsOf(
  sessions: readonly ScoredSession[],
  figures: (sessions: readonly ScoredSession[]) => Estimates,
): readonly GroupFigures[] {
  const groups = (
    by: GroupFigures['by'],
    name: (session: ScoredSession) => string,
    order: (a: string, b: string) => number,
  ): readonly GroupFigures[] =>
    [...new Set(sessions.map(name))]
      .filter((found) => found !== '')
      .toSorted(order)
      .map((found) => {
        const members = sessions.filter((session) => name(session) === found);
        return { by, name: found, sessions: members.length, figures: figures(members) };
      });
  return [
    ...groups('agent', ({ agent }) => agent, alphabetically),
    ...groups(
      'length',
      ({ toolCalls }) => lengthBand(toolCalls),
      (a, b) => lengthBands.indexOf(a) - lengthBands.indexOf(b),
    ),
    ...groups('split', ({ split }) => split, alphabetically),
  ];
}

function alphabetically(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
