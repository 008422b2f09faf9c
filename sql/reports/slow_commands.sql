-- The commands of a window that ran longest.
-- grain: one row per run of a command
-- key: run_id
-- reads: sessions_in, command_runs
-- parameters: since, until, anchor
-- columns:
--   run_id: identity of the run
--   session_id: the agent's own session id
--   source_line: its line in the transcript
--   project: last part of the source's first working directory
--   command: shell command line, bounded
--   duration_s: seconds that it ran
--   outcome: how it ended
with sessions as (from sessions_in(since, until, anchor)),
runs as (from command_runs),
-- By activity the time of the run decides alone; only by start do the sessions have to be known.
started as (select agent, session_id from sessions where anchor = 'start')
select run_id, session_id, source_line, project, command, duration_s, outcome
from runs
where
  in_window(started_at, since, until)
  and case when anchor = 'start' then (agent, session_id) in (from started) else true end
  and duration_s > 0
  and command is not null
order by duration_s desc, run_id
limit 5
