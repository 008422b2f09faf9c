import type { TokenCounts, UsageFields } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { countField, objectField, type Flags } from '../shared/fields.ts';
import type { Message } from './replay.ts';

/** What one request used (formats.md 3.6); null when no version of the message says. */
export function usageFields(flags: Flags, message: Message, model: string | null): UsageFields | null {
  const tokens = objectField(flags, message.tokens);
  if (tokens === null) return null;
  return {
    ...tokenCounts(flags, tokens),
    grain: 'response',
    responses: 1,
    model,
    responseId: message.hasOwnId ? message.id : null,
    requestId: null,
    recordedCostUsdMicros: null,
    speed: null,
  };
}

interface Counters {
  readonly input: number | null;
  readonly output: number | null;
  readonly cached: number | null;
  readonly thoughts: number | null;
  readonly tool: number | null;
  readonly total: number | null;
}

/** `cached` is part of `input`; `thoughts` are billed as output beside it, and `tool` as input beside it. */
function tokenCounts(flags: Flags, tokens: JsonObject): TokenCounts {
  const counters = countersOf(flags, tokens);
  const { output, cached, thoughts, tool } = counters;
  const isSaid = saysAnything(counters);
  return {
    inputTokens: isSaid ? together(uncached(counters), tool) : null,
    outputTokens: isSaid ? together(output, thoughts) : null,
    cacheReadTokens: isSaid ? cached : null,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    reasoningTokens: isSaid ? thoughts : null,
  };
}

function countersOf(flags: Flags, tokens: JsonObject): Counters {
  const count = (name: string): number | null => countField(flags, tokens[name]);
  return {
    input: count('input'),
    output: count('output'),
    cached: count('cached'),
    thoughts: count('thoughts'),
    tool: count('tool'),
    total: count('total'),
  };
}

/** The program writes 0 for whatever the service did not say, and no request is sent without a prompt. */
function saysAnything({ input, output, cached, thoughts, tool }: Counters): boolean {
  return [input, output, cached, thoughts, tool].some((count) => count !== null && count > 0);
}

/** Some writers count the cached part beside the input: then the total holds it too. */
function uncached({ input, output, cached, thoughts, tool, total }: Counters): number | null {
  if (input === null || cached === null || cached === 0) return input;
  const others = input + (output ?? 0) + (thoughts ?? 0) + (tool ?? 0);
  return cached > input || total === others + cached ? input : input - cached;
}

/** A counter with the one beside it; what is not known stays so, and is never 0. */
function together(count: number | null, beside: number | null): number | null {
  if (count !== null) return count + (beside ?? 0);
  return beside === null || beside === 0 ? null : beside;
}
