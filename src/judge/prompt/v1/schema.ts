import type { JsonObject } from '../../../core/json.ts';

const text = (maxLength: number, description: string): JsonObject => ({ type: 'string', maxLength, description });
const choice = (...values: readonly string[]): JsonObject => ({ type: 'string', enum: values });
const object = (properties: JsonObject): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});
const list = (maxItems: number, items: JsonObject): JsonObject => ({ type: 'array', maxItems, items });

const event = text(12, 'number of the event, such as E12');
const quote = text(300, 'copied exactly from that event, 12 to 300 characters');

/** What an answer must look like; the order of the fields makes reasons follow facts. `verdict/answer.ts` holds answers to the same. */
export const schema: JsonObject = object({
  requirements: list(
    12,
    object({
      id: text(12, 'R1, R2, ...'),
      text: text(200, 'what the user asked for'),
      source_event: event,
      status: choice('met', 'partial', 'unmet', 'withdrawn', 'unclear'),
      evidence: list(8, object({ event, quote, kind: choice('tool_result', 'user', 'diff', 'claim') })),
    }),
  ),
  checks_after_last_change: list(6, object({ event, quote, result: choice('pass', 'fail', 'none') })),
  side_effects: list(4, object({ event, quote, severity: choice('none', 'minor', 'harmful') })),
  divergence: choice('on_track', 'partial', 'pivot', 'off_target'),
  blocker: choice('none', 'environment', 'permission', 'missing_information', 'user_stopped', 'model_limit'),
  user_satisfaction: choice('accepted', 'corrected', 'rejected', 'silent'),
  outcome: choice('done', 'not_done', 'blocked'),
  proposed_score: { type: ['integer', 'null'], enum: [1, 2, 3, 4, 5, null] },
  null_reason: { type: ['string', 'null'], enum: ['no_goal', 'too_little', 'unreadable', 'refused', null] },
  confidence: choice('low', 'medium', 'high'),
  rationale: text(600, 'refers to requirement ids only'),
});
