-- Retry loops that began in a window, the longest first.
-- grain: one row per loop
-- key: last_event_id
-- reads: sessions, retry_loops
-- parameters: since, until, anchor
-- columns:
--   last_event_id: identity of the last try's call
--   session_id: the agent's own session id
--   source_line: line of the last try in its transcript
--   project: last part of the source's first working directory
--   tool_name: tool as written
--   what: the command line of the last try, else the name of its file, else what all tries have in common
--   attempts: number of tries
--   failures: tries that failed
--   span_s: first try to last, seconds
--   ended_in_success: the last try did what it was called for
with all_sessions as (from sessions),
loops as (from retry_loops),
-- By activity the time of the loop decides alone; only by start do the sessions have to be known.
started as (
  select agent, session_id from all_sessions where anchor = 'start' and in_window(started_at, since, until)
)
select
  last_event_id,
  session_id,
  last_source_line as source_line,
  project,
  tool_name,
  coalesce(command, regexp_extract(file_path, '[^/\\]+$'), signature) as what,
  attempts,
  failures,
  span_s,
  ended_in_success
from loops
where
  in_window(started_at, since, until)
  and case when anchor = 'start' then (agent, session_id) in (from started) else true end
order by span_s desc nulls last, failures desc, last_event_id
limit 5
