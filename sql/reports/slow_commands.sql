-- The commands of a window that worked longest: those of measured durations first, since the time from call to result
-- may be a person's and not the command's. What only waits on purpose is left out; the longest 100 are looked at.
-- grain: one row per run of a command
-- key: run_id
-- reads: sessions, command_runs
-- parameters: since, until, anchor
-- columns:
--   run_id: identity of the run
--   session_id: the agent's own session id
--   source_line: its line in the transcript
--   project: last part of the source's first working directory
--   command: shell command line, bounded
--   duration_s: seconds that it ran, without those that it slept on purpose
--   outcome: how it ended
--   measured: its reports or the agent tell the duration, or it ran into its time limit; else it is the time from call
--     to result, which includes waiting for a person
with all_sessions as (from sessions),
runs as (from command_runs),
-- By activity the time of the run decides alone; only by start do the sessions have to be known.
started as (
  select agent, session_id from all_sessions where anchor = 'start' and in_window(started_at, since, until)
),
-- Found before the commands are looked at, for speed.
longest as materialized (
  select
    run_id,
    session_id,
    source_line,
    project,
    command,
    duration_s,
    outcome,
    duration_source <> 'call_to_result' or outcome = 'timeout' as measured
  from runs
  where
    in_window(started_at, since, until)
    and case when anchor = 'start' then (agent, session_id) in (from started) else true end
    and duration_s > 0
    and command is not null
  qualify row_number() over (order by measured desc, duration_s desc, run_id) <= 100
),
working as (
  select * replace (duration_s - slept_s(command) as duration_s)
  from longest
  where not waits_on_purpose(command)
)
select run_id, session_id, source_line, project, command, duration_s, outcome, measured
from working
where duration_s > 0
order by measured desc, duration_s desc, run_id
limit 5
