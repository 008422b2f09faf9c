import type { CheckedAnswer, NullReason, PreparedSession, Verdict } from '../contract.ts';
import type { LineOf } from '../ledger/lines.ts';
import type { Question } from '../ledger/state.ts';
import type { AskRequest } from '../providers/provider.ts';

type Kept = LineOf<'response'>;

/** Why there is no score although somebody was asked, or was going to be. */
type UnscoredReason = NullReason | 'error_request' | 'error_too_long';

export interface Outcome {
  /** What the answer said, also when its score does not count; null when it said nothing that could be read. */
  readonly verdict: Verdict | null;
  readonly unscored: UnscoredReason | null;
}

/** What a question needs next: one more answer, or none. */
export type Decision =
  | {
      readonly next: 'ask';
      readonly maxTokens: number;
      readonly repair: AskRequest['repair'];
      /** Because the last answer was cut off. */
      readonly longer: boolean;
    }
  | { readonly next: 'done'; readonly outcome: Outcome };

const LONGER = 2;

/**
 * The rules of judge.md 3.11 for answers: one repair of an invalid one, one longer try of one that was cut off, and no second
 * question after a refusal. Depends on the kept answers alone, so that a run takes up where another one was killed.
 */
export async function decide(
  { check }: Pick<PreparedSession, 'check'>,
  { answers, refused }: Pick<Question, 'answers' | 'refused'>,
  maxTokens: number,
): Promise<Decision> {
  if (refused !== null) return unscored(refused.kind === 'too_long' ? 'error_too_long' : 'error_request');
  const last = answers.at(-1);
  if (last === undefined) return { next: 'ask', maxTokens, repair: null, longer: false };
  if (last.stop === 'refused') return unscored('refused');
  if (last.stop === 'truncated') {
    if (answers.some(({ longer }) => longer)) return unscored('output_truncated');
    const repair = last.repair ? await repairOf(check, answers) : null;
    return { next: 'ask', maxTokens: maxTokens * LONGER, repair, longer: true };
  }
  const checked = await check(last.text);
  if (checked.status === 'verdict') return done(checked.verdict, checked.verdict.nullReason);
  if (!last.repair) return { next: 'ask', maxTokens, repair: repairFrom(last, checked), longer: false };
  return done(checked.verdict, checked.kind === 'parse' ? 'error_parse' : 'evidence_invalid');
}

/** A verdict that does not count has no score, whatever the answer proposed. */
function done(verdict: Verdict, reason: UnscoredReason | null): Decision {
  const counted = reason === null ? verdict : { ...verdict, score: null };
  return { next: 'done', outcome: { verdict: counted, unscored: reason } };
}

function unscored(reason: UnscoredReason): Decision {
  return { next: 'done', outcome: { verdict: null, unscored: reason } };
}

function repairFrom(kept: Kept, checked: CheckedAnswer): AskRequest['repair'] {
  return checked.status === 'invalid' ? { answer: kept.text, problem: checked.problem } : null;
}

/** The request whose answer was cut off was itself a repair of the answer before it. */
async function repairOf(check: PreparedSession['check'], answers: readonly Kept[]): Promise<AskRequest['repair']> {
  const repaired = answers.findLast(({ repair }) => !repair);
  return repaired === undefined ? null : repairFrom(repaired, await check(repaired.text));
}
