-- Calls and results that only repeat an earlier event of their session: history that was rewritten with new ids.
-- grain: one row per superfluous event
-- key: event_id
-- reads: staging.events
-- kept: calls and results are both held against it
-- columns:
--   event_id: identity of the event that repeats another
--   kind: tool_call or tool_result
with events as not materialized (from staging.events),
named as not materialized (
  select
    event_id,
    agent,
    session_id,
    thread_id,
    kind,
    call_id,
    ts,
    seq,
    source_id,
    hash(agent, session_id, kind, call_id) as name
  from events
  where kind in ('tool_call', 'tool_result') and call_id is not null
),
-- Few calls are repeated, so only those are put in order; hashes are quick to count and equal names have equal ones.
repeated as (select name from named group by name having count(*) > 1),
ranked as (
  select
    event_id,
    kind,
    row_number() over (
      partition by agent, session_id, kind, call_id order by event_order(thread_id, ts, seq, source_id), event_id
    ) as copy
  from named
  semi join repeated using (name)
)
select event_id, kind from ranked where copy > 1
