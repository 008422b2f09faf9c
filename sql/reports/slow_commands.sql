-- The commands of a window that ran longest.
-- grain: one row per command run
-- key: agent, session_id, call_id, started_at
-- reads: sessions_in, command_runs
-- parameters: since, until, anchor
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   call_id: the tool call that ran the command
--   project: last part of the first working directory
--   command: shell command line, bounded
--   started_at: when the command began
--   duration_s: how long it ran, seconds
--   outcome: how it ended
with sessions as (from sessions_in(since, until, anchor)),
runs as (from command_runs)
select
  runs.agent,
  runs.session_id,
  runs.call_id,
  sessions.project,
  runs.command,
  runs.started_at,
  runs.duration_s,
  runs.outcome
from runs
join sessions on sessions.agent = runs.agent and sessions.session_id = runs.session_id
where in_window(runs.started_at, since, until) and runs.duration_s > 0 and runs.command is not null
order by runs.duration_s desc, runs.started_at, runs.agent, runs.session_id, runs.call_id
limit 5
