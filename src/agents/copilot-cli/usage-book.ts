import type { Place } from '../shared/place.ts';

/** A model response whose record tells at most its output; a run's total may cover it later. */
export interface Response {
  /** Of the record that mentions it first. */
  readonly place: Place;
  readonly responseId: string | null;
  readonly model: string | null;
  /** What the session is set to, for a record that names no model. */
  readonly assumedModel: string | null;
  readonly outputTokens: number | null;
}

/** Counters as a run's total writes them: `input` holds what was read from and written to the cache. */
export const counterNames = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'reasoning',
  'responses',
  'nanoAiu',
] as const;

export type Counters = Readonly<Record<(typeof counterNames)[number], number | null>>;

/** What is known of a session's usage while its file is read. */
export interface UsageBook {
  /** The number of the agent's run (process) in this file. */
  process: number;
  /** Responses that no total has covered, by their id. */
  readonly open: Map<string, { readonly response: Response; readonly process: number }>;
  /** Sums over all responses of the session. */
  outputTokens: number | null;
  responses: number;
  /** What the totals have told so far, by model. */
  readonly told: Map<string, Counters>;
  /** The last total as it was written, by model. */
  lastTotal: ReadonlyMap<string, Counters>;
  /** Runs that told each request by itself. */
  readonly toldByCall: Set<number>;
}

export function newUsageBook(): UsageBook {
  return {
    process: 0,
    open: new Map(),
    outputTokens: null,
    responses: 0,
    told: new Map(),
    lastTotal: new Map(),
    toldByCall: new Set(),
  };
}

/** A new run of the agent begins: the one before was ended, or crashed. */
export function processEnds(book: UsageBook): void {
  book.process += 1;
}

/** A record of a response; of several of the same response the largest count holds. */
export function addResponse(book: UsageBook, id: string, response: Response): void {
  const known = book.open.get(id);
  if (known === undefined) {
    book.open.set(id, { response, process: book.process });
    book.responses += 1;
    book.outputTokens = sum(book.outputTokens, response.outputTokens);
    return;
  }
  const before = known.response.outputTokens;
  const outputTokens = larger(before, response.outputTokens);
  const model = known.response.model ?? response.model;
  book.open.set(id, { response: { ...known.response, model, outputTokens }, process: known.process });
  if (outputTokens !== null) book.outputTokens = sum(book.outputTokens, outputTokens - (before ?? 0));
}

/** A request that was told by itself: neither its message nor its run's total is counted again. */
export function addCallUsage(book: UsageBook): void {
  book.toldByCall.add(book.process);
}

/** Null only while nothing is known. */
export function sum(total: number | null, more: number | null): number | null {
  return total === null || more === null ? (total ?? more) : total + more;
}

function larger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
