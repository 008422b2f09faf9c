import { ownFigures, type OwnFigures } from './own-figures.ts';
import type { PeoplesSpread } from './floors.ts';
import { humanAnswers, type HumanAnswer } from './consensus.ts';
import { groupsOf, type GroupFigures, type ScoredSession } from './groups.ts';
import type { Label } from './labels-file.ts';
import { POSITIVE_SCORE, positiveLabels } from './positive.ts';
import { krippendorffAlpha } from './statistics/alpha.ts';
import type { Bootstrap } from './statistics/bootstrap.ts';
import { confusionOf, matrixRows, type Rating } from './statistics/confusion.ts';
import { measure, type Estimates } from './statistics/measure.ts';
import { scoreScale } from './statistics/scale.ts';
import { modalShare, standardDeviation } from './statistics/spread.ts';
import type { VerdictRow } from './verdicts.ts';

/** How far a judge agrees with people, and on what that rests. */
export interface Calibration {
  /** Null: no labelled session has a verdict. */
  readonly judgeVersion: string | null;
  readonly counts: Counts;
  /** One row for each score of people, one column for each of the judge. */
  readonly confusion: readonly (readonly number[])[];
  readonly figures: Estimates;
  /** Of the labelled sessions that this judge has a verdict on, with a score or without. */
  readonly own: OwnFigures;
  readonly people: PeoplesSpread;
  /** Krippendorff's ordinal alpha over single answers, disputed sessions included. */
  readonly alpha: { readonly people: number | null; readonly peopleAndJudge: number | null };
  readonly groups: readonly GroupFigures[];
  /** Largest difference first; of equal ones those where the judge is kinder. */
  readonly worst: readonly ScoredSession[];
}

/** Labelled sessions, each counted once: `used`, or under the first reason for which it is not. */
export interface Counts {
  readonly labelled: number;
  readonly used: number;
  readonly disputed: number;
  readonly humanNull: number;
  readonly unjudged: number;
  readonly otherVersion: number;
  readonly judgeNull: number;
}

interface CalibrateOptions {
  /** Which judge to measure; undefined: the one of the newest verdict on a labelled session. */
  readonly judgeVersion: string | undefined;
  readonly positiveScore?: number;
  readonly bootstrap: Bootstrap;
}

const MOST_WORST = 10;

export function calibrate(
  labels: readonly Label[],
  verdicts: readonly VerdictRow[],
  { judgeVersion, positiveScore = POSITIVE_SCORE, bootstrap }: CalibrateOptions,
): Calibration {
  const answers = humanAnswers(labels);
  const judged = pairUp(answers, verdicts);
  const version = judgeVersion ?? newestVersion(judged);
  const compared = judged.map(({ answer, verdicts: own }) => compare(answer, own, version));
  const scored = compared.flatMap(({ session }) => (session === null ? [] : [session]));
  const positive = positiveLabels(scoreScale, String(positiveScore));
  const ratings = scored.map(ratingOf);
  const confusion = confusionOf(ratings, scoreScale);
  return {
    judgeVersion: version,
    counts: countsOf(compared),
    confusion: matrixRows(confusion),
    figures: measure(ratings, { scale: scoreScale, positive, bootstrap }),
    own: ownFigures(compared.flatMap(({ verdict }) => verdict ?? [])),
    people: {
      sd: standardDeviation(scoreScale.values ?? [], 'human')(confusion),
      modalShare: modalShare('human')(confusion),
    },
    alpha: {
      people: alphaOver(compared.map(({ answer }) => peopleOf(answer))),
      peopleAndJudge: alphaOver(
        compared.map(({ answer, verdict }) => [...peopleOf(answer), placeOf(verdict?.score ?? null)]),
      ),
    },
    groups: groupsOf(scored, (sessions) =>
      measure(sessions.map(ratingOf), { scale: scoreScale, positive, bootstrap: null }),
    ),
    worst: scored
      .filter(({ human, judge }) => human !== judge)
      .toSorted(worseFirst)
      .slice(0, MOST_WORST),
  };
}

interface Judged {
  readonly answer: HumanAnswer;
  readonly verdicts: readonly VerdictRow[];
}

function pairUp(answers: readonly HumanAnswer[], verdicts: readonly VerdictRow[]): readonly Judged[] {
  const bySession = new Map<string, VerdictRow[]>();
  for (const verdict of verdicts) {
    const key = keyOf(verdict);
    const list = bySession.get(key) ?? [];
    list.push(verdict);
    bySession.set(key, list);
  }
  return answers.map((answer) => ({ answer, verdicts: bySession.get(keyOf(answer)) ?? [] }));
}

function newestVersion(judged: readonly Judged[]): string | null {
  const all = judged.flatMap(({ verdicts }) => verdicts);
  const newest = all.toSorted(
    (a, b) => compareText(b.judgedAt, a.judgedAt) || compareText(b.judgeVersion, a.judgeVersion),
  )[0];
  return newest?.judgeVersion ?? null;
}

type Reason = Exclude<keyof Counts, 'labelled'>;

interface Compared {
  readonly answer: HumanAnswer;
  readonly verdict: VerdictRow | undefined;
  readonly reason: Reason;
  readonly session: ScoredSession | null;
}

function compare(answer: HumanAnswer, verdicts: readonly VerdictRow[], version: string | null): Compared {
  const verdict = verdicts.find(({ judgeVersion }) => judgeVersion === version);
  const without = (reason: Reason): Compared => ({ answer, verdict, reason, session: null });
  if (answer.status === 'disputed') return without('disputed');
  if (answer.score === null) return without('humanNull');
  if (verdict === undefined) return without(verdicts.length === 0 ? 'unjudged' : 'otherVersion');
  if (verdict.score === null) return without('judgeNull');
  const { agent, sessionId, split, score: human } = answer;
  const { score: judge, toolCalls } = verdict;
  return { answer, verdict, reason: 'used', session: { agent, sessionId, split, toolCalls, human, judge } };
}

function countsOf(compared: readonly Compared[]): Counts {
  const count = (wanted: Reason): number => compared.filter(({ reason }) => reason === wanted).length;
  return {
    labelled: compared.length,
    used: count('used'),
    disputed: count('disputed'),
    humanNull: count('humanNull'),
    unjudged: count('unjudged'),
    otherVersion: count('otherVersion'),
    judgeNull: count('judgeNull'),
  };
}

function alphaOver(units: readonly (readonly (number | null)[])[]): number | null {
  return krippendorffAlpha(units, scoreScale.labels.length, 'ordinal');
}

function peopleOf({ people }: HumanAnswer): readonly (number | null)[] {
  return people.map(({ score }) => placeOf(score));
}

function ratingOf(session: ScoredSession): Rating {
  return { unit: keyOf(session), human: session.human - 1, judge: session.judge - 1 };
}

/** The place of a score among the labels of its scale. */
function placeOf(score: number | null): number | null {
  return score === null ? null : score - 1;
}

function worseFirst(a: ScoredSession, b: ScoredSession): number {
  const difference = ({ human, judge }: ScoredSession): number => judge - human;
  return (
    Math.abs(difference(b)) - Math.abs(difference(a)) ||
    difference(b) - difference(a) ||
    compareText(keyOf(a), keyOf(b))
  );
}

function keyOf({ agent, sessionId }: { readonly agent: string; readonly sessionId: string }): string {
  return JSON.stringify([agent, sessionId]);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
