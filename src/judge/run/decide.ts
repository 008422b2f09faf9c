import type { CheckedAnswer, NullReason, Verdict } from '../contract.ts';
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

/** What the checks may say of an answer. */
export type Checkable =
  { readonly status: 'verdict' | 'read' } | { readonly status: 'invalid'; readonly problem: string };

export interface Ask {
  readonly next: 'ask';
  readonly maxTokens: number;
  readonly repair: AskRequest['repair'];
  /** Because the last answer was cut off. */
  readonly longer: boolean;
}

/** What a question needs next: one more answer, fewer tokens, or nothing; `checked` is null where no answer can be read. */
export type Decision<Checked> =
  | Ask
  | { readonly next: 'shorter' }
  | { readonly next: 'done'; readonly checked: Checked | null; readonly why: UnansweredReason | null };

/** Why a question has no answer to be checked. */
type UnansweredReason = Extract<UnscoredReason, 'error_request' | 'refused' | 'output_truncated'>;

const LONGER = 2;

/**
 * The rules of judge.md 3.11 for answers: one repair of an invalid one, one longer try of one that was cut off, and no second
 * question after a refusal. Depends on the kept answers alone, so that a run takes up where another one was killed.
 */
export async function decide<Checked extends Checkable>(
  check: (answer: string) => Promise<Checked>,
  { answers, refused }: Pick<Question, 'answers' | 'refused'>,
  maxTokens: number,
): Promise<Decision<Checked>> {
  if (refused !== null) return refused.kind === 'too_long' ? { next: 'shorter' } : unanswered('error_request');
  const last = answers.at(-1);
  if (last === undefined) return { next: 'ask', maxTokens, repair: null, longer: false };
  if (last.stop === 'refused') return unanswered('refused');
  if (last.stop === 'overflow') return { next: 'shorter' };
  const repairFrom = async (kept: Kept): Promise<AskRequest['repair']> => {
    const problem = problemOf(await check(kept.text));
    return problem === null ? null : { answer: kept.text, problem };
  };
  if (last.stop === 'truncated') {
    if (answers.some(({ longer }) => longer)) return unanswered('output_truncated');
    // The request whose answer was cut off may itself have been a repair of the answer before it.
    const repaired = last.repair ? answers.findLast(({ repair }) => !repair) : undefined;
    const repair = repaired === undefined ? null : await repairFrom(repaired);
    return { next: 'ask', maxTokens: maxTokens * LONGER, repair, longer: true };
  }
  const checked = await check(last.text);
  if (problemOf(checked) === null || last.repair) return { next: 'done', checked, why: null };
  return { next: 'ask', maxTokens, repair: await repairFrom(last), longer: false };
}

function problemOf(checked: Checkable): string | null {
  return checked.status === 'invalid' ? checked.problem : null;
}

function unanswered(why: UnansweredReason): Decision<never> {
  return { next: 'done', checked: null, why };
}

/** What a question that is done says about its session. */
export function outcomeOf(checked: CheckedAnswer | null, why: UnscoredReason | null): Outcome {
  if (checked === null) return { verdict: null, unscored: why };
  if (checked.status === 'verdict') return counted(checked.verdict, checked.verdict.nullReason);
  return counted(checked.verdict, checked.kind === 'parse' ? 'error_parse' : 'evidence_invalid');
}

/** A verdict that does not count has no score, whatever the answer proposed. */
function counted(verdict: Verdict, reason: UnscoredReason | null): Outcome {
  return { verdict: reason === null ? verdict : { ...verdict, score: null }, unscored: reason };
}
