import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import { usage } from '../shared/events.ts';
import { countField, flagOnce, numberField, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

/** What the answer used; null when its message does not say (formats.md 4.2: since December 2025). */
export function usageEvent(place: Place, value: JsonObject, metadata: JsonObject, source: Source): AgentEvent | null {
  const flags = [...place.flags];
  const counters = countersOf(flags, metadata);
  const cost = numberField(flags, metadata['cost']);
  if ((cost ?? 0) === 0 && Object.values(counters).every((count) => count === null)) return null;
  flagOnce(flags, 'no_response_id');
  const fields = {
    ...counters,
    cacheWrite1hTokens: null,
    grain: 'response',
    responses: 1,
    model: textField(flags, metadata['model']) ?? asText(metadata['resolved_model']),
    responseId: null,
    requestId: null,
    // 0 is what gptme writes for a model whose price it does not know.
    recordedCostUsdMicros: cost === null || cost <= 0 ? null : Math.round(cost * 1_000_000),
    speed: null,
  } as const;
  const told = [value['timestamp'] ?? null, fields.model, canonical(counters), cost];
  return usage({ ...place, flags }, keyOf(place, value, canonical(told), source), fields);
}

/** An edited answer keeps its time and its usage, so the text is left out: edited or not, it was one response. */
function keyOf(place: Place, value: JsonObject, told: string, source: Source): string {
  const identity = asText(value['timestamp']) === null ? `${place.key}\n${told}` : told;
  return source.occurrences.next(`usage:${digest(identity)}`);
}

/** Nested under `usage`, and before March 2026 beside the model. */
function countersOf(flags: Flags, metadata: JsonObject): Readonly<Record<CounterName, number | null>> {
  const nested = metadata['usage'];
  const written = isObject(nested) ? nested : metadata;
  return {
    inputTokens: countField(flags, written['input_tokens']),
    outputTokens: countField(flags, written['output_tokens']),
    cacheReadTokens: countField(flags, written['cache_read_tokens']),
    cacheWrite5mTokens: countField(flags, written['cache_creation_tokens']),
    reasoningTokens: countField(flags, written['reasoning_tokens']),
  };
}

type CounterName = 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWrite5mTokens' | 'reasoningTokens';
