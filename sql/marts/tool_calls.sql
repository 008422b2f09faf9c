-- Tool calls with their results, each call once, also where history was rewritten.
-- grain: one row per tool call
-- key: event_id
-- reads: intermediate.call_results, intermediate.command_times
-- columns:
--   event_id: identity of the call
--   result_event_id: identity of the result; null when there is none
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   call_id: the agent's own id of the call
--   tool_name: as written
--   tool_kind: shell, read, edit, write, search, web, subagent, mcp, plan, other
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   input: input of the tool as JSON text, bounded
--   user: the person
--   project: last part of the source's first working directory
--   started_at: time of the call
--   ended_at: time of the result
--   duration_s: seconds that the call took; null without a result
--   duration_source: progress: measured from the command's own reports; agent: as the agent wrote it; call_to_result:
--     result time less call time, which includes waiting for permission
--   has_result: whether there is a result
--   outcome: ok, error, denied, rejected, interrupted, timeout, hook_blocked, cancelled, unknown
--   exit_code: exit code of the command
--   output: text of the result, bounded
--   source_id: the source of the call
--   source_line: line of the call in its source
--   result_source_line: line of the result in its source
with calls as (from intermediate.call_results),
runs as (from intermediate.command_times),
measured as (select event_id, duration_s from runs where runs = 1 and updates > 0 and event_id is not null),
timed as (
  select
    calls.*,
    case when calls.ended_at is not null then measured.duration_s end as progress_s
  from calls
  left join measured using (event_id)
)
select
  event_id,
  result_event_id,
  agent,
  session_id,
  thread_id,
  call_id,
  tool_name,
  tool_kind,
  command,
  file_path,
  input,
  "user",
  project,
  started_at,
  ended_at,
  coalesce(progress_s, cast(agent_duration_s as decimal(18, 6)), seconds_between(started_at, ended_at)) as duration_s,
  case
    when progress_s is not null then 'progress'
    when agent_duration_s is not null then 'agent'
    when seconds_between(started_at, ended_at) is not null then 'call_to_result'
  end as duration_source,
  result_event_id is not null as has_result,
  outcome,
  exit_code,
  output,
  source_id,
  source_line,
  result_source_line
from timed
