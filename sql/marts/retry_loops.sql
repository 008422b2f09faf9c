-- The same thing tried again and again in one thread, each time after it had failed. A try that comes after a file was
-- changed is new work, one that comes after a long pause is a new beginning, and one after a person stopped the last is
-- an answer: all three begin a new count.
-- grain: one row per loop
-- key: last_event_id
-- reads: intermediate.attempts
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   user: the person
--   project: last part of the source's first working directory
--   tool_name: as written
--   tool_kind: kind of tool
--   signature: the command as all tries have it in common, or the tool's name with the file's
--   command: command line of the last try
--   file_path: file of the last try
--   attempts: number of tries
--   failures: number of tries that failed
--   started_at: call of the first try
--   ended_at: result of the last try
--   span_s: time between them, seconds
--   ended_in_success: the last try did what it was called for
--   last_outcome: outcome of the last try
--   last_exit_code: exit code of the last try
--   last_event_id: identity of the last try's call
--   last_source_id: source of the last try's call
--   last_source_line: its line there
with attempts as (from intermediate.attempts)
select
  agent,
  session_id,
  thread_id,
  "user",
  project,
  tool_name,
  tool_kind,
  call_signature(tool_name, command, file_path) as signature,
  command,
  file_path,
  try as attempts,
  failures,
  first_started_at as started_at,
  ended_at,
  seconds_between(first_started_at, ended_at) as span_s,
  outcome = 'ok' as ended_in_success,
  outcome as last_outcome,
  exit_code as last_exit_code,
  event_id as last_event_id,
  source_id as last_source_id,
  source_line as last_source_line
from attempts
where ends_loop
