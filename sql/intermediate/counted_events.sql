-- The events without the usage that is told twice. Some agents tell the usage of a session at more than one grain: each
-- response, and sums of them. Per session the grain that tells most output counts, the finest one when they agree. A
-- response whose output alone is known counts only after the session's last sum, which holds what came before.
-- grain: one row per event
-- key: event_id
-- reads: staging.events
-- columns: as staging.events
with events as not materialized (from staging.events),
summed as (
  select agent, session_id, max(ts) filter (usage_grain = 'process') as summed_at
  from events
  where kind = 'usage' and usage_grain in ('output', 'process', 'session')
  group by agent, session_id
),
told as (
  select
    events.event_id,
    events.agent,
    events.session_id,
    events.output_tokens,
    usage_level(events.usage_grain) as level,
    coalesce(events.usage_grain = 'output' and events.ts <= summed.summed_at, false) as in_a_sum
  from events
  join summed on summed.agent = events.agent and summed.session_id = events.session_id
  where events.kind = 'usage'
),
levels as (
  select agent, session_id, level, coalesce(sum(output_tokens) filter (not in_a_sum), 0) as output_tokens
  from told
  group by all
),
counted as (
  select agent, session_id, arg_max(level, (output_tokens, level)) as level
  from levels
  group by agent, session_id
),
left_out as (
  select told.event_id
  from told
  join counted on counted.agent = told.agent and counted.session_id = told.session_id
  where told.in_a_sum or told.level <> counted.level
)
select events.*
from events
anti join left_out on events.kind = 'usage' and left_out.event_id = events.event_id
