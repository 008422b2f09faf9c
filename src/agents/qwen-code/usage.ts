import type { TokenCounts, UsageFields } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { countField, objectField, textField, type Flags } from '../shared/fields.ts';

/** What one response used; null when its line does not say. Telemetry repeats it and is never added. */
export function usageFields(flags: Flags, line: JsonObject, responseId: string): UsageFields | null {
  const tokens = objectField(flags, line['usageMetadata']);
  if (tokens === null) return null;
  return {
    ...tokenCounts(flags, tokens),
    grain: 'response',
    responses: 1,
    model: textField(flags, line['model']),
    responseId,
    requestId: null,
    recordedCostUsdMicros: null,
    speed: null,
  };
}

function tokenCounts(flags: Flags, tokens: JsonObject): TokenCounts {
  const count = (name: string): number | null => countField(flags, tokens[name]);
  const prompt = count('promptTokenCount');
  const candidates = count('candidatesTokenCount');
  const thoughts = count('thoughtsTokenCount');
  const cached = count('cachedContentTokenCount');
  // 0 stands for whatever a back end did not say, and no request is sent without a prompt.
  const isSaid = [prompt, candidates, thoughts, cached].some((number) => number !== null && number > 0);
  const additive = isAdditive({ prompt, candidates, thoughts, total: count('totalTokenCount') });
  return {
    inputTokens: isSaid ? uncached(prompt, cached) : null,
    outputTokens: isSaid ? (additive ? (candidates ?? 0) + (thoughts ?? 0) : candidates) : null,
    cacheReadTokens: isSaid ? cached : null,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    reasoningTokens: isSaid ? thoughts : null,
  };
}

/** The cached part is in the prompt, unless it is larger. */
function uncached(prompt: number | null, cached: number | null): number | null {
  if (prompt === null || cached === null) return prompt;
  return cached > prompt ? prompt : prompt - cached;
}

interface Counted {
  readonly prompt: number | null;
  readonly candidates: number | null;
  readonly thoughts: number | null;
  readonly total: number | null;
}

/**
 * Whether thoughts stand beside the candidates or are a part of them depends on the back end, and only the total shows it
 * (formats.md 8.4). Without one, a part: most back ends are of that kind.
 */
function isAdditive({ prompt, candidates, thoughts, total }: Counted): boolean {
  if (thoughts === null || thoughts === 0) return false;
  return thoughts > (candidates ?? 0) || total === (prompt ?? 0) + (candidates ?? 0) + thoughts;
}
