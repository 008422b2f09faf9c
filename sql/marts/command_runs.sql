-- Shell commands that ran, each once: all shell calls, and runs that are known only from progress reports under another
-- call's id (the commands of a sub-agent whose own transcript is missing), whose command line is not known.
-- grain: one row per run of a command
-- key: run_id
-- reads: intermediate.call_results, intermediate.reported_calls
-- columns:
--   run_id: identity of the run, from its call's or first report's event
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   call_id: the call that ran the command, or under whose id it is reported
--   run: place of the run among the runs of the call, from 1
--   event_id: identity of the call; null for a run that is known only from reports
--   tool_name: as written
--   command: shell command line, bounded; null when it is not known
--   user: the person
--   project: last part of the source's first working directory
--   started_at: when the command began: by its reports where there are any, else the time of the call
--   ended_at: time of the result, else of the last report
--   duration_s: seconds that the command ran; null when nothing tells
--   elapsed_s: the largest number of seconds in its progress reports
--   duration_source: progress: from its progress reports, with the result's time where that is later; agent: as the agent
--     wrote it; call_to_result: result time less call time, which includes waiting for permission
--   updates: number of progress reports
--   outcome: ok, error, denied, rejected, interrupted, timeout, hook_blocked, cancelled, unknown
--   exit_code: exit code of the command
--   output_tail: the last 500 characters of its output
--   source_id: the source of the call or first report
--   source_line: its line there
with calls as (from intermediate.call_results),
reported as (from intermediate.reported_calls),
shell_calls as (from calls where tool_kind = 'shell'),
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
    case when has_result then shell_calls.output end as result_output,
    reported.output as reported_output,
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
)
select
  run_id,
  agent,
  session_id,
  thread_id,
  call_id,
  run,
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
  right(coalesce(result_output, reported_output), 500) as output_tail,
  source_id,
  source_line
from measured
