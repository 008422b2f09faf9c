import { ANCHOR_SAMPLE, type AnchorSet } from '../anchors/anchors.ts';
import { isNewJudge } from '../anchors/check.ts';
import type { PreparedSession } from '../contract.ts';
import { SECOND_SAMPLE, verdictKey, type KeyParts } from '../key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { estimate } from '../money.ts';
import type { SessionRef } from './context.ts';
import { isDrawn, wantsSecond } from './item.ts';
import type { Plan } from './plan.ts';

/** Millionths of a dollar; null when a price is not known. */
interface Cost {
  readonly expectedUsdMicros: number;
  readonly worstUsdMicros: number;
  /** Expected, when everything that can be is handed in as a batch. */
  readonly batchUsdMicros: number;
}

/** What judging one session would take. */
export interface Preview {
  readonly agent: string;
  readonly sessionId: string;
  readonly project: string | null;
  readonly inputTokens: number;
  /** `known`: judged already. `waiting`: in a batch. */
  readonly state: 'new' | 'known' | 'waiting';
  /** Of all that would be asked about it, null when it is nothing, or the price is not known. */
  readonly cost: Cost | null;
}

export interface PreviewWorld {
  readonly plan: Plan;
  /** Whom a second opinion is asked of; null: the same judge. */
  readonly second: Plan | null;
  readonly samples: number | null;
  readonly ledger: Ledger;
  readonly isPublished: (key: string, session: SessionRef) => boolean;
}

interface Question {
  readonly plan: Plan;
  readonly prepared: PreparedSession;
  readonly key: string;
  readonly state: Preview['state'];
  /** Another judge, and the anchors, are asked at once also where the rest goes into a batch. */
  readonly canBatch: boolean;
}

/** Looks a session up and prices it; sends nothing and writes nothing. */
export function previewOf(prepared: PreparedSession, world: PreviewWorld): Preview {
  const { agent, sessionId, project } = prepared;
  const indexes = Array.from({ length: world.samples ?? 1 }, (_, index) => index);
  const samples = indexes.map((index) => questionOf(prepared, world.plan, index, world));
  const [first] = samples;
  const again = first === undefined || world.samples !== null ? null : secondOf(first, world);
  const certain = [...samples, ...(again?.isCertain === true ? [again.question] : [])].filter(isAsked);
  const possible = again?.isCertain === false ? [again.question].filter(isAsked) : [];
  const states = samples.map(({ state }) => state);
  return {
    agent,
    sessionId,
    project,
    inputTokens: sumOf(certain.length === 0 ? samples.slice(0, 1) : certain, tokensOf),
    state: states.find((state) => state === 'new') ?? states.find((state) => state === 'waiting') ?? 'known',
    cost: certain.length + possible.length === 0 ? null : costOf(certain, possible),
  };
}

/** What the anchor sessions would take, which a judge that is new to them scores first. */
export async function previewAnchors(
  { sessions, judges }: AnchorSet,
  world: PreviewWorld,
  prepare: (session: SessionRef) => Promise<PreparedSession>,
): Promise<readonly Preview[]> {
  const { plan, ledger } = world;
  const previews: Preview[] = [];
  for (const { agent, session_id: sessionId } of sessions) {
    const prepared = await prepare({ agent, sessionId });
    const parts = partsOf(prepared, plan, 0);
    if (!isNewJudge({ sessions, judges }, parts, ledger.lastModel(parts.host, plan.model))) return [];
    const question = questionOf(prepared, plan, ANCHOR_SAMPLE + judges.length, world);
    const asked = [{ ...question, canBatch: false }].filter(isAsked);
    if (asked.length === 0) continue;
    const cost = costOf(asked, []);
    previews.push({ agent, sessionId, project: null, inputTokens: tokensOf(question), state: 'new', cost });
  }
  return previews;
}

function questionOf(
  prepared: PreparedSession,
  plan: Plan,
  sampleIndex: number,
  { ledger, isPublished }: PreviewWorld,
): Question {
  const key = verdictKey(partsOf(prepared, plan, sampleIndex));
  const isKnown = ledger.verdict(key, prepared.agent, prepared.sessionId) !== null || isPublished(key, prepared);
  const state = isKnown ? 'known' : ledger.question(key).batch === null ? 'new' : 'waiting';
  return { plan, prepared, key, state, canBatch: true };
}

function partsOf({ hashes, rendererVersion }: PreparedSession, plan: Plan, sampleIndex: number): KeyParts {
  const { provider, baseUrl, model, maxTokens, effort } = plan;
  return { hashes, rendererVersion, provider, host: baseUrl.host, model, maxTokens, effort, sampleIndex };
}

/** The second opinion on a session: certain by lot, or by what the first one said; else only doubt would bring it about. */
function secondOf(
  { prepared, key, state }: Question,
  world: PreviewWorld,
): { readonly question: Question; readonly isCertain: boolean } | null {
  const { plan, second, ledger } = world;
  const question =
    second === null
      ? questionOf(prepared, plan, 1, world)
      : { ...questionOf(prepared, second, SECOND_SAMPLE, world), canBatch: false };
  if (state === 'new') return { question, isCertain: isDrawn(key) };
  const row = ledger.verdict(key, prepared.agent, prepared.sessionId)?.row ?? null;
  return row !== null && wantsSecond(row) ? { question, isCertain: true } : null;
}

const isAsked = ({ state }: Question): boolean => state === 'new';

/** What is scored after the parts is at most as long as what would have been read at once. */
function callsOf({ prepared }: Question): readonly number[] {
  return [...(prepared.parts?.questions ?? []), prepared].map(({ inputTokens }) => inputTokens);
}

function tokensOf(question: Question): number {
  return sumOf(callsOf(question), (tokens) => tokens);
}

function costOf(certain: readonly Question[], possible: readonly Question[]): Cost | null {
  const [sure, more] = [certain.map(priced), possible.map(priced)];
  const known = sure.flatMap((cost) => cost ?? []);
  const unsure = more.flatMap((cost) => cost ?? []);
  if (known.length < sure.length || unsure.length < more.length) return null;
  const { expectedUsdMicros, worstUsdMicros, batchUsdMicros } = sumOfCosts(known);
  const worst = worstUsdMicros + sumOfCosts(unsure).worstUsdMicros;
  return { expectedUsdMicros, worstUsdMicros: worst, batchUsdMicros };
}

function priced(question: Question): Cost | null {
  const { price, maxTokens } = question.plan;
  if (price === null) return null;
  const factor = question.canBatch ? price.batchFactor : 1;
  const costs = callsOf(question).map((tokens) => estimate(price, tokens, maxTokens));
  const expectedUsdMicros = sumOf(costs, (cost) => cost.expectedUsdMicros);
  return {
    expectedUsdMicros,
    worstUsdMicros: sumOf(costs, (cost) => cost.worstUsdMicros),
    batchUsdMicros: expectedUsdMicros * factor,
  };
}

function sumOfCosts(costs: readonly Cost[]): Cost {
  return {
    expectedUsdMicros: sumOf(costs, ({ expectedUsdMicros }) => expectedUsdMicros),
    worstUsdMicros: sumOf(costs, ({ worstUsdMicros }) => worstUsdMicros),
    batchUsdMicros: sumOf(costs, ({ batchUsdMicros }) => batchUsdMicros),
  };
}

function sumOf<Item>(items: readonly Item[], part: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + part(item), 0);
}

export interface PreviewTotal {
  readonly sessions: number;
  readonly inputTokens: number;
  readonly expectedUsdMicros: number | null;
  readonly worstUsdMicros: number | null;
  /** Null where there are no batches. */
  readonly batchUsdMicros: number | null;
}

/** What all of them would take; of those that are known only a second opinion costs anything. */
export function totalOf(
  previews: readonly Preview[],
  { plan, second }: Pick<PreviewWorld, 'plan' | 'second'>,
): PreviewTotal {
  const asked = previews.filter(({ state, cost }) => state === 'new' || cost !== null);
  const isPriced = plan.price !== null && (second === null || second.price !== null);
  const total = sumOfCosts(asked.flatMap(({ cost }) => cost ?? []));
  return {
    sessions: asked.length,
    inputTokens: sumOf(asked, ({ inputTokens }) => inputTokens),
    expectedUsdMicros: isPriced ? total.expectedUsdMicros : null,
    worstUsdMicros: isPriced ? total.worstUsdMicros : null,
    batchUsdMicros: isPriced && plan.provider !== 'openai-compatible' ? Math.ceil(total.batchUsdMicros) : null,
  };
}
