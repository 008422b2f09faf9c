import type { AgentEvent, TokenCounts, UsageFields } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { system, usage } from '../shared/events.ts';
import { countField, flagOnce, numberField, textField, type Flags } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { contentKey, placeOf, secondsMoment, textMoment } from './locate.ts';
import type { Source } from './source.ts';
import { LEDGER_TABLE } from './store.ts';

/** What was used before there was a ledger, as one row. */
const CARRIED_FORWARD = 'carried_forward';

/** A row of the ledger: one request to the model. */
export function requestEvents(record: SourceRecord, row: JsonObject, source: Source): readonly AgentEvent[] {
  const flags = [...record.flags];
  // Requests are told by themselves: the session's sums repeat them.
  source.total = null;
  const { id } = row;
  const numbered = typeof id === 'number' || (typeof id === 'string' && id !== '');
  const key = numbered ? `ledger:${source.sessionId}:${id}` : contentKey(LEDGER_TABLE, row, source);
  if (!numbered) flagOnce(flags, 'no_response_id');
  const ts = secondsMoment(flags, row['created_timestamp']);
  const place = placeOf(record, flags, source, { key, recordType: LEDGER_TABLE, ts });
  const carried = row['cost_source'] === CARRIED_FORWARD;
  const written = textField(flags, row['model']);
  if (written === null && !carried && source.model !== null) flagOnce(flags, 'assumed_model');
  const events = [
    usage(place, `usage:${key}`, {
      ...fieldsOf(tokensOf(flags, row, ''), costOf(flags, row['cost'])),
      grain: 'response',
      responses: carried ? null : 1,
      model: written ?? (carried ? null : source.model),
    }),
  ];
  if (row['is_compaction'] === 1 || row['is_compaction'] === true) {
    events.push(system(place, 'compaction', null, { subtype: 'compaction', durationS: null }));
  }
  return events;
}

/** The sums of a session; without `accumulated_` the columns are those of the last request alone. */
export function noteTotal(place: Place, written: JsonObject, source: Source): void {
  const tokens = tokensOf(place.flags, written, 'accumulated_');
  const recordedCostUsdMicros = costOf(place.flags, written['accumulated_cost']);
  const nothing = Object.values(tokens).every((count) => count === null || count === 0);
  if (nothing && recordedCostUsdMicros === null) return;
  source.total = { place, ts: textMoment(place.flags, written['updated_at']), tokens, recordedCostUsdMicros };
}

/** The sums of a session of which no request is told, at the time of its last change. */
export function* closeTotal({ total, model, lastTs, sessionId }: Source): Generator<AgentEvent> {
  if (total === null) return;
  const flags = [...total.place.flags];
  if (model !== null) flagOnce(flags, 'assumed_model');
  const ts = total.ts ?? lastTs;
  const tsSource = total.ts === null ? (ts === null ? null : 'neighbour') : 'event';
  const place: Place = { ...total.place, flags, ts, tsSource };
  yield usage(place, `usage:session:${sessionId}`, {
    ...fieldsOf(total.tokens, total.recordedCostUsdMicros),
    grain: 'session',
    responses: null,
    model,
  });
}

function fieldsOf(
  tokens: TokenCounts,
  recordedCostUsdMicros: number | null,
): Omit<UsageFields, 'grain' | 'responses' | 'model'> {
  return { ...tokens, responseId: null, requestId: null, recordedCostUsdMicros, speed: null };
}

function tokensOf(flags: Flags, written: JsonObject, prefix: string): TokenCounts {
  const count = (name: string): number | null => countField(flags, written[`${prefix}${name}_tokens`]);
  const [input, output, total] = [count('input'), count('output'), count('total')];
  const [cacheRead, cacheWrite] = [count('cache_read'), count('cache_write')];
  return {
    inputTokens: uncached({ input, output, total, cached: (cacheRead ?? 0) + (cacheWrite ?? 0) }),
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    cacheWrite1hTokens: null,
    reasoningTokens: null,
  };
}

interface InputFacts {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly cached: number;
}

/**
 * Whether the input holds what was read from the cache depends on the provider (formats.md 8.8): it does not where the total is the
 * sum of all four, or where the cached part is larger.
 */
function uncached({ input, output, total, cached }: InputFacts): number | null {
  if (input === null || cached > input) return input;
  return total !== null && total === input + (output ?? 0) + cached ? input : input - cached;
}

/** Dollars as millionths; 0 stands for a model whose price the agent does not know. */
function costOf(flags: Flags, written: JsonObject[string]): number | null {
  const dollars = numberField(flags, written);
  return dollars === null || dollars <= 0 ? null : Math.round(dollars * 1_000_000);
}
