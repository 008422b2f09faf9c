-- Moments at which a person stopped the agent: refused calls, interrupted calls and interrupted turns. One key press
-- leaves several marks (each of parallel calls, each sub-agent, the turn), so marks close together are one stop,
-- shown by the first of them, a call before a turn.
-- grain: one row per stop
-- key: event_id
-- reads: staging.events, seeds.thresholds
-- columns:
--   event_id: identity of the call's result, or of the interrupt
with events as not materialized (from staging.events),
limits as (select value as same_moment_s from seeds.thresholds where name = 'same_moment_s'),
marks as (
  select event_id, agent, session_id, ts, 1 as rank
  from events
  where kind = 'tool_result' and outcome in ('rejected', 'interrupted')
  union all
  select event_id, agent, session_id, ts, 2 as rank
  from events
  where kind = 'interrupt'
),
spaced as (
  select
    *,
    coalesce(
      epoch_us(ts) - epoch_us(lag(ts) over (partition by agent, session_id order by ts, rank, event_id))
      <= same_moment_s * 1000000,
      false
    ) as follows
  from marks
  cross join limits
),
numbered as (
  select
    *,
    count(*) filter (not follows) over (
      partition by agent, session_id order by ts, rank, event_id rows between unbounded preceding and current row
    ) as stop
  from spaced
)
select arg_min(event_id, (rank, epoch_us(ts), event_id)) as event_id
from numbered
group by agent, session_id, stop
