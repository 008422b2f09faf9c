import type { AgentEvent, TokenCounts } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { meta, unknown, usage } from '../shared/events.ts';
import { countField, objectField, textField, type Flags } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { momentField, placeOf } from './locate.ts';
import type { Source } from './source.ts';

const RECORD_TYPE = 'settings';

/**
 * The settings beside a session hold the sum of all its responses (formats.md 8.6). The file is rewritten while the session runs, and
 * the key names the session: the largest counts of all its copies are the last ones.
 */
export function settingsEvents(record: SourceRecord, source: Source): AgentEvent[] {
  const { value } = record;
  if (!isObject(value)) return [unknown(placeOf(record, { value }, RECORD_TYPE, source), 0, value)];
  const place = withLockTime(placeOf(record, value, RECORD_TYPE, source), value);
  const counts = countsOf(place.flags, objectField(place.flags, value['tokenUsage']));
  if (counts === null) return [meta(place, 'internal', 0, null)];
  return [usageEvent(place, counts, textField(place.flags, value['model']))];
}

/** The session's first request is the only time in the file: near the usage, but not the time of it. */
function withLockTime(place: Place, value: JsonObject): Place {
  const ts = momentField(place.flags, value['providerLockTimestamp']);
  return { ...place, key: `settings:${place.sessionId}`, ts, tsSource: ts === null ? null : 'neighbour' };
}

function usageEvent(place: Place, counts: TokenCounts, model: string | null): AgentEvent {
  return usage(place, `usage:${place.sessionId}`, {
    ...counts,
    grain: 'session',
    responses: null,
    model,
    responseId: null,
    requestId: null,
    recordedCostUsdMicros: null,
    speed: null,
  });
}

/** Null when the session has used nothing yet. Thinking is counted apart and billed as output. */
function countsOf(flags: Flags, written: JsonObject | null): TokenCounts | null {
  if (written === null) return null;
  const output = countField(flags, written['outputTokens']);
  const thinking = countField(flags, written['thinkingTokens']);
  const counts = {
    inputTokens: countField(flags, written['inputTokens']),
    outputTokens: output === null && thinking === null ? null : (output ?? 0) + (thinking ?? 0),
    cacheReadTokens: countField(flags, written['cacheReadTokens']),
    cacheWrite5mTokens: countField(flags, written['cacheCreationTokens']),
    cacheWrite1hTokens: null,
    reasoningTokens: thinking,
  };
  const nothing = Object.values(counts).every((count) => count === null || count === 0);
  return nothing ? null : counts;
}
