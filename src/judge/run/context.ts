import type { AnchorSet } from '../anchors/anchors.ts';
import type { PreparedSession, Prompted } from '../contract.ts';
import { canaryOf, verdictKey, type KeyParts } from '../key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Budget, Price } from '../money.ts';
import type { Clock } from '../pace/clock.ts';
import type { Pacer } from '../pace/pacer.ts';
import type { AskRequest, Provider } from '../providers/provider.ts';
import type { VerdictRow } from '../publish.ts';
import type { Ask } from './decide.ts';

/** A session that is to be judged. */
export interface SessionRef {
  readonly agent: string;
  readonly sessionId: string;
}

export interface JudgeOptions {
  readonly model: string;
  readonly maxTokens: number;
  readonly effort: string | null;
  /** How often each session is judged; null: once, and again where doubt is in order. */
  readonly samples: number | null;
}

/** Another judge, of another family, for sessions that the first one is not sure of. */
interface SecondJudge {
  readonly model: string;
  readonly provider: Provider;
  readonly pacer: Pacer;
  readonly price: Price | null;
}

/** The world of a run. */
export interface JudgeEffects {
  readonly provider: Provider;
  readonly pacer: Pacer;
  readonly ledger: Ledger;
  readonly budget: Budget;
  /** Null: unknown, and the calls are capped. */
  readonly price: Price | null;
  /** Fixed sessions that a new judge scores first; without any, every judge counts. */
  readonly anchors: { readonly current: () => AnchorSet; readonly keep: (set: AnchorSet) => Promise<void> };
  /** Null where nobody else is to be asked. */
  readonly second: SecondJudge | null;
  /** Null when the session is not there any more. */
  readonly prepare: (session: SessionRef) => Promise<PreparedSession | null>;
  /** Hides secrets; what a model answers is redacted before it is kept. */
  readonly redact: (text: string) => Promise<string>;
  /** Adds rows to the table `verdicts`; those that it has already are left out. False when the store is somebody else's for long. */
  readonly publish: (rows: readonly VerdictRow[]) => Promise<boolean>;
  /** Whether the table has this verdict, though the ledger may have lost it. */
  readonly isPublished: (key: string, session: SessionRef) => boolean;
  readonly clock: Clock;
  /** After each session. */
  readonly advance: () => void;
}

export interface Run {
  readonly options: JudgeOptions;
  readonly effects: JudgeEffects;
}

/** The same run with the second judge; null where there is none. */
export function secondRun({ options, effects }: Run): Run | null {
  const { second } = effects;
  if (second === null) return null;
  const { model, provider, pacer, price } = second;
  return { options: { ...options, model }, effects: { ...effects, provider, pacer, price, second: null } };
}

/** One question: a session or a part of one, one sample. */
export interface Item<Question extends Prompted = PreparedSession> {
  readonly key: string;
  readonly parts: KeyParts;
  readonly prepared: Question;
}

export function itemOf<Question extends Prompted>(
  { options, effects }: Run,
  prepared: Question,
  sampleIndex: number,
): Item<Question> {
  const { hashes, rendererVersion } = prepared;
  const { name: provider, host } = effects.provider;
  const { model, maxTokens, effort } = options;
  const parts = { hashes, rendererVersion, provider, host, model, maxTokens, effort, sampleIndex };
  return { key: verdictKey(parts), parts, prepared };
}

export function requestOf({ key, parts, prepared }: Item<Prompted>, ask: Ask): AskRequest {
  const { system, user, schema } = prepared;
  const { maxTokens, repair } = ask;
  return { model: parts.model, system, user, schema, maxTokens, effort: parts.effort, repair, canary: canaryOf(key) };
}

const CHARACTERS_PER_TOKEN = 4;

/** Estimated tokens of a request; a repair shows the earlier answer again. */
export function inputTokensOf({ prepared }: Item<Prompted>, { repair }: Pick<AskRequest, 'repair'>): number {
  const again = repair === null ? 0 : repair.answer.length + repair.problem.length;
  return prepared.inputTokens + Math.ceil(again / CHARACTERS_PER_TOKEN);
}
