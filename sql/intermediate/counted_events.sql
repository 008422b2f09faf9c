-- The events without the usage that is told twice. Some agents tell the usage of a session at more than one grain: each
-- response, and sums of them. Per session the grain that tells most output counts, the finest one when they agree.
-- grain: one row per event
-- key: event_id
-- reads: staging.events
-- columns: as staging.events
with events as not materialized (from staging.events),
summed as (
  select distinct agent, session_id
  from events
  where kind = 'usage' and usage_grain in ('output', 'process', 'session')
),
told as (
  select
    events.agent,
    events.session_id,
    usage_level(events.usage_grain) as level,
    coalesce(sum(events.output_tokens), 0) as output_tokens
  from events
  semi join summed on summed.agent = events.agent and summed.session_id = events.session_id
  where events.kind = 'usage'
  group by all
),
counted as (
  select agent, session_id, arg_max(level, (output_tokens, level)) as level
  from told
  group by agent, session_id
),
left_out as (
  select told.agent, told.session_id, told.level
  from told
  join counted on counted.agent = told.agent and counted.session_id = told.session_id
  where told.level <> counted.level
)
select events.*
from events
anti join left_out
  on events.kind = 'usage'
  and left_out.agent = events.agent
  and left_out.session_id = events.session_id
  and left_out.level = usage_level(events.usage_grain)
