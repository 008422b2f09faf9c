-- Retry loops that began in a window, the longest first.
-- grain: one row per loop
-- key: agent, session_id, thread_id, started_at, signature
-- reads: sessions_in, retry_loops
-- parameters: since, until, anchor
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   project: last part of the first working directory
--   tool_name: tool as written
--   signature: the call with paths, numbers and ids replaced
--   what: the command line, else the signature
--   attempts: number of tries
--   failures: tries that failed
--   started_at: first try
--   span_s: first try to last, seconds
--   ended_in_success: the last try worked
with sessions as (from sessions_in(since, until, anchor)),
loops as (from retry_loops)
select
  loops.agent,
  loops.session_id,
  loops.thread_id,
  sessions.project,
  loops.tool_name,
  loops.signature,
  coalesce(loops.command, loops.signature) as what,
  loops.attempts,
  loops.failures,
  loops.started_at,
  loops.span_s,
  loops.ended_in_success
from loops
join sessions on sessions.agent = loops.agent and sessions.session_id = loops.session_id
where in_window(loops.started_at, since, until)
order by
  loops.span_s desc nulls last,
  loops.failures desc,
  loops.started_at,
  loops.agent,
  loops.session_id,
  loops.thread_id,
  loops.signature
limit 5
