import type { JsonObject } from '../core/json.ts';

/** One question to a model: the same input gives the same bytes anywhere. Nothing in here is unredacted. */
export interface Prompted {
  readonly agent: string;
  readonly sessionId: string;
  /** Byte-identical for all questions of a kind, so that providers can cache it. */
  readonly system: string;
  /** Facts, the fenced transcript and the reminder after it. */
  readonly user: string;
  /** JSON schema of the answer, for providers that take one. */
  readonly schema: JsonObject;
  readonly hashes: PromptHashes;
  readonly rendererVersion: string;
  /** Estimated tokens of `system` and `user` together. */
  readonly inputTokens: number;
}

/** One session as the judge gets it. */
export interface PreparedSession extends Prompted {
  readonly project: string | null;
  /** How the transcript was made to fit; empty for nearly all sessions. */
  readonly flags: readonly string[];
  /** Checks an answer and computes the score; the same answer gives the same result. Waits only for redaction. */
  readonly check: (answer: string) => Promise<CheckedAnswer>;
  /** What has to be read before, where the whole is too long to be read at once; null for nearly all sessions. */
  readonly parts: SessionParts | null;
  /** The same session in fewer tokens; null when there is no shorter way to show it. */
  readonly shorter: () => Promise<PreparedSession | null>;
}

/** A long session: each part is read on its own, and only what its readers point at is scored. */
interface SessionParts {
  readonly questions: readonly PartQuestion[];
  /**
   * The session as it is scored, with the passages of each part; null for a part that nobody could read. The same question as the
   * session before, so that its verdict is found without reading the parts again.
   */
  readonly whole: (passages: readonly (readonly Passage[] | null)[]) => PreparedSession;
}

export interface PartQuestion extends Prompted {
  readonly check: (answer: string) => Promise<CheckedPart>;
}

/** Words of one event that matter, found in it. */
export interface Passage {
  readonly alias: string;
  readonly quote: string;
}

export type CheckedPart = { readonly status: 'read'; readonly passages: readonly Passage[] } | Invalid;

/** An answer that is to be repaired once: `problem` is said to the model. */
interface Invalid {
  readonly status: 'invalid';
  readonly kind: 'parse' | 'evidence';
  readonly problem: string;
}

/** SHA-256, hex, of what the judge is shown; part of the verdict's key. */
export interface PromptHashes {
  readonly rendered: string;
  readonly facts: string;
  readonly prompt: string;
  readonly schema: string;
}

export type Score = 1 | 2 | 3 | 4 | 5;

/** Why there is no score; a null is an answer of its own and never becomes a number. */
export type NullReason =
  'no_goal' | 'too_little' | 'unreadable' | 'refused' | 'evidence_invalid' | 'error_parse' | 'output_truncated';

/** What an answer is worth after the checks of the code. */
export type CheckedAnswer =
  { readonly status: 'verdict'; readonly verdict: Verdict } | (Invalid & { readonly verdict: Verdict });

export interface Verdict {
  readonly score: Score | null;
  readonly proposedScore: Score | null;
  readonly nullReason: NullReason | null;
  /** Names of the caps that lowered the score. */
  readonly caps: readonly string[];
  readonly outcome: 'done' | 'not_done' | 'blocked';
  readonly blocker: 'none' | 'environment' | 'permission' | 'missing_information' | 'user_stopped' | 'model_limit';
  readonly divergence: 'on_track' | 'partial' | 'pivot' | 'off_target';
  readonly userSatisfaction: 'accepted' | 'corrected' | 'rejected' | 'silent';
  readonly confidence: 'low' | 'medium' | 'high';
  /** At most 600 characters, no addresses, redacted. */
  readonly rationale: string;
  readonly requirements: readonly Requirement[];
  readonly quotes: QuoteCounts;
}

export interface Requirement {
  readonly text: string;
  readonly status: 'met' | 'partial' | 'unmet' | 'withdrawn' | 'unclear';
  readonly evidence: readonly Evidence[];
}

/** A quote that stands in the named event. */
export interface Evidence {
  readonly eventId: string;
  readonly sourceLine: number | null;
  readonly quote: string;
  readonly kind: 'tool_result' | 'user' | 'diff' | 'claim';
}

export interface QuoteCounts {
  readonly quotes: number;
  readonly verified: number;
  readonly wrongEvent: number;
  readonly notFound: number;
  readonly elided: number;
  /** From events that speak to whoever judges. */
  readonly addressed: number;
  readonly roleCorrected: number;
}
