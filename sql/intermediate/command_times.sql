-- Shell commands that ran, each once, with the time that they took and the end of their output.
-- Progress reports name their call. Those of a sub-agent's commands name the call that started the sub-agent; then the
-- command is the one of another thread that was running at the time: called before the run began, and answered right
-- after its last report. Where there is none, the run is known only from its reports, and its command line is not
-- known.
-- grain: one row per run of a command
-- key: run_id
-- reads: staging.events, intermediate.call_outcomes, intermediate.progress_runs, seeds.thresholds
-- stored: durations of calls, commands and troubles come from it
-- columns:
--   run_id: identity of the run, from its call's or first report's event
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   call_id: the call that ran the command, or under whose id it is reported
--   run: place of the run among the runs of the call, from 1
--   runs: number of runs of the call
--   event_id: identity of the call; null for a run that is known only from reports
--   tool_name: as written
--   command: shell command line, bounded; null when it is not known
--   user: the person
--   project: last part of the source's first working directory
--   started_at: when the command began: by its reports where there are any, else the time of the call
--   ended_at: time of the result, else of the last report
--   duration_s: seconds that the command ran; null when nothing tells
--   elapsed_s: the largest number of seconds in its progress reports
--   duration_source: progress, agent, call_to_result
--   updates: number of progress reports
--   outcome: ok, error, denied, rejected, interrupted, timeout, hook_blocked, cancelled, unknown
--   exit_code: exit code of the command
--   output_event_id: the event whose text is its output: the result, else the last report
--   output_tail: the last 500 characters of its output
--   source_id: the source of the call or first report
--   source_line: its line there
with events as not materialized (from staging.events),
calls as (from intermediate.call_outcomes),
progress_runs as (from intermediate.progress_runs),
thresholds as (from seeds.thresholds),
limits as (select value as same_start_s from thresholds where name = 'same_start_s'),
shell_calls as materialized (select * exclude (file_path) from calls where tool_kind = 'shell'),
named as materialized (
  select progress_runs.*, shell_calls.event_id as named_event_id
  from progress_runs
  left join shell_calls
    on
      shell_calls.call_id = progress_runs.call_id
      and shell_calls.session_id = progress_runs.session_id
      and shell_calls.agent = progress_runs.agent
),
-- Each run without a call of its own goes to the one that was answered soonest after its last report, and each call
-- takes one run.
surrounding as (
  select
    named.event_id,
    shell_calls.event_id as call_event_id,
    abs(epoch_us(shell_calls.ended_at) - epoch_us(named.reported_at)) as distance_us
  from named
  join shell_calls on shell_calls.session_id = named.session_id and shell_calls.agent = named.agent
  cross join limits
  where
    named.named_event_id is null
    and shell_calls.thread_id <> named.thread_id
    and shell_calls.event_id not in (select named_event_id from named where named_event_id is not null)
    and epoch_us(shell_calls.started_at) <= epoch_us(named.begun_at) + limits.same_start_s * 1000000
    and distance_us <= 2 * limits.same_start_s * 1000000
  qualify
    row_number() over (partition by named.event_id order by distance_us, shell_calls.event_id) = 1
    and row_number() over (partition by shell_calls.event_id order by distance_us, named.event_id) = 1
),
reported as (
  select
    named.* exclude (run, runs, named_event_id),
    coalesce(named.named_event_id, surrounding.call_event_id) as call_event_id,
    if(surrounding.call_event_id is null, named.run, 1) as run,
    if(surrounding.call_event_id is null, named.runs, 1) as runs
  from named
  left join surrounding using (event_id)
),
runs as (
  select
    coalesce(shell_calls.event_id, reported.event_id) || ':' || coalesce(reported.run, 1) as run_id,
    coalesce(shell_calls.agent, reported.agent) as agent,
    coalesce(shell_calls.session_id, reported.session_id) as session_id,
    coalesce(shell_calls.thread_id, reported.thread_id) as thread_id,
    coalesce(shell_calls.call_id, reported.call_id) as call_id,
    coalesce(reported.run, 1) as run,
    coalesce(reported.runs, 1) as runs,
    shell_calls.event_id,
    shell_calls.tool_name,
    shell_calls.command,
    coalesce(shell_calls."user", reported."user") as "user",
    coalesce(shell_calls.project, reported.project) as project,
    shell_calls.started_at as called_at,
    -- The result is that of the last run under the call.
    shell_calls.event_id is not null and coalesce(reported.run = reported.runs, true) as has_result,
    case when has_result then shell_calls.ended_at end as result_at,
    case when has_result then shell_calls.outcome else 'unknown' end as outcome,
    case when has_result then shell_calls.exit_code end as exit_code,
    case when has_result then shell_calls.agent_duration_s end as agent_duration_s,
    case when has_result then shell_calls.result_event_id end as result_event_id,
    reported.last_event_id,
    reported.begun_at,
    reported.reported_at,
    reported.elapsed_s,
    reported.updates,
    coalesce(shell_calls.source_id, reported.source_id) as source_id,
    coalesce(shell_calls.source_line, reported.source_line) as source_line
  from shell_calls
  full join reported on reported.call_event_id = shell_calls.event_id
),
measured as (
  select
    *,
    -- A result belongs to one command only where the call has one run.
    run_seconds(begun_at, case when runs = 1 then result_at end, elapsed_s) as progress_s
  from runs
),
-- Only the ends: whole texts would be carried along.
outputs as (
  select event_id as output_event_id, right(text, 500) as output_tail
  from events
  where kind in ('tool_result', 'progress') and text is not null
)
select
  run_id,
  agent,
  session_id,
  thread_id,
  call_id,
  run,
  runs,
  event_id,
  tool_name,
  command,
  "user",
  project,
  coalesce(begun_at, called_at) as started_at,
  coalesce(case when runs = 1 then result_at end, reported_at, result_at) as ended_at,
  coalesce(progress_s, cast(agent_duration_s as decimal(18, 6)), seconds_between(called_at, result_at)) as duration_s,
  elapsed_s,
  case
    when progress_s is not null then 'progress'
    when agent_duration_s is not null then 'agent'
    when seconds_between(called_at, result_at) is not null then 'call_to_result'
  end as duration_source,
  coalesce(updates, 0) as updates,
  outcome,
  exit_code,
  coalesce(result_event_id, last_event_id) as output_event_id,
  outputs.output_tail,
  source_id,
  source_line
from measured
left join outputs on outputs.output_event_id = coalesce(measured.result_event_id, measured.last_event_id)
