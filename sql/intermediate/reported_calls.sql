-- Which shell call each run with progress reports belongs to. Reports name their call; those of a sub-agent's commands
-- name the call that started the sub-agent, and then the command is the one of another thread that was running at the
-- time: called before the run began, and answered right after its last report.
-- grain: one row per command run with a progress report whose shell call is known
-- key: event_id
-- reads: intermediate.progress_runs, intermediate.call_results, seeds.thresholds
-- columns:
--   event_id: identity of the run's first report
--   call_event_id: identity of the shell call
--   runs: number of runs that belong to the call
--   begun_at: when the command began
--   reported_at: time of the last report
--   elapsed_s: the largest number of seconds reported
--   updates: number of reports
--   run: place of the run among the runs of the call, from 1
--   reported_output: text of the last report
with runs as (from intermediate.progress_runs),
shell_calls as (
  select event_id, agent, session_id, thread_id, call_id, started_at, ended_at
  from intermediate.call_results
  where tool_kind = 'shell'
),
limits as (select value as same_start_s from seeds.thresholds where name = 'same_start_s'),
named as (
  select runs.*, shell_calls.event_id as call_event_id
  from runs
  join shell_calls
    on shell_calls.call_id = runs.call_id and shell_calls.session_id = runs.session_id and shell_calls.agent = runs.agent
),
unnamed as (from runs anti join named using (event_id)),
-- Each run goes to the call that was answered soonest after its last report, and each call takes one run.
surrounded as (
  select
    unnamed.* exclude (run, runs),
    1 as run,
    1 as runs,
    shell_calls.event_id as call_event_id,
    abs(epoch_us(shell_calls.ended_at) - epoch_us(unnamed.reported_at)) as distance_us
  from unnamed
  join shell_calls
    on
      shell_calls.session_id = unnamed.session_id
      and shell_calls.agent = unnamed.agent
      and shell_calls.thread_id <> unnamed.thread_id
  cross join limits
  where
    epoch_us(shell_calls.started_at) <= epoch_us(unnamed.begun_at) + same_start_s * 1000000
    and distance_us <= 2 * same_start_s * 1000000
    and shell_calls.event_id not in (select call_event_id from named)
  qualify
    row_number() over (partition by unnamed.event_id order by distance_us, shell_calls.event_id) = 1
    and row_number() over (partition by shell_calls.event_id order by distance_us, unnamed.event_id) = 1
)
select event_id, call_event_id, runs, begun_at, reported_at, elapsed_s, updates, run, output as reported_output from named
union all by name
select event_id, call_event_id, runs, begun_at, reported_at, elapsed_s, updates, run, output as reported_output from surrounded
