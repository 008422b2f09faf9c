-- Tool calls with how they ended, without their texts.
-- grain: one row per tool call
-- key: event_id
-- reads: intermediate.call_results, seeds.quiet_programs
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
programs as (from seeds.quiet_programs),
quiet as (select list(program || '=' || exit_code) as answers from programs),
prepared as (
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
    case when tool_kind <> 'shell' then hash(input) end as input_hash,
    "user",
    project,
    started_at,
    ended_at,
    outcome,
    exit_code,
    agent_duration_s,
    source_id,
    source_line,
    result_source_line,
    -- Null for most rows, so that the reading of commands costs nothing there.
    case when outcome = 'error' and exit_code > 0 and tool_kind = 'shell' then command end as failed_command,
    output_bytes > 20 as printed
  from calls
),
judged as (
  select
    prepared.*,
    coalesce(
      list_has_any(
        [program || '=' || exit_code for program in answering_programs(failed_command, printed)],
        quiet.answers
      ),
      false
    ) as nothing_found
  from prepared
  cross join quiet
)
select
  * exclude (failed_command, printed),
  outcome in ('error', 'denied', 'rejected', 'interrupted', 'timeout', 'hook_blocked') and not nothing_found as failed
from judged
