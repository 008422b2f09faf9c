-- Tool calls with how they ended, without their texts.
-- grain: one row per tool call
-- key: event_id
-- reads: intermediate.call_results, intermediate.quiet_results
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
--   input_hash: hash of the input; null for shell commands
--   user: the person
--   project: last part of the source's first working directory
--   started_at: time of the call
--   ended_at: time of the result
--   outcome: as the result says; unknown without a result
--   exit_code: exit code of the command
--   agent_duration_s: seconds, as the agent wrote them
--   source_id: the source of the call
--   source_line: line of the call in its source
--   result_source_line: line of the result in its source
--   nothing_found: the command failed only in that it found nothing (`grep` that exits with 1)
--   failed: it did not do what it was called for; a call that was cancelled because another one failed is not meant
with calls as (from intermediate.call_results),
quiet as (from intermediate.quiet_results)
select
  calls.event_id,
  calls.result_event_id,
  calls.agent,
  calls.session_id,
  calls.thread_id,
  calls.call_id,
  calls.tool_name,
  calls.tool_kind,
  calls.command,
  calls.file_path,
  case when calls.tool_kind <> 'shell' then hash(calls.input) end as input_hash,
  calls."user",
  calls.project,
  calls.started_at,
  calls.ended_at,
  calls.outcome,
  calls.exit_code,
  calls.agent_duration_s,
  calls.source_id,
  calls.source_line,
  calls.result_source_line,
  quiet.result_event_id is not null as nothing_found,
  calls.outcome in ('error', 'denied', 'rejected', 'interrupted', 'timeout', 'hook_blocked') and not nothing_found
    as failed
from calls
left join quiet on quiet.result_event_id = calls.result_event_id
