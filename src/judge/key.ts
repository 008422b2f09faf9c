import type { PromptHashes } from './contract.ts';
import { canonicalJson, sha256 } from './prompt/canonical.ts';

/** All that decides what a judge answers, and nothing else. */
export interface KeyParts {
  readonly hashes: PromptHashes;
  readonly rendererVersion: string;
  readonly provider: string;
  readonly host: string;
  /** As it was asked for. */
  readonly model: string;
  readonly maxTokens: number;
  readonly effort: string | null;
  readonly sampleIndex: number;
}

/** Samples of the second judge have numbers of their own: they are never put together with those of the first one. */
export const SECOND_SAMPLE = 1000;

/** Equal keys are the same question to the same judge: it is never asked twice (judge.md 3.8). 64 hex characters. */
export function verdictKey(parts: KeyParts): string {
  return sha256(
    canonicalJson({
      rendered_sha256: parts.hashes.rendered,
      facts_sha256: parts.hashes.facts,
      prompt_sha256: parts.hashes.prompt,
      schema_sha256: parts.hashes.schema,
      renderer_version: parts.rendererVersion,
      provider: parts.provider,
      base_url_host: parts.host,
      model_id_exact: parts.model,
      max_tokens: parts.maxTokens,
      effort: parts.effort,
      sample_index: parts.sampleIndex,
    }),
  );
}

/** Which prompt, form of answer and renderer judged: averages never mix two of them. */
export function judgeVersion({ hashes, rendererVersion }: Pick<KeyParts, 'hashes' | 'rendererVersion'>): string {
  return `p${hashes.prompt.slice(0, 8)}-s${hashes.schema.slice(0, 8)}-r${rendererVersion}`;
}

/** The word that a server must give back to prove that it saw the whole prompt; the same for every try of a question. */
export function canaryOf(key: string): string {
  return sha256(`canary ${key}`).slice(0, 12);
}
