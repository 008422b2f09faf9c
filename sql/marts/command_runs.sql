-- Shell commands that ran, each once: all shell calls, and runs that are known only from progress reports under another
-- call's id (the commands of a sub-agent whose own transcript is missing), whose command line is not known.
-- grain: one row per run of a command
-- key: run_id
-- reads: intermediate.command_times
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
  started_at,
  ended_at,
  duration_s,
  elapsed_s,
  duration_source,
  updates,
  outcome,
  exit_code,
  output_tail,
  source_id,
  source_line
from intermediate.command_times
