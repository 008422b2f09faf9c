-- Shell commands that ran, each once: all shell calls, and runs that are known only from progress reports under another
-- call's id (the commands of a sub-agent whose own transcript is missing), whose command line is not known.
-- grain: one row per run of a command
-- key: run_id
-- reads: intermediate.command_times, staging.events
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
--   duration_source: progress: from its progress reports, with the result's time where that is later; agent: as the
--     agent wrote it; call_to_result: result time less call time, which includes waiting for permission
--   updates: number of progress reports
--   outcome: ok, error, denied, rejected, interrupted, timeout, hook_blocked, cancelled, unknown
--   exit_code: exit code of the command
--   output_tail: the last 500 characters of its output
--   source_id: the source of the call or first report
--   source_line: its line there
with runs as (from intermediate.command_times),
events as (from staging.events),
outputs as (select event_id, text from events where kind in ('tool_result', 'progress'))
select
  runs.run_id,
  runs.agent,
  runs.session_id,
  runs.thread_id,
  runs.call_id,
  runs.run,
  runs.event_id,
  runs.tool_name,
  runs.command,
  runs."user",
  runs.project,
  runs.started_at,
  runs.ended_at,
  runs.duration_s,
  runs.elapsed_s,
  runs.duration_source,
  runs.updates,
  runs.outcome,
  runs.exit_code,
  right(outputs.text, 500) as output_tail,
  runs.source_id,
  runs.source_line
from runs
left join outputs on outputs.event_id = runs.output_event_id
