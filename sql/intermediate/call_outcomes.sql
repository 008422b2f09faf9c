-- Tool calls with how they ended, without their texts.
-- grain: one row per tool call
-- key: event_id
-- reads: staging.events, intermediate.call_results, seeds.quiet_programs
-- stored: commands, attempts and troubles all begin with it, and every count of calls
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
--   failed: it did not do what it was called for; a call that was cancelled, since another one failed or
--     the agent stopped it itself, is not meant
with events as not materialized (from staging.events),
results as (from intermediate.call_results),
programs as (from seeds.quiet_programs),
answers as (select list(program || '=' || exit_code) as known from programs),
calls as materialized (select * exclude (input, output, output_bytes) from results),
-- The only outputs that are read. Old Claude Code said `Error` and no more where a command failed without a word; its
-- exit code is taken for 1.
outputs as (
  select event_id as result_event_id, coalesce(plain_output(text), '') as output, exit_code
  from events
  where kind = 'tool_result' and outcome = 'error' and exit_code > 0
  union all
  select event_id as result_event_id, '' as output, 1 as exit_code
  from events
  where kind = 'tool_result' and outcome = 'error' and text_bytes = 5 and exit_code is null and text = 'Error'
),
told as materialized (
  select
    calls.event_id,
    outputs.exit_code,
    calls.command,
    telling_parts(calls.command) as parts,
    trim(outputs.output) <> '' as printed,
    error_line(outputs.output) is not null as complained
  from calls
  join outputs using (result_event_id)
  where calls.tool_kind = 'shell'
),
answering as (
  select event_id, exit_code, end_of_pipe(unnest(answering_parts(parts, printed, complained))) as call
  from told
),
-- Commands that failed only in that they answered no: `grep` that found nothing, `diff` that found something.
answered as (select event_id, exit_code, unnest(names_of_program(call)) as program from answering),
quiet as (
  select answered.event_id
  from answered
  cross join answers
  where list_contains(answers.known, answered.program || '=' || answered.exit_code)
  union
  select event_id
  from told
  where exit_code <= 2 and expects_absence(command)
)
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
  quiet.event_id is not null as nothing_found,
  calls.outcome in ('error', 'denied', 'rejected', 'interrupted', 'timeout', 'hook_blocked') and not nothing_found
    as failed
from calls
left join quiet on quiet.event_id = calls.event_id
