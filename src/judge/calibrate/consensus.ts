import type { Score } from '../contract.ts';
import { CONSENSUS, type Label } from './labels-file.ts';

/** What people say about one session, taken together. */
export interface HumanAnswer {
  readonly agent: string;
  readonly sessionId: string;
  readonly split: string;
  /** `null`: people agree that nobody can tell. `disputed`: they do not agree, and nobody settled it. */
  readonly status: 'score' | 'null' | 'disputed';
  /** Present when the status is `score`. */
  readonly score: Score | null;
  /** The answers of the people, without the consensus that came from them. */
  readonly people: readonly { readonly labeller: string; readonly score: Score | null }[];
}

/** Points that the answers of people may lie apart and still count as one answer. */
const WITHIN = 1;

/** One answer for each session, in the order in which the file first names them. */
export function humanAnswers(labels: readonly Label[]): readonly HumanAnswer[] {
  const sessions = new Map<string, Label[]>();
  for (const label of labels) {
    const key = JSON.stringify([label.agent, label.sessionId]);
    sessions.set(key, [...(sessions.get(key) ?? []), label]);
  }
  return [...sessions.values()].flatMap(answerOf);
}

function answerOf(labels: readonly Label[]): readonly HumanAnswer[] {
  const [first] = labels;
  if (first === undefined) return [];
  const consensus = labels.find(({ labeller }) => labeller === CONSENSUS);
  const people = labels.filter((label) => label !== consensus);
  const scores = (consensus === undefined ? people : [consensus]).map(({ score }) => score);
  return [
    {
      agent: first.agent,
      sessionId: first.sessionId,
      split: labels.find(({ split }) => split !== '')?.split ?? '',
      ...agreed(scores),
      people: (people.length === 0 ? labels : people).map(({ labeller, score }) => ({ labeller, score })),
    },
  ];
}

/** Of an even number of scores the lower middle one, so that a doubt never counts as a success. */
function agreed(answers: readonly (Score | null)[]): Pick<HumanAnswer, 'status' | 'score'> {
  const scores = answers.filter((score) => score !== null).toSorted((a, b) => a - b);
  if (scores.length === 0) return { status: 'null', score: null };
  const [lowest = 0] = scores;
  const highest = scores.at(-1) ?? 0;
  if (scores.length < answers.length || highest - lowest > WITHIN) return { status: 'disputed', score: null };
  return { status: 'score', score: scores[Math.floor((scores.length - 1) / 2)] ?? null };
}
