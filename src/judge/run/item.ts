import type { PreparedSession } from '../contract.ts';
import { verdictRow, type VerdictRow } from '../publish.ts';
import type { Failure } from '../providers/provider.ts';
import { askFor } from './ask.ts';
import { itemOf, type Item, type Run } from './context.ts';
import { decide, type Outcome } from './decide.ts';

/**
 * `judged`: by this run; `known`: by an earlier one, nothing was asked. `waiting`: in a batch. `later`: the run ended before it.
 * `set_aside`: two runs died while it was under way, so it may have been paid for twice and is not asked again.
 */
export type ItemResult =
  | { readonly status: 'judged' | 'known'; readonly row: VerdictRow | null }
  | { readonly status: 'waiting' | 'set_aside' }
  | { readonly status: 'later'; readonly failure: Failure | null };

/** A question that two runs left without an answer is not asked a third time. */
const MOST_UNHEARD = 2;

/** Judges one sample of one session, from wherever an earlier run left it. */
export async function judgeSample(run: Run, prepared: PreparedSession, sampleIndex: number): Promise<ItemResult> {
  const item = itemOf(run, prepared, sampleIndex);
  const { ledger } = run.effects;
  for (;;) {
    const known = knownVerdict(run, item);
    if (known !== null) return known;
    const question = ledger.question(item.key);
    if (question.batch !== null) return { status: 'waiting' };
    if (question.refused?.kind === 'too_long') {
      const shorter = await run.effects.shorter(prepared);
      if (shorter !== null) return await judgeSample(run, shorter, sampleIndex);
    }
    const decision = await decide(prepared, question, run.options.maxTokens);
    if (decision.next === 'done') return await keepVerdict(run, item, decision.outcome);
    if (question.unheard >= MOST_UNHEARD) return { status: 'set_aside' };
    const asked = await askFor(run, item, decision);
    if (asked.status === 'later') return { status: 'later', failure: asked.failure };
  }
}

/** A verdict that is there costs nothing, whatever else became of the ledger. */
export function knownVerdict({ effects }: Run, { key, prepared }: Item): ItemResult | null {
  const { agent, sessionId } = prepared;
  const kept = effects.ledger.verdict(key, agent, sessionId);
  if (kept !== null) return { status: 'known', row: kept.row };
  return effects.isPublished(key, { agent, sessionId }) ? { status: 'known', row: null } : null;
}

/** Keeps what the checks made of the answers; the table gets it at the end of the run. */
export async function keepVerdict(
  { effects: { ledger, clock } }: Run,
  { key, parts, prepared }: Item,
  outcome: Outcome,
): Promise<ItemResult> {
  const { agent, sessionId: session_id } = prepared;
  const { answers } = ledger.question(key);
  const row = verdictRow({ key, session: prepared, parts, outcome, answers, judgedAtMs: clock.now() });
  await ledger.record({ type: 'verdict', key, agent, session_id, row });
  return { status: 'judged', row };
}

const AUDITED_SHARE = 0.05;
const LARGE_CAP = 2;

/** Whether a second sample is in order: doubt of the model's own, a score that the caps changed much, a repair, or by lot. */
export function wantsSecond(row: VerdictRow): boolean {
  const { key, score, proposed_score: proposed, confidence, flags } = row;
  if (typeof score !== 'number') return false;
  if (
    confidence === 'low' ||
    String(flags ?? '')
      .split(',')
      .includes('repaired')
  )
    return true;
  if (typeof proposed === 'number' && proposed - score >= LARGE_CAP) return true;
  // The key decides, so that the lot falls the same way in every run.
  return Number.parseInt(String(key).slice(0, 8), 16) / 2 ** 32 < AUDITED_SHARE;
}
