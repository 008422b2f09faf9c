import { z } from 'zod';
import { SECOND_SAMPLE } from '../key.ts';

/** A row of the table `verdicts`, or the part of one that says which judge gave it. */
type Row = Readonly<Record<string, string | number | null>>;

/** Samples of anchor sessions have numbers of their own: one a judge that was measured on them. */
export const ANCHOR_SAMPLE = 2000;

/** Judges whose scores of the anchors differ more than this are not one instrument (judge.md 3.14). */
const MOST = { meanShift: 0.3, shift: 2 } as const;

const measured = z.object({
  /** All that makes a judge: see `judgeOf`. */
  judge: z.string(),
  at: z.iso.datetime(),
  /** By agent and session id; null: no score. */
  scores: z.record(z.string(), z.number().nullable()),
  /** `first`: the measure of all others. `held`: close enough. `blocked`: not, until a person has `accepted` it. */
  state: z.enum(['first', 'held', 'blocked', 'accepted']),
  mean_shift: z.number().nullable(),
  largest_shift: z.number().nullable(),
});
export type MeasuredJudge = z.infer<typeof measured>;

export const anchorSet = z.object({
  sessions: z.array(z.object({ agent: z.string(), session_id: z.string() })),
  judges: z.array(measured),
});
/** Fixed sessions that every new judge scores before its verdicts count. */
export type AnchorSet = z.infer<typeof anchorSet>;

export const noAnchors: AnchorSet = { sessions: [], judges: [] };

const JUDGE_COLUMNS = ['provider', 'host', 'model', 'answered_model', 'judge_version', 'max_tokens', 'effort'] as const;

/** Two rows come from one judge when all of this is equal, the model behind an alias with it. */
export function judgeOf(row: Row): string {
  return JSON.stringify(JUDGE_COLUMNS.map((column) => row[column] ?? null));
}

/** How a verdict stands to the anchors: `apart` are the anchors' own scores and those of a second judge. */
export function standing(row: Row, { sessions, judges }: AnchorSet): 'fine' | 'apart' | 'unmeasured' | 'blocked' {
  const sample = Number(row['sample_index'] ?? 0);
  if (sample >= ANCHOR_SAMPLE) return 'apart';
  if (sample >= SECOND_SAMPLE || sessions.length === 0) return 'fine';
  // Where nothing was answered, nothing says which model it was, and there is no score.
  if ((row['answered_model'] ?? null) === null) return 'fine';
  const known = judges.find(({ judge }) => judge === judgeOf(row));
  if (known === undefined) return 'unmeasured';
  return known.state === 'blocked' ? 'blocked' : 'fine';
}

/** What a new judge's scores of the anchors say, beside those of the last judge that counts. */
export function measure(
  { judges }: AnchorSet,
  judge: string,
  scores: MeasuredJudge['scores'],
  at: string,
): MeasuredJudge {
  const before = judges.findLast(({ state }) => state !== 'blocked');
  if (before === undefined) return { judge, at, scores, state: 'first', mean_shift: null, largest_shift: null };
  const shifts = Object.entries(scores).flatMap(([session, score]) => {
    const old = before.scores[session] ?? null;
    return score === null || old === null ? [] : [score - old];
  });
  const mean = shifts.length === 0 ? null : shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
  const largest = shifts.reduce((most, shift) => Math.max(most, Math.abs(shift)), 0);
  // A judge that gives no score where the last one did cannot be compared, and is for a person to look at.
  const isComparable = mean !== null && shifts.length * 2 >= Object.keys(scores).length;
  const isClose = isComparable && Math.abs(mean) <= MOST.meanShift && largest <= MOST.shift;
  return { judge, at, scores, state: isClose ? 'held' : 'blocked', mean_shift: mean, largest_shift: largest };
}

/** The set with one more judge measured; a judge that is measured again has one entry. */
export function withMeasured(set: AnchorSet, judge: MeasuredJudge): AnchorSet {
  return { ...set, judges: [...set.judges.filter((known) => known.judge !== judge.judge), judge] };
}

/** Takes every blocked judge for what it is: another instrument, whose scores begin a trend of their own. */
export function accepted(set: AnchorSet): AnchorSet {
  const judges = set.judges.map((judge) =>
    judge.state === 'blocked' ? { ...judge, state: 'accepted' as const } : judge,
  );
  return { ...set, judges };
}

interface Pickable {
  readonly agent: string;
  readonly sessionId: string;
  readonly score: number;
  /** Any text that has nothing to do with the score. */
  readonly lot: string;
}

/** Sessions of every score in turn, so that the rare ones are among the anchors. */
export function pick<Session extends Pickable>(sessions: readonly Session[], count: number): readonly Session[] {
  const drawn = sessions.toSorted((a, b) => (a.lot < b.lot ? -1 : 1));
  const places = new Map<number, number>();
  const ranked = drawn.map((session) => {
    const place = places.get(session.score) ?? 0;
    places.set(session.score, place + 1);
    return { session, place };
  });
  return ranked
    .toSorted((a, b) => a.place - b.place || a.session.score - b.session.score)
    .slice(0, count)
    .map(({ session }) => session);
}
