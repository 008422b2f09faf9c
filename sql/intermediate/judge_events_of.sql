-- What a judge may be shown of sessions, in their own words: no usage, no repeated history; sub-agents stand with the
-- session that a person began.
-- grain: one row per event
-- key: event_id
-- reads: staging.events, intermediate.call_copies, intermediate.judge_families
-- parameters: ids
-- columns:
--   agent: the agent that wrote the transcript
--   root_session_id: the session that the person began
--   event_id: identity of the event
--   is_main: the person's own thread: not a sub-agent's
--   thread: name of the thread among those of the root session
--   source_id: the source file
--   source_line: line in the source, from 1
--   seq: position of the event in its source, from 0
--   ts_us: time of the event, microseconds since 1970
--   kind: as in events
--   subtype: as in events
--   text: text of the event, bounded
--   call_id: the tool call that a call, a result or a progress report belongs to
--   tool_name: tool as written
--   tool_kind: shell, read, edit, write, search, web, subagent, mcp, plan, other
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   input: input of the tool as JSON text, bounded
--   outcome: how the call ended
--   exit_code: exit code of the command
with events as not materialized (from staging.events),
copies as (from intermediate.call_copies),
families as (from intermediate.judge_families),
chosen as (
  select *
  from events
  anti join copies using (event_id)
  where in_ids(session_id, ids) and kind <> 'usage'
)
select
  chosen.agent,
  coalesce(families.root_session_id, chosen.session_id) as root_session_id,
  chosen.event_id,
  families.root_session_id is null and chosen.thread_id = 'main' as is_main,
  concat_ws('/', if(families.root_session_id is null, null, chosen.session_id), chosen.thread_id) as thread,
  chosen.source_id,
  chosen.source_line,
  chosen.seq,
  epoch_us(chosen.ts) as ts_us,
  chosen.kind,
  chosen.subtype,
  chosen.text,
  chosen.call_id,
  chosen.tool_name,
  chosen.tool_kind,
  chosen.command,
  chosen.file_path,
  chosen.input,
  chosen.outcome,
  chosen.exit_code
from chosen
left join families on families.agent = chosen.agent and families.session_id = chosen.session_id
