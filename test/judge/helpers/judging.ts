import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { redactAll } from '../../../src/core/redact/redact.ts';
import { asNumber, asObject, asText, type Json, type JsonObject } from '../../../src/core/json.ts';
import type { CheckedAnswer, PreparedSession, Score, Verdict } from '../../../src/judge/contract.ts';
import { noAnchors } from '../../../src/judge/anchors/anchors.ts';
import { Ledger } from '../../../src/judge/ledger/ledger.ts';
import { Budget, type Caps, type Price } from '../../../src/judge/money.ts';
import type { Clock } from '../../../src/judge/pace/clock.ts';
import { Pacer, type PaceLimits } from '../../../src/judge/pace/pacer.ts';
import type { ProviderName } from '../../../src/judge/providers/provider.ts';
import { verdictIdentity } from '../../../src/judge/publish.ts';
import type { JudgeEffects, JudgeOptions, SessionRef } from '../../../src/judge/run.ts';
import { acquireLock } from '../../../src/lake/lock.ts';
import { readSnapshot } from '../../../src/lake/log.ts';
import { tables } from '../../../src/lake/schema.ts';
import { openStore } from '../../../src/lake/store.ts';
import { FakeClock } from './clock.ts';
import { openTestProvider } from './providers.ts';

const redactionKey = new Uint8Array(32).fill(7);

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Sessions `s1` to `sN`. */
export function sessions(count: number): readonly SessionRef[] {
  return Array.from({ length: count }, (_, index) => ({ agent: 'claude-code', sessionId: `s${index + 1}` }));
}

/** A session as the judge gets it; its transcript says which one it is. */
export function preparedSession(
  { agent, sessionId }: SessionRef,
  text = `Transcript of ${sessionId}.`,
): PreparedSession {
  return {
    agent,
    sessionId,
    project: 'shop',
    system: 'You judge.',
    user: text,
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['score'],
      properties: { score: { type: 'integer' } },
    },
    hashes: { rendered: sha(text), facts: sha('facts'), prompt: sha('prompt'), schema: sha('schema') },
    rendererVersion: '1',
    inputTokens: 1000,
    flags: [],
    check: checkAnswer,
    parts: null,
    shorter: async () => null,
  };
}

/** `{"score": 4}` is a verdict; `{"score": 9}` has evidence that does not hold; anything else is no answer. */
async function checkAnswer(answer: string): Promise<CheckedAnswer> {
  const given = parsedObject(answer);
  const score = asScore(asNumber(given?.['score']));
  const verdict: Verdict = {
    score,
    proposedScore: asScore(asNumber(given?.['proposed'])) ?? score,
    nullReason: score === null && given !== null ? 'no_goal' : null,
    caps: [],
    outcome: 'done',
    blocker: 'none',
    divergence: 'on_track',
    userSatisfaction: 'silent',
    confidence: given?.['confidence'] === 'low' ? 'low' : 'high',
    rationale: asText(given?.['rationale']) ?? '',
    requirements: [],
    quotes: { quotes: 2, verified: 2, wrongEvent: 0, notFound: 0, elided: 0, addressed: 0, roleCorrected: 0 },
  };
  if (given === null) return { status: 'invalid', kind: 'parse', problem: 'Expected JSON with a score.', verdict };
  if (given['score'] === 9) return { status: 'invalid', kind: 'evidence', problem: 'No such quote.', verdict };
  return { status: 'verdict', verdict };
}

function asScore(value: number | null): Score | null {
  return value === 1 || value === 2 || value === 3 || value === 4 || value === 5 ? value : null;
}

function parsedObject(text: string): JsonObject | null {
  try {
    const json: Json = JSON.parse(text);
    return asObject(json);
  } catch {
    return null;
  }
}

export const testOptions: JudgeOptions = {
  model: 'judge-model',
  maxTokens: 1000,
  effort: null,
  samples: 1,
};

/** A dollar for a million tokens in, two for a million out: 900 in and 100 out cost 1,100 millionths. */
export const testPrice: Price = {
  costUsdMicros: ({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }) =>
    inputTokens + cacheReadTokens + cacheWriteTokens + 2 * outputTokens,
  batchFactor: 0.5,
  source: 'test',
};

interface Wanted {
  readonly url: string;
  readonly store: string;
  readonly provider?: ProviderName;
  readonly limits?: Partial<PaceLimits>;
  readonly caps?: Partial<Caps>;
  readonly clock?: Clock;
  readonly effects?: Partial<JudgeEffects>;
  readonly price?: Price | null;
  /** Neither lock nor table: for many runs of which only the ledger matters. */
  readonly withoutTable?: boolean;
}

/** All that a run needs, real but for the clock and the sessions. Holds the lock until `close`. */
export async function judging(wanted: Wanted): Promise<JudgeEffects & { readonly close: () => Promise<void> }> {
  const clock = wanted.clock ?? new FakeClock();
  const store = await openStore(wanted.store, { create: true });
  const lock = wanted.withoutTable === true ? null : await acquireLock(store, 'judge', { waitS: 0 });
  // The host is a part of every key, and a free port differs from run to run.
  const real = { ...(await openTestProvider(wanted.provider ?? 'anthropic', wanted.url)), host: 'judge.test' };
  const whileBusy = clock instanceof FakeClock ? clock.whileBusy : null;
  const provider =
    whileBusy === null
      ? real
      : { ...real, ask: async (...args: Parameters<typeof real.ask>) => await whileBusy(() => real.ask(...args)) };
  const limits = { requestsPerMinute: null, tokensPerMinute: null, concurrency: 4, ...wanted.limits };
  const caps = { runUsdMicros: null, monthUsdMicros: null, calls: null, questions: null, ...wanted.caps };
  const ledger = await Ledger.open(join(store.directory, 'judge'), clock.now);
  const now = (): Date => new Date(clock.now());
  return {
    provider,
    pacer: new Pacer(limits, { clock, random: () => 0.5 }),
    ledger,
    budget: new Budget(caps, ledger.spentSince(0)),
    price: wanted.price === undefined ? testPrice : wanted.price,
    anchors: { current: () => noAnchors, keep: async () => undefined },
    second: null,
    prepare: async (session) => preparedSession(session),
    redact: async (text) => (await redactAll([text], redactionKey))[0] ?? '',
    publish: async (rows) => {
      if (lock === null) return true;
      // Loaded late: a run without the table, of which there are many, starts in half the time.
      const { appendRows } = await import('../../../src/lake/append.ts');
      await appendRows(store, { table: 'verdicts', identity: verdictIdentity, rows, now: now() });
      return true;
    },
    isPublished: () => false,
    clock,
    advance: () => undefined,
    close: async () => await lock?.release(),
    ...wanted.effects,
  };
}

/** The published verdicts in the order of their sessions and samples, only some columns. */
export async function published(
  directory: string,
  columns: readonly string[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const table = join(directory, 'verdicts');
  const { files } = await readSnapshot(table);
  if (files.length === 0) return [];
  const { WorkDuck } = await import('../../../src/lake/duck.ts');
  const duck = await WorkDuck.open({
    threads: 1,
    memoryBytes: 64 * 1024 * 1024,
    folder: directory,
    spillDirectory: null,
  });
  try {
    const paths = files.map(({ path }) => `'${join(table, path)}'`).join();
    const known = new Set(tables.verdicts.columns.map(({ name }) => name));
    const names = columns.filter((name) => known.has(name)).join(', ');
    const reader = await duck.connection.runAndReadAll(
      `select ${names} from read_parquet([${paths}]) order by session_id, sample_index, key`,
    );
    return reader.getRowObjectsJson();
  } finally {
    duck.close();
  }
}
