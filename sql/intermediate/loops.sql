-- The same thing tried again and again in one thread, each time after it had failed. A try that comes after a file was
-- changed is new work, one that comes after a long pause is a new beginning, and one after a person stopped the last is
-- an answer: all three begin a new count.
-- grain: one row per loop
-- key: last_event_id
-- reads: intermediate.attempts, seeds.thresholds
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
with attempts as (from intermediate.attempts),
thresholds as (from seeds.thresholds),
limits as (
  select
    max(value) filter (name = 'loop_attempts') as loop_attempts,
    max(value) filter (name = 'loop_pause_s') as loop_pause_s
  from thresholds
),
linked as (
  select
    attempts.*,
    coalesce(
      lag(failed and not stopped_by_person) over earlier
      and not changed_since
      -- Parallel calls are no answer to each other.
      and epoch_us(started_at) - epoch_us(lag(ended_at) over earlier) between 0 and loop_pause_s * 1000000,
      false
    ) as again
  from attempts
  cross join limits
  window earlier as (
    partition by agent, session_id, thread_id, tool_name, intent order by started_at, ended_at, event_id
  )
),
chained as (
  select
    *,
    count(*) filter (not again) over (
      partition by agent, session_id, thread_id, tool_name, intent
      order by started_at, ended_at, event_id
      rows between unbounded preceding and current row
    ) as chain
  from linked
),
placed as (
  select
    *,
    row_number() over (
      partition by agent, session_id, thread_id, tool_name, intent, chain order by started_at, ended_at, event_id
    ) as try
  from chained
),
loops as (
  select
    agent,
    session_id,
    thread_id,
    arg_max("user", try) as "user",
    arg_max(project, try) as project,
    tool_name,
    arg_max(tool_kind, try) as tool_kind,
    arg_max(command, try) as command,
    arg_max(file_path, try) as file_path,
    count(*) as attempts,
    count(*) filter (failed) as failures,
    arg_min(started_at, try) as started_at,
    arg_max(ended_at, try) as ended_at,
    arg_max(outcome, try) as last_outcome,
    arg_max(exit_code, try) as last_exit_code,
    arg_max(event_id, try) as last_event_id,
    arg_max(source_id, try) as last_source_id,
    arg_max(source_line, try) as last_source_line
  from placed
  group by agent, session_id, thread_id, tool_name, intent, chain
)
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
  attempts,
  failures,
  started_at,
  ended_at,
  seconds_between(started_at, ended_at) as span_s,
  last_outcome = 'ok' as ended_in_success,
  last_outcome,
  last_exit_code,
  last_event_id,
  last_source_id,
  last_source_line
from loops
cross join limits
where attempts >= loop_attempts
