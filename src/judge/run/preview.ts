import type { PreparedSession } from '../contract.ts';
import { verdictKey } from '../key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { estimate, type Estimate } from '../money.ts';
import type { Plan } from './plan.ts';

/** What judging one session would take. */
export interface Preview {
  readonly agent: string;
  readonly sessionId: string;
  readonly project: string | null;
  readonly inputTokens: number;
  /** `known`: judged already, costs nothing. `waiting`: in a batch. */
  readonly state: 'new' | 'known' | 'waiting';
  /** Null when the price is not known. */
  readonly cost: Estimate | null;
}

/** Looks a session up and prices it; sends nothing and writes nothing. */
export function previewOf(
  prepared: PreparedSession,
  plan: Plan,
  ledger: Ledger,
  isPublished: (key: string, session: PreparedSession) => boolean,
): Preview {
  const { agent, sessionId, project, hashes, rendererVersion } = prepared;
  // What is scored after the parts is at most as long as what would have been read at once.
  const calls = [...(prepared.parts?.questions ?? []), prepared].map(({ inputTokens }) => inputTokens);
  const { provider, baseUrl, model, maxTokens, effort, price } = plan;
  const judge = { provider, host: baseUrl.host, model, maxTokens, effort, sampleIndex: 0 };
  const key = verdictKey({ hashes, rendererVersion, ...judge });
  const isKnown = ledger.verdict(key, agent, sessionId) !== null || isPublished(key, prepared);
  const state = isKnown ? 'known' : ledger.question(key).batch === null ? 'new' : 'waiting';
  const costs = price === null ? null : calls.map((tokens) => estimate(price, tokens, maxTokens));
  const cost = costs === null ? null : costs.reduce(added);
  const inputTokens = calls.reduce((sum, tokens) => sum + tokens, 0);
  return { agent, sessionId, project, inputTokens, state, cost: state === 'new' ? cost : null };
}

function added(one: Estimate, other: Estimate): Estimate {
  return {
    expectedUsdMicros: one.expectedUsdMicros + other.expectedUsdMicros,
    worstUsdMicros: one.worstUsdMicros + other.worstUsdMicros,
  };
}

export interface PreviewTotal {
  readonly sessions: number;
  readonly inputTokens: number;
  readonly expectedUsdMicros: number | null;
  readonly worstUsdMicros: number | null;
  /** Expected, when they are handed in as a batch; null where there are no batches. */
  readonly batchUsdMicros: number | null;
}

/** What all that is new would take. */
export function totalOf(previews: readonly Preview[], { price, provider }: Plan): PreviewTotal {
  const fresh = previews.filter(({ state }) => state === 'new');
  const sum = (part: (cost: Estimate) => number): number | null =>
    price === null ? null : fresh.reduce((total, { cost }) => total + (cost === null ? 0 : part(cost)), 0);
  const expectedUsdMicros = sum(({ expectedUsdMicros }) => expectedUsdMicros);
  const hasBatches = provider !== 'openai-compatible' && price !== null && expectedUsdMicros !== null;
  return {
    sessions: fresh.length,
    inputTokens: fresh.reduce((total, { inputTokens }) => total + inputTokens, 0),
    expectedUsdMicros,
    worstUsdMicros: sum(({ worstUsdMicros }) => worstUsdMicros),
    batchUsdMicros: hasBatches ? Math.ceil(expectedUsdMicros * price.batchFactor) : null,
  };
}
