import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import { parsedAnswer } from './json-text.ts';

const Requirement = z.strictObject({
  id: z.string(),
  text: z.string(),
  source_event: z.string(),
  status: z.enum(['met', 'partial', 'unmet', 'withdrawn', 'unclear']),
  evidence: z
    .array(
      z.strictObject({ event: z.string(), quote: z.string(), kind: z.enum(['tool_result', 'user', 'diff', 'claim']) }),
    )
    .max(8),
});

/** The answer of a judge, as `prompt/v1/schema.ts` asks for it. Texts are cut to their lengths later, not refused for them. */
export const Answer = z
  .strictObject({
    requirements: z.array(Requirement).max(12),
    checks_after_last_change: z
      .array(z.strictObject({ event: z.string(), quote: z.string(), result: z.enum(['pass', 'fail', 'none']) }))
      .max(6),
    side_effects: z
      .array(z.strictObject({ event: z.string(), quote: z.string(), severity: z.enum(['none', 'minor', 'harmful']) }))
      .max(4),
    divergence: z.enum(['on_track', 'partial', 'pivot', 'off_target']),
    blocker: z.enum(['none', 'environment', 'permission', 'missing_information', 'user_stopped', 'model_limit']),
    user_satisfaction: z.enum(['accepted', 'corrected', 'rejected', 'silent']),
    outcome: z.enum(['done', 'not_done', 'blocked']),
    proposed_score: z.literal([1, 2, 3, 4, 5]).nullable(),
    null_reason: z.enum(['no_goal', 'too_little', 'unreadable', 'refused']).nullable(),
    confidence: z.enum(['low', 'medium', 'high']),
    rationale: z.string(),
  })
  .refine((answer) => (answer.proposed_score === null) === (answer.null_reason !== null), {
    message: 'null_reason must be given exactly when proposed_score is null',
    path: ['null_reason'],
  })
  .refine((answer) => answer.proposed_score === null || answer.requirements.length > 0, {
    message: 'a score needs at least one requirement',
    path: ['requirements'],
  });

export type Answer = z.infer<typeof Answer>;

export type ReadAnswer =
  { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'problem'; readonly problem: string };

/** Reads what a model wrote: JSON, or the last JSON object in a text. A problem is said as the model can use it. */
export function readAnswer(text: string): ReadAnswer {
  const json = parsedAnswer(text);
  if (json === null) return { kind: 'problem', problem: 'It holds no complete JSON object.' };
  return checkedShape(json);
}

function checkedShape(json: Json): ReadAnswer {
  const result = Answer.safeParse(json);
  if (result.success) return { kind: 'answer', answer: result.data };
  const issues = result.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const where = path.map(String).join('.').slice(0, 80);
    return `- ${where === '' ? 'answer' : where}: ${message.slice(0, 200)}`;
  });
  return { kind: 'problem', problem: `It does not fit the schema:\n${issues.join('\n')}` };
}

const MOST_ISSUES = 8;
