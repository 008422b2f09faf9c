import type { DuckDBConnection } from '@duckdb/node-api';
import type { TokenCounts, UsageGrain } from '../core/event.ts';
import { readSourceId, type SourceId } from '../core/ids.ts';
import { asNumber, asText, type Json } from '../core/json.ts';
import { parquet } from './duck.ts';
import { scalar } from './scalar.ts';
import { findSharedIds } from './shared-ids.ts';

/** A response whose copies disagree about its counters: the largest of each, still without a price. */
interface MergedUsage extends TokenCounts {
  readonly model: string | null;
  readonly speed: string | null;
  readonly grain: UsageGrain;
  readonly responses: number | null;
  readonly agent: string;
  readonly tsMicros: number | null;
}

export type Reprice = (usage: MergedUsage) => { readonly micros: number | null; readonly source: string | null };

export interface Deduplication {
  readonly duplicates: number;
  /** The tables `losers` and `patches` have rows. */
  readonly hasPatches: boolean;
  /** Groups of sources that share events. */
  readonly sharing: readonly (readonly SourceId[])[];
}

const counters = [
  'response_count',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'reasoning_tokens',
] as const;

/**
 * Decides among the copies of each event. Leaves the temporary tables `losers` (source_id, seq) and `patches` (usage counters of
 * winners whose copies count more) behind for the writer.
 *
 * The winner is the copy that does not call itself a copy; then the one of the source that was born first, a source's birth being
 * its first event that no other session has (its last event when it has none: history that was resumed elsewhere ends before the
 * resumed session's own work begins); then names and lengths decide. All of that is in the staged rows: no order of arrival can change it.
 */
export async function deduplicate(
  connection: DuckDBConnection,
  stageFiles: readonly string[],
  reprice: Reprice,
): Promise<Deduplication> {
  await connection.run(`create or replace table losers (source_id varchar, seq integer)`);
  if (stageFiles.length === 0) return { duplicates: 0, hasPatches: false, sharing: [] };
  const stage = parquet(stageFiles);
  if (!(await findSharedIds(connection, stage))) {
    return { duplicates: 0, hasPatches: false, sharing: [] };
  }
  await connection.run(`
    create or replace table shared as
    select event_id, source_id, seq, agent, session_id, copied, kind, ts, model, speed, usage_grain, request_id, ${counters.join(', ')}
    from ${stage} where event_id in (from shared_ids)`);
  await connection.run(`
    create or replace table births as
    with foreign_ids as (select event_id from shared group by event_id having count(distinct (agent, session_id)) > 1),
    rows as (
      select source_id, ts, event_id in (from foreign_ids) as is_foreign
      from ${stage} where ts_source = 'event' and source_id in (select source_id from shared))
    select source_id, coalesce(min(ts) filter (where not is_foreign), max(ts)) as birth from rows group by source_id`);
  await connection.run(`
    create or replace table ranked as
    with lengths as (select source_id, count(*) as rows from ${stage} group by source_id)
    select shared.*,
      row_number() over (
        partition by event_id
        order by copied, birth nulls last, session_id, lengths.rows desc, source_id, seq
      ) as place
    from shared left join births using (source_id) left join lengths using (source_id)`);
  await connection.run('insert into losers select source_id, seq from ranked where place > 1');
  const hasPatches = await patchUsage(connection, reprice);
  return {
    duplicates: await scalar(connection, 'select count(*) from losers'),
    hasPatches,
    sharing: await sharingSources(connection),
  };
}

/** What the largest total leaves beside the one-hour part: a copy without the line that splits the total has all of it here. */
const fiveMinuteWrites = `case when count(c.cache_write_5m_tokens) > 0 then greatest(0,
  max(coalesce(c.cache_write_5m_tokens, 0) + coalesce(c.cache_write_1h_tokens, 0)) - coalesce(max(c.cache_write_1h_tokens), 0)) end`;

/** Copies with the winner's request may hold more of the same counters (a copy was made while the answer was streaming). */
async function patchUsage(connection: DuckDBConnection, reprice: Reprice): Promise<boolean> {
  const largest = counters
    .map((counter) => `${counter === 'cache_write_5m_tokens' ? fiveMinuteWrites : `max(c.${counter})`} as ${counter}`)
    .join(', ');
  const differs = counters.map((counter) => `w.${counter} is distinct from m.${counter}`).join(' or ');
  await connection.run(`
    create or replace table merged as
    with winners as (from ranked where place = 1 and kind = 'usage'),
    largest as (
      select w.event_id, ${largest}
      from winners w join ranked c on c.event_id = w.event_id and c.request_id is not distinct from w.request_id
      group by w.event_id)
    select w.source_id, w.seq, w.agent, w.model, w.speed, w.usage_grain, epoch_us(w.ts) as ts_us, m.* exclude (event_id)
    from winners w join largest m using (event_id) where ${differs}`);
  const rows = await connection.runAndReadAll('select * from merged order by source_id, seq');
  await connection.run(`
    create or replace table patches as
    select source_id, seq, ${counters.join(', ')}, null::bigint as cost_usd_micros, null::varchar as price_source from merged`);
  for (const row of rows.getRowObjectsJson()) {
    const price = reprice(mergedUsage(row));
    await connection.run(
      'update patches set cost_usd_micros = $1::bigint, price_source = $2 where source_id = $3 and seq = $4::integer',
      [price.micros, price.source, text(row['source_id']), asNumber(row['seq'])],
    );
  }
  return rows.currentRowCount > 0;
}

function mergedUsage(row: Readonly<Record<string, Json>>): MergedUsage {
  return {
    agent: text(row['agent']),
    model: asText(row['model']),
    speed: asText(row['speed']),
    grain: grainOf(row['usage_grain']),
    responses: asNumber(row['response_count']),
    tsMicros: asNumber(row['ts_us']),
    inputTokens: asNumber(row['input_tokens']),
    outputTokens: asNumber(row['output_tokens']),
    cacheReadTokens: asNumber(row['cache_read_tokens']),
    cacheWrite5mTokens: asNumber(row['cache_write_5m_tokens']),
    cacheWrite1hTokens: asNumber(row['cache_write_1h_tokens']),
    reasoningTokens: asNumber(row['reasoning_tokens']),
  };
}

function grainOf(value: Json | undefined): UsageGrain {
  return value === 'output' || value === 'process' || value === 'session' ? value : 'response';
}

async function sharingSources(connection: DuckDBConnection): Promise<SourceId[][]> {
  const groups = await connection.runAndReadAll(`
    select distinct list_sort(list(distinct source_id)) as sources from shared
    group by event_id having count(distinct source_id) > 1`);
  return groups.getColumnsJson()[0]?.map(sourceIds) ?? [];
}

function sourceIds(value: Json): SourceId[] {
  return Array.isArray(value) ? value.map((item: Json) => readSourceId(text(item))) : [];
}

function text(value: Json | undefined): string {
  return asText(value) ?? '';
}
