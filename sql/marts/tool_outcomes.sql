-- Tool calls with how they ended, each call once: as `tool_calls`, without inputs and outputs, which take long to read.
-- grain: one row per tool call
-- key: event_id
-- reads: intermediate.call_outcomes
-- columns:
--   event_id: identity of the call
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   tool_name: as written
--   tool_kind: shell, read, edit, write, search, web, subagent, mcp, plan, other
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   user: the person
--   project: last part of the source's first working directory
--   started_at: time of the call
--   ended_at: time of the result
--   outcome: as the result says; unknown without a result
--   exit_code: exit code of the command
--   nothing_found: the command failed only in that it found nothing (`grep` that exits with 1)
--   failed: it did not do what it was called for; a call that was cancelled, since another one failed or
--     the agent stopped it itself, is not meant
select
  event_id,
  agent,
  session_id,
  thread_id,
  tool_name,
  tool_kind,
  command,
  file_path,
  "user",
  project,
  started_at,
  ended_at,
  outcome,
  exit_code,
  nothing_found,
  failed
from intermediate.call_outcomes
