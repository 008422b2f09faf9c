import type { JsonObject } from '../../core/json.ts';

export const providerNames = ['anthropic', 'openai', 'openai-compatible'] as const;
export type ProviderName = (typeof providerNames)[number];

/** A service that answers; the one door to it. */
export interface Provider {
  readonly name: ProviderName;
  /** Host, with the port when it is not the usual one: what people consent to. */
  readonly host: string;
  /** Asks once, without retries. What goes wrong is an answer of its own and no exception. */
  readonly ask: (request: AskRequest, signal: AbortSignal) => Promise<Reply>;
  /** Null where requests cannot be handed in for later. */
  readonly batches: Batches | null;
}

/** One question to a model. */
export interface AskRequest {
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly schema: JsonObject;
  readonly maxTokens: number;
  /** How hard the model thinks, in the provider's own words; null leaves it to the provider. */
  readonly effort: string | null;
  readonly repair: Repair | null;
  /** A word that a server must give back, where it may cut the prompt without saying so. */
  readonly canary: string;
}

/** An earlier answer that did not pass the checks, and what was wrong with it. */
interface Repair {
  readonly answer: string;
  readonly problem: string;
}

export type Reply = Answer | Failure;

export interface Answer {
  readonly status: 'answer';
  readonly text: string;
  /** `overflow`: prompt and answer together do not fit into the model's context. */
  readonly stop: 'end' | 'truncated' | 'refused' | 'overflow';
  readonly usage: Usage;
  /** The model in the service's own words; an alias may begin to mean another one. */
  readonly model: string | null;
  readonly requestId: string | null;
}

export interface Usage {
  /** Without what was read from or written to the cache. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** The service did not say: counted from the texts. */
  readonly estimated: boolean;
}

/**
 * `config`: nothing will work until a person changes something. `limit`: too much at once. `transient`: worth another try. `too_long`: the
 * prompt does not fit. `permanent`: this request will never be taken. `cancelled`: the caller gave up.
 */
export type FailureKind = 'config' | 'limit' | 'transient' | 'too_long' | 'permanent' | 'cancelled';

export interface Failure {
  readonly status: 'failure';
  readonly kind: FailureKind;
  /** Null when no answer came at all: then nobody knows whether the request was paid. */
  readonly httpStatus: number | null;
  /** One sentence; never holds the key. */
  readonly message: string;
  readonly hint: string | null;
  readonly requestId: string | null;
  readonly wait: WaitHeaders;
}

/** What a service says about the next try, as it wrote it. */
export interface WaitHeaders {
  readonly retryAfter: string | null;
  readonly retryAfterMs: string | null;
  /** `x-should-retry`. */
  readonly shouldRetry: boolean | null;
}

/** Requests that are answered within a day, at half the price. */
export interface Batches {
  /** The id of the new batch. */
  readonly submit: (requests: readonly BatchRequest[], label: string, signal: AbortSignal) => Promise<Handled<string>>;
  readonly isEnded: (id: string, signal: AbortSignal) => Promise<Handled<boolean>>;
  /** Batches made since then, newest first; `label` is null where the service keeps none. */
  readonly list: (sinceMs: number, signal: AbortSignal) => Promise<Handled<readonly ListedBatch[]>>;
  /** In any order. Requests that are missing were not answered and are not charged. */
  readonly results: (id: string, signal: AbortSignal) => Promise<Handled<readonly BatchResult[]>>;
}

export interface BatchRequest {
  readonly customId: string;
  readonly request: AskRequest;
}

interface ListedBatch {
  readonly id: string;
  readonly label: string | null;
  readonly createdMs: number;
  readonly isEnded: boolean;
}

export interface BatchResult {
  readonly customId: string;
  readonly outcome: Reply | { readonly status: 'expired' };
}

/** What a service gave, or why it did not. */
export type Handled<Value> = { readonly status: 'done'; readonly value: Value } | Failure;
