import { randomUUID } from 'node:crypto';
import type { PreparedSession, Prompted } from '../contract.ts';
import { reservation } from '../money.ts';
import type { BatchRequest, Batches, Failure } from '../providers/provider.ts';
import { checkAnchors } from '../anchors/check.ts';
import { publishKept } from '../publish.ts';
import { isDoubtful, type JudgeSummary, type SessionResult } from '../run.ts';
import {
  inputTokensOf,
  requestOf,
  type Item,
  type JudgeEffects,
  type JudgeOptions,
  type Run,
  type SessionRef,
} from '../run/context.ts';
import { decide, type Ask } from '../run/decide.ts';
import { judgeAgain, settle, unfinished, type ItemResult } from '../run/item.ts';
import { collectBatches, customIdOf } from './collect.ts';

/** Requests of one batch at most, and characters: services allow more, but a run must hold them in memory. */
const MOST_REQUESTS = 1000;
const MOST_CHARACTERS = 50_000_000;

interface Waiting {
  readonly item: Item<Prompted>;
  readonly request: BatchRequest;
  readonly reservedUsdMicros: number;
}

/**
 * Takes in the answers of earlier batches and hands in what is left as new ones, at a lower price. Waits for nothing: a later
 * run takes the answers in.
 */
export async function judgeInBatches(
  sessions: readonly SessionRef[],
  options: JudgeOptions,
  effects: JudgeEffects,
  batches: Batches,
): Promise<JudgeSummary> {
  const run: Run = { options, effects };
  const { ledger, publish, budget, pacer, anchors } = effects;
  await publishKept(ledger, publish, anchors.current());
  const problems = await collectBatches(run, batches);
  const config = problems.find(({ kind }) => kind === 'config');
  if (config !== undefined) pacer.end({ why: 'config', failure: config });
  const waiting = new Map<string, Waiting>();
  const results: SessionResult[] = [];
  for (const session of sessions) {
    results.push(await takeUp(run, session, waiting));
    effects.advance();
  }
  const refused = await handIn(run, batches, [...waiting.values()]);
  if (refused?.kind === 'config') pacer.end({ why: 'config', failure: refused });
  await checkAnchors(run);
  const kept = await publishKept(ledger, publish, anchors.current());
  const failed = refused ?? problems[0] ?? null;
  return {
    sessions: failed === null ? results : results.map((result) => afterRefusal(result, failed)),
    calls: budget.calls,
    spentUsdMicros: budget.spentUsdMicros,
    ending: pacer.ending,
    ...kept,
  };
}

function afterRefusal(result: SessionResult, { message }: Failure): SessionResult {
  return result.status === 'waiting' ? { ...result, status: 'later', problem: message } : result;
}

async function takeUp(run: Run, session: SessionRef, waiting: Map<string, Waiting>): Promise<SessionResult> {
  const prepared = await run.effects.prepare(session);
  if (prepared === null) return { session, status: 'gone', rows: [], problem: null };
  const results: ItemResult[] = [];
  const samples = run.options.samples ?? 1;
  for (let index = 0; index < samples; index += 1) results.push(await takeUpSample(run, prepared, index, waiting));
  const [first] = results;
  if (run.options.samples === null && isDoubtful(first)) {
    // Another judge may have no batches, and is asked about few sessions.
    const again = run.effects.second === null ? takeUpSample(run, prepared, 1, waiting) : judgeAgain(run, prepared);
    results.push(await again);
  }
  const rows = results.flatMap((result) => ('row' in result && result.row !== null ? [result.row] : []));
  const unfinished = results.find(({ status }) => status !== 'judged' && status !== 'known');
  const fresh = results.some(({ status }) => status === 'judged') ? 'judged' : 'known';
  return { session, status: unfinished?.status ?? fresh, rows, problem: null };
}

async function takeUpSample(
  run: Run,
  prepared: PreparedSession,
  sampleIndex: number,
  waiting: Map<string, Waiting>,
): Promise<ItemResult> {
  return await settle(run, prepared, sampleIndex, async (item, check) => {
    const question = run.effects.ledger.question(item.key);
    if (question.batch !== null || waiting.has(item.key)) return unfinished({ status: 'waiting' });
    const decision = await decide(check, question, run.options.maxTokens);
    return decision.next === 'ask' ? unfinished(putIn(run, item, decision, waiting)) : decision;
  });
}

/** Puts a question into the batch that is being made, if the money is there. */
function putIn(
  { effects: { ledger, budget, price, pacer } }: Run,
  item: Item<Prompted>,
  ask: Ask,
  waiting: Map<string, Waiting>,
): { readonly status: 'waiting' } | { readonly status: 'later'; readonly failure: null } {
  const full = price === null ? 0 : reservation(price, inputTokensOf(item, ask), ask.maxTokens);
  const reservedUsdMicros = Math.ceil(full * (price?.batchFactor ?? 1));
  const isNew = ledger.question(item.key).sends === 0;
  const cap =
    pacer.ending === null ? (budget.reserve(reservedUsdMicros, isNew) ?? (budget.call() ? null : '--max-calls')) : null;
  if (cap !== null) pacer.end({ why: 'cap', cap });
  if (pacer.ending !== null) return { status: 'later', failure: null };
  const request = { customId: customIdOf(item.key), request: requestOf(item, ask) };
  waiting.set(item.key, { item, request, reservedUsdMicros });
  return { status: 'waiting' };
}

/** The first refusal; what it leaves out is handed in by the next run. */
async function handIn(run: Run, batches: Batches, waiting: readonly Waiting[]): Promise<Failure | null> {
  const { ledger, provider } = run.effects;
  for (const part of parts(waiting)) {
    const label = `sesh-${randomUUID()}`;
    for (const { item } of part) await keepIntent(run, item);
    await ledger.record({
      type: 'batch_intent',
      label,
      host: provider.host,
      model: run.options.model,
      keys: part.map(({ item }) => item.key),
      reserved_usd_micros: part.reduce((sum, { reservedUsdMicros }) => sum + reservedUsdMicros, 0),
    });
    const submitted = await batches.submit(
      part.map(({ request }) => request),
      label,
      new AbortController().signal,
    );
    if (submitted.status === 'done') {
      await ledger.record({ type: 'batch', label, id: submitted.value });
      continue;
    }
    // Without any answer the batch may have been made: the next run looks for it.
    if (submitted.httpStatus !== null) await ledger.record({ type: 'batch_done', label });
    return submitted;
  }
  return null;
}

async function keepIntent(
  { effects: { ledger } }: Run,
  { key, parts: { sampleIndex }, prepared }: Item<Prompted>,
): Promise<void> {
  if (ledger.question(key).sends > 0) return;
  const { agent, sessionId: session_id } = prepared;
  await ledger.record({ type: 'intent', key, agent, session_id, sample_index: sampleIndex });
}

function parts(waiting: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const result: Waiting[][] = [];
  let characters = 0;
  for (const each of waiting) {
    const size = each.request.request.system.length + each.request.request.user.length;
    const last = result.at(-1);
    if (last === undefined || last.length >= MOST_REQUESTS || characters + size > MOST_CHARACTERS) {
      result.push([each]);
      characters = size;
    } else {
      last.push(each);
      characters += size;
    }
  }
  return result;
}
