-- Calls and results that only repeat an earlier event of their session: history that was rewritten with new ids.
-- grain: one row per superfluous event
-- key: event_id
-- reads: staging.events
-- columns:
--   event_id: identity of the event that repeats another
with events as (from staging.events),
named as (
  select event_id, agent, session_id, kind, call_id, event_order(thread_id, ts, seq, source_id) as place
  from events
  where kind in ('tool_call', 'tool_result') and call_id is not null
),
-- Few calls are repeated, so only those are put in order.
repeated as (
  select agent, session_id, kind, call_id
  from named
  group by agent, session_id, kind, call_id
  having count(*) > 1
),
ranked as (
  select
    event_id,
    row_number() over (partition by agent, session_id, kind, call_id order by place, event_id) as copy
  from named
  semi join repeated using (agent, session_id, kind, call_id)
)
select event_id from ranked where copy > 1
