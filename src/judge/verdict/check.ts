import type { CheckedAnswer, NullReason, Requirement, Verdict } from '../contract.ts';
import type { Facts } from '../facts.ts';
import { repairMessage } from '../prompt/prompt.ts';
import type { RenderedEvent } from '../render/render.ts';
import { readAnswer, type Answer } from './answer.ts';
import { capped } from './caps.ts';
import { storedTexts } from './free-text.ts';
import { countQuotes, enoughVerified, evidenceProblem, QuoteBook, type CheckedQuote } from './quotes.ts';

/** Characters that are kept of what the model writes in its own words. */
const LENGTH = { rationale: 600, requirement: 200 } as const;

export interface CheckContext {
  readonly facts: Facts;
  readonly events: ReadonlyMap<string, RenderedEvent>;
  readonly redactionKey: Uint8Array;
}

/** Checks answers for one session: shape, quotes, roles, caps (judge.md 3.3 to 3.5). */
export function answerChecker(context: CheckContext): (text: string) => Promise<CheckedAnswer> {
  const book = new QuoteBook(context.events);
  return async (text) => {
    const read = readAnswer(text);
    if (read.kind === 'problem') {
      return {
        status: 'invalid',
        kind: 'parse',
        problem: repairMessage(read.problem),
        verdict: noVerdict('error_parse'),
      };
    }
    const checked = checkQuotes(read.answer, book);
    const verdict = await verdictOf(read.answer, checked, context);
    if (read.answer.proposed_score === null || enoughVerified(checked.all)) return { status: 'verdict', verdict };
    return {
      status: 'invalid',
      kind: 'evidence',
      problem: repairMessage(evidenceProblem(checked.all)),
      verdict: { ...verdict, score: null, nullReason: 'evidence_invalid', caps: [], outcome: 'not_done' },
    };
  };
}

/** A verdict that says only why there is none. */
function noVerdict(nullReason: NullReason): Verdict {
  return {
    score: null,
    proposedScore: null,
    nullReason,
    caps: [],
    outcome: 'not_done',
    blocker: 'none',
    divergence: 'on_track',
    userSatisfaction: 'silent',
    confidence: 'low',
    rationale: '',
    requirements: [],
    quotes: { quotes: 0, verified: 0, wrongEvent: 0, notFound: 0, elided: 0, addressed: 0, roleCorrected: 0 },
  };
}

interface CheckedQuotes {
  readonly requirements: readonly (readonly CheckedQuote[])[];
  readonly checks: readonly CheckedQuote[];
  readonly sideEffects: readonly CheckedQuote[];
  readonly all: readonly CheckedQuote[];
}

function checkQuotes(answer: Answer, book: QuoteBook): CheckedQuotes {
  const requirements = answer.requirements.map(({ evidence }) => evidence.map((quote) => book.check(quote)));
  // `none` says that there was nothing to quote.
  const checks = answer.checks_after_last_change
    .filter(({ result }) => result !== 'none')
    .map((quote) => book.check(quote));
  const sideEffects = answer.side_effects
    .filter(({ severity }) => severity !== 'none')
    .map((quote) => book.check(quote));
  return { requirements, checks, sideEffects, all: [...requirements.flat(), ...checks, ...sideEffects] };
}

async function verdictOf(answer: Answer, checked: CheckedQuotes, context: CheckContext): Promise<Verdict> {
  const statuses = answer.requirements.map(({ status, source_event: source }, index) =>
    provenStatus(status, checked.requirements[index] ?? [], source, context.facts),
  );
  const { score, caps } =
    answer.proposed_score === null
      ? { score: null, caps: [] }
      : capped(answer.proposed_score, provenBy(answer, statuses, checked, context.facts), context.facts);
  const [rationale = '', ...texts] = await storedTexts(
    [
      { text: answer.rationale, most: LENGTH.rationale },
      ...answer.requirements.map(({ text }) => ({ text, most: LENGTH.requirement })),
    ],
    context.redactionKey,
  );
  return {
    score,
    proposedScore: answer.proposed_score,
    nullReason: answer.null_reason,
    caps,
    // Done is what is shown to be done.
    outcome: answer.outcome === 'done' && (score === null || score < 4) ? 'not_done' : answer.outcome,
    blocker: answer.blocker,
    divergence: answer.divergence,
    userSatisfaction: satisfaction(answer.user_satisfaction, context.facts),
    confidence: answer.confidence,
    rationale,
    requirements: statuses.map((status, index) => ({
      text: texts[index] ?? '',
      status,
      evidence: (checked.requirements[index] ?? []).flatMap(({ found }) => (found === null ? [] : [found.evidence])),
    })),
    quotes: countQuotes(checked.all),
  };
}

/** Met, but only by the agent's own word, is unclear; so is what only the request itself speaks of. */
function provenStatus(
  status: Requirement['status'],
  quotes: readonly CheckedQuote[],
  source: string,
  facts: Facts,
): Requirement['status'] {
  const isProven = quotes.some((quote) => isProof(quote, facts) && quote.given.event !== source);
  return status === 'met' && !isProven ? 'unclear' : status;
}

function provenBy(
  answer: Answer,
  statuses: readonly Requirement['status'][],
  checked: CheckedQuotes,
  facts: Facts,
): Parameters<typeof capped>[1] {
  const given = answer.checks_after_last_change.filter(({ result }) => result !== 'none');
  const passing = checked.checks.filter((quote, index) => given[index]?.result === 'pass' && isPass(quote, facts));
  const done = checked.requirements.filter(
    (_quotes, index) => statuses[index] === 'met' || statuses[index] === 'partial',
  );
  const effects = answer.side_effects.filter(({ severity }) => severity !== 'none');
  return {
    requirements: statuses.map((status) => ({ status })),
    hasProof: [...passing, ...done.flat()].some((quote) => isProof(quote, facts)),
    checkedAfterLastChange: passing.some((quote) => isRunAfterLastChange(quote, facts)),
    harmfulSideEffect: checked.sideEffects.some(
      ({ state }, index) => state === 'verified' && effects[index]?.severity === 'harmful',
    ),
  };
}

/**
 * The user's words prove what was done only when the agent had begun; what others wrote elsewhere proves what it says, but not that
 * something was changed as asked.
 */
function isProof({ found }: CheckedQuote, { lastChangeUs }: Facts): boolean {
  if (found === null || found.evidence.kind === 'claim') return false;
  if (found.isForeign && lastChangeUs !== null) return false;
  return found.evidence.kind !== 'user' || found.afterFirstCall;
}

/** What a tool answered or the user said. That a call went well is told by its outcome; where there is none, by the facts. */
function isPass(quote: CheckedQuote, facts: Facts): boolean {
  if (quote.found === null || !isProof(quote, facts) || quote.found.evidence.kind === 'diff') return false;
  const { role, event } = quote.found.event.entry;
  if (role !== 'tool') return event.kind === 'prompt' || event.kind === 'meta';
  if (event.outcome === 'ok') return true;
  return (
    event.outcome === 'unknown' &&
    (facts.lastTest === 'pass' || facts.lastBuild === 'pass' || facts.lastChangeUs === null)
  );
}

/** Where something was changed, something must have run after it: to read or write a file is no test of it. */
function isRunAfterLastChange({ found }: CheckedQuote, { lastChangeUs }: Facts): boolean {
  if (found === null || lastChangeUs === null) return found !== null;
  const { weight, event } = found.event.entry;
  return event.tsUs !== null && event.tsUs >= lastChangeUs && weight !== 'reading' && weight !== 'change';
}

/** Nobody accepts with the request itself, and a message that rejects is no acceptance. */
function satisfaction(said: Verdict['userSatisfaction'], facts: Facts): Verdict['userSatisfaction'] {
  if (facts.lastMessageRejects) return 'rejected';
  return facts.prompts <= 1 ? 'silent' : said;
}
