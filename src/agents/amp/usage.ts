import type { AgentEvent, TokenCounts } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { meta, unknown, usage } from '../shared/events.ts';
import { countField, objectField, textField, type Flags } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import type { Ledger } from './ledger.ts';
import { placeOf, type Thread } from './thread.ts';

/** What a response used, as its message tells it, else as the ledger does. */
export function messageUsage(place: Place, message: JsonObject, ledger: Ledger): AgentEvent[] {
  const messageId = textField([], message['messageId']) ?? countField([], message['messageId']);
  const written = objectField(place.flags, message['usage']);
  const model = written === null ? null : textField(place.flags, written['model']);
  const counts = written === null ? null : countsOf(place.flags, written, model);
  const entry = messageId === null ? null : ledger.take(String(messageId), model, counts !== null);
  const known = counts ?? entry?.counts ?? null;
  if (known === null) return [];
  const ledgerTs = counts === null ? (entry?.ts ?? null) : null;
  const own = ledgerTs === null ? place : { ...place, ts: ledgerTs, tsSource: 'event' as const };
  return [usageEvent(own, `usage:${place.key}`, model ?? entry?.model ?? null, known)];
}

/** What the ledger tells beside the messages. */
export function ledgerEvents(thread: Thread, ledger: Ledger): AgentEvent[] {
  return ledger.rest().map((entry) => {
    const flags = [...thread.record.flags, ...entry.flags];
    const key = thread.occurrences.next(`${thread.sessionId}:ledger:${entry.id}`);
    const place = placeOf(thread, key, 'usageLedger', entry.ts, flags);
    if (!isObject(entry.written)) return unknown(place, 0, entry.written);
    return entry.counts === null
      ? meta(place, 'internal', 0, null)
      : usageEvent(place, `usage:${key}`, entry.model, entry.counts);
  });
}

function usageEvent(place: Place, key: string, model: string | null, counts: TokenCounts): AgentEvent {
  return usage(place, key, {
    ...counts,
    grain: 'response',
    responses: 1,
    model,
    responseId: null,
    requestId: null,
    recordedCostUsdMicros: null,
    speed: null,
  });
}

/** Null when the message counts nothing. `maxInputTokens` and `thinkingBudget` are limits, `totalInputTokens` is a sum. */
function countsOf(flags: Flags, written: JsonObject, model: string | null): TokenCounts | null {
  const input = countField(flags, written['inputTokens']);
  const output = countField(flags, written['outputTokens']);
  const cacheRead = countField(flags, written['cacheReadInputTokens']);
  const cacheWrite = countField(flags, written['cacheCreationInputTokens']);
  if (input === null && output === null && cacheRead === null && cacheWrite === null) return null;
  const isInput = isWithoutCacheWrites(model);
  return {
    inputTokens: isInput && cacheWrite !== null ? (input ?? 0) + cacheWrite : input,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: isInput ? null : cacheWrite,
    cacheWrite1hTokens: null,
    reasoningTokens: null,
  };
}

/** OpenAI bills no cache writes: for its models the uncached prompt is reported as cache creation (formats.md 8.5). */
function isWithoutCacheWrites(model: string | null): boolean {
  return model !== null && /(?:^|\/)gpt-/.test(model);
}
