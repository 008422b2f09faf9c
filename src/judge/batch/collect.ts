import type { OpenBatch } from '../ledger/state.ts';
import type { Batches, BatchResult, Failure, Handled } from '../providers/provider.ts';
import type { Run } from '../run/context.ts';
import { failedLine, keepAnswer } from '../run/keep.ts';

/** Services allow 64 characters. */
const CUSTOM_ID_LENGTH = 60;

export function customIdOf(key: string): string {
  return key.slice(0, CUSTOM_ID_LENGTH);
}

const never = new AbortController().signal;

/** Takes in what the batches of earlier runs have answered. What is not there yet stays open; so does what the service would not tell. */
export async function collectBatches(run: Run, batches: Batches): Promise<readonly Failure[]> {
  const { ledger, provider } = run.effects;
  const failures: Failure[] = [];
  for (const batch of ledger.openBatches(provider.host)) {
    const id = batch.id === null ? await recoveredId(run, batches, batch) : done(batch.id);
    if (id.status === 'failure') failures.push(id);
    else if (id.value === 'lost') await ledger.record({ type: 'batch_done', label: batch.label });
    else if (id.value !== 'unsure') failures.push(...(await collect(run, batches, batch, id.value)));
  }
  return failures;
}

async function collect(run: Run, batches: Batches, batch: OpenBatch, id: string): Promise<readonly Failure[]> {
  const ended = await batches.isEnded(id, never);
  if (ended.status === 'failure') return [ended];
  if (!ended.value) return [];
  const results = await batches.results(id, never);
  if (results.status === 'failure') return [results];
  const byId = new Map(results.value.map((result) => [result.customId, result.outcome]));
  for (const key of batch.keys) await keepResult(run, batch, key, byId.get(customIdOf(key)) ?? { status: 'expired' });
  await run.effects.ledger.record({ type: 'batch_done', label: batch.label });
  return [];
}

/** A run that was killed while it took a batch in has some of it already. */
async function keepResult(run: Run, batch: OpenBatch, key: string, outcome: BatchResult['outcome']): Promise<void> {
  const { ledger } = run.effects;
  const question = ledger.question(key);
  if (question.batch !== batch.label || outcome.status === 'expired') return;
  const attempt = question.sends;
  if (outcome.status === 'failure') {
    await ledger.record(failedLine(key, attempt, outcome));
    return;
  }
  const last = question.answers.at(-1);
  const longer = last?.stop === 'truncated';
  const repair = last !== undefined && (last.repair || !longer);
  await keepAnswer(run, { key, model: batch.model, attempt, repair, longer, batch: batch.label }, outcome);
}

/** A little more than the clocks of two machines may differ. */
const CLOCKS_DIFFER_MS = 5 * 60 * 1000;

/**
 * The id of a batch that was handed in by a run that was killed before it could keep it. `lost`: it was never made. `unsure`: the
 * service keeps no labels, and a batch of that time is not done yet.
 */
async function recoveredId(run: Run, batches: Batches, batch: OpenBatch): Promise<Handled<string>> {
  const { ledger, provider } = run.effects;
  const listed = await batches.list(batch.sinceMs - CLOCKS_DIFFER_MS, never);
  if (listed.status === 'failure') return listed;
  const taken = new Set(ledger.openBatches(provider.host).map(({ id }) => id));
  const candidates = listed.value.filter(
    ({ id, label }) => !taken.has(id) && (label === null || label === batch.label),
  );
  for (const { id, label, isEnded } of candidates) {
    if (label === null && !isEnded) continue;
    if (label === null && !(await answers(batches, id, batch))) continue;
    await ledger.record({ type: 'batch', label: batch.label, id });
    return done(id);
  }
  return done(candidates.some(({ isEnded }) => !isEnded) ? 'unsure' : 'lost');
}

async function answers(batches: Batches, id: string, { keys }: OpenBatch): Promise<boolean> {
  const results = await batches.results(id, never);
  if (results.status === 'failure') return false;
  const ours = new Set(keys.map(customIdOf));
  return results.value.some(({ customId }) => ours.has(customId));
}

function done(value: string): Handled<string> {
  return { status: 'done', value };
}
