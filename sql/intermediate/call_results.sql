-- Tool calls with their results, each call once.
-- grain: one row per tool call
-- key: event_id
-- reads: staging.events, intermediate.call_copies
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
--   outcome: as the result says; unknown without a result
--   exit_code: exit code of the command
--   agent_duration_s: seconds, as the agent wrote them
--   output: text of the result, bounded
--   output_bytes: true size of that text, bytes
--   source_id: the source of the call
--   source_line: line of the call in its source
--   result_source_line: line of the result in its source
-- Not materialized: the engine would carry every column of a shared step along, texts too.
with events as not materialized (from staging.events),
copies as not materialized (from intermediate.call_copies),
copied_calls as (select event_id from copies where kind = 'tool_call'),
copied_results as (select event_id from copies where kind = 'tool_result'),
calls as (
  from events
  anti join copied_calls using (event_id)
  where kind = 'tool_call'
),
results as (
  from events
  anti join copied_results using (event_id)
  where kind = 'tool_result' and call_id is not null
)
select
  calls.event_id,
  results.event_id as result_event_id,
  calls.agent,
  calls.session_id,
  calls.thread_id,
  calls.call_id,
  calls.tool_name,
  calls.tool_kind,
  calls.command,
  calls.file_path,
  calls.input,
  calls."user",
  calls.project,
  calls.ts as started_at,
  results.ts as ended_at,
  coalesce(results.outcome, 'unknown') as outcome,
  results.exit_code,
  results.duration_s as agent_duration_s,
  results.text as output,
  coalesce(results.text_bytes, 0) as output_bytes,
  calls.source_id,
  calls.source_line,
  results.source_line as result_source_line
from calls
left join results
  on results.call_id = calls.call_id and results.session_id = calls.session_id and results.agent = calls.agent
