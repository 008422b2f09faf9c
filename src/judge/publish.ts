import { noAnchors, standing, type AnchorSet } from './anchors/anchors.ts';
import type { PreparedSession, Requirement } from './contract.ts';
import { judgeVersion, SECOND_SAMPLE, type KeyParts } from './key.ts';
import type { LineOf } from './ledger/lines.ts';
import type { KeptVerdict } from './ledger/state.ts';

import type { Outcome } from './run/decide.ts';

/** One row of the table `verdicts`, by column; times are microseconds since 1970. */
export type VerdictRow = Readonly<Record<string, string | number | null>>;

/** Columns that tell verdicts apart: two sessions may have the same question. */
export const verdictIdentity: readonly string[] = ['key', 'agent', 'session_id'];

interface Judged {
  readonly key: string;
  readonly session: Pick<PreparedSession, 'agent' | 'sessionId' | 'project' | 'flags'>;
  readonly parts: KeyParts;
  readonly outcome: Outcome;
  readonly answers: readonly LineOf<'response'>[];
  readonly judgedAtMs: number;
}

/** What the table keeps of a judged session. */
export function verdictRow({ key, session, parts, outcome, answers, judgedAtMs }: Judged): VerdictRow {
  const { verdict, unscored } = outcome;
  const last = answers.at(-1);
  const sum = (part: (answer: LineOf<'response'>) => number): number =>
    answers.reduce((total, answer) => total + part(answer), 0);
  const quotes = verdict?.quotes;
  return {
    key,
    agent: session.agent,
    session_id: session.sessionId,
    project: session.project,
    judged_at: judgedAtMs * 1000,
    provider: parts.provider,
    host: parts.host,
    model: parts.model,
    answered_model: last?.model ?? null,
    judge_version: judgeVersion(parts),
    rendered_sha256: parts.hashes.rendered,
    facts_sha256: parts.hashes.facts,
    prompt_sha256: parts.hashes.prompt,
    schema_sha256: parts.hashes.schema,
    renderer_version: parts.rendererVersion,
    max_tokens: parts.maxTokens,
    effort: parts.effort,
    sample_index: parts.sampleIndex,
    score: unscored === null ? (verdict?.score ?? null) : null,
    proposed_score: verdict?.proposedScore ?? null,
    null_reason: unscored,
    caps: joined(verdict?.caps ?? []),
    outcome: verdict?.outcome ?? null,
    blocker: verdict?.blocker ?? null,
    divergence: verdict?.divergence ?? null,
    user_satisfaction: verdict?.userSatisfaction ?? null,
    confidence: verdict?.confidence ?? null,
    rationale: verdict?.rationale ?? null,
    requirements: verdict === null ? null : JSON.stringify(verdict.requirements.map(plainRequirement)),
    quotes: quotes?.quotes ?? null,
    quotes_verified: quotes?.verified ?? null,
    quotes_wrong_event: quotes?.wrongEvent ?? null,
    quotes_not_found: quotes?.notFound ?? null,
    quotes_elided: quotes?.elided ?? null,
    quotes_addressed: quotes?.addressed ?? null,
    quotes_role_corrected: quotes?.roleCorrected ?? null,
    answers: answers.length,
    input_tokens: sum(({ usage }) => usage.input_tokens),
    output_tokens: sum(({ usage }) => usage.output_tokens),
    cache_read_tokens: sum(({ usage }) => usage.cache_read_tokens),
    cache_write_tokens: sum(({ usage }) => usage.cache_write_tokens),
    cost_usd_micros: answers.some(({ cost_usd_micros }) => cost_usd_micros === null)
      ? null
      : sum(({ cost_usd_micros }) => cost_usd_micros ?? 0),
    flags: joined([
      ...flagsOf(answers),
      ...session.flags,
      ...(parts.sampleIndex >= SECOND_SAMPLE ? ['second_opinion'] : []),
    ]),
    answer_sha256: last?.text_sha256 ?? null,
  };
}

function plainRequirement({ text, status, evidence }: Requirement) {
  return {
    text,
    status,
    evidence: evidence.map(({ eventId, sourceLine, quote, kind }) => ({
      event_id: eventId,
      source_line: sourceLine,
      quote,
      kind,
    })),
  };
}

function flagsOf(answers: readonly LineOf<'response'>[]): readonly string[] {
  const flags: readonly (readonly [string, boolean])[] = [
    ['drift', answers.some(({ drift }) => drift)],
    ['usage_estimated', answers.some(({ usage }) => usage.estimated)],
    ['repaired', answers.some(({ repair }) => repair)],
    ['batch', answers.some(({ batch }) => batch !== null)],
  ];
  return flags.filter(([, isSet]) => isSet).map(([name]) => name);
}

function joined(names: readonly string[]): string | null {
  return names.length === 0 ? null : names.join(',');
}

interface PublishTo {
  readonly unpublished: () => readonly KeptVerdict[];
  readonly record: (line: {
    readonly type: 'published';
    readonly key: string;
    readonly agent: string;
    readonly session_id: string;
  }) => Promise<void>;
}

/** What became of the verdicts that the table lacked. */
export interface Published {
  /** False when somebody else writes to the store all the time: the ledger keeps them for the next run. */
  readonly isPublished: boolean;
  /** Held back, because their judge has not scored the anchor sessions as the one before. */
  readonly held: number;
}

/** Brings verdicts of the ledger that the table may lack into the table; doing so twice changes nothing. */
export async function publishKept(
  ledger: PublishTo,
  publish: (rows: readonly VerdictRow[]) => Promise<boolean>,
  anchors: AnchorSet = noAnchors,
): Promise<Published> {
  const waiting = ledger.unpublished().map((verdict) => ({ ...verdict, standing: standing(verdict.row, anchors) }));
  const held = waiting.filter((each) => each.standing === 'unmeasured' || each.standing === 'blocked').length;
  const fine = waiting.filter((each) => each.standing === 'fine');
  if (fine.length === 0) return { isPublished: true, held };
  if (!(await publish(fine.map(({ row }) => row)))) return { isPublished: false, held };
  for (const { key, agent, sessionId } of fine) {
    await ledger.record({ type: 'published', key, agent, session_id: sessionId });
  }
  return { isPublished: true, held };
}
