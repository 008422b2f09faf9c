-- Usage that is told twice. Some agents tell the usage of a session at more than one grain: each response, and sums of
-- them. Per session the grain that tells most output counts, the finest one when they agree. A response whose output
-- alone is known counts only after the session's last sum, which holds what came before.
-- grain: one row per session and grain that is left out
-- key: agent, session_id, grain
-- reads: staging.events
-- stored: a few rows, and every sum over usage asks for them
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   grain: response, output, process, session
--   left_until: usage of this grain up to then is left out; null for all
with events as not materialized (from staging.events),
summed as (
  select agent, session_id, max(ts) filter (usage_grain = 'process') as summed_at
  from events
  where kind = 'usage' and usage_grain in ('output', 'process', 'session')
  group by agent, session_id
),
told as (
  select
    events.agent,
    events.session_id,
    coalesce(events.usage_grain, 'response') as grain,
    usage_level(events.usage_grain) as level,
    events.output_tokens,
    summed.summed_at,
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
)
select distinct
  told.agent,
  told.session_id,
  told.grain,
  case when told.level = counted.level then told.summed_at end as left_until
from told
join counted on counted.agent = told.agent and counted.session_id = told.session_id
where told.level <> counted.level or told.in_a_sum
