-- Calls that tried the same thing as a failed call of their thread, in order: the same tool with the same normalised
-- command, the same file, or the same input. Calls that were cancelled or have no result are no attempts.
-- grain: one row per tool call whose intent failed at least once in its thread
-- key: event_id
-- reads: intermediate.call_results, seeds.thresholds
-- columns:
--   event_id: identity of the call
--   result_event_id: identity of the result
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   user: the person
--   project: last part of the source's first working directory
--   tool_name: as written
--   tool_kind: kind of tool
--   intent: what the call tries: normalised command, file, or hash of the input
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   outcome: as the result says
--   exit_code: exit code of the command
--   failed: it did not do what it was called for
--   stopped_by_person: rejected or interrupted
--   started_at: time of the call
--   ended_at: time of the result
--   next_started_at: time of the next attempt's call
--   next_ended_at: time of the next attempt's result
--   succeeded_later: a later attempt did what it was called for
--   source_id: the source of the call
--   source_line: line of the call in its source
with calls as (from intermediate.call_results),
-- Normalising commands is what costs, so only threads in which the tool failed are looked at.
troubled as (select distinct agent, session_id, thread_id, tool_name from calls where failed), -- a set of threads
tries as (
  select
    calls.*,
    case
      when tool_kind = 'shell' and command is not null then command_intent(command)
      when tool_kind in ('read', 'edit', 'write') and file_path is not null then file_path
      else cast(hash(input) as varchar)
    end as intent
  from calls
  semi join troubled
    on
      troubled.agent = calls.agent
      and troubled.session_id = calls.session_id
      and troubled.thread_id = calls.thread_id
      and troubled.tool_name = calls.tool_name
  where ended_at is not null and outcome <> 'cancelled'
),
wanted as (select distinct agent, session_id, thread_id, tool_name, intent from tries where failed), -- a set of intents
kept as (from tries semi join wanted using (agent, session_id, thread_id, tool_name, intent))
select
  event_id,
  result_event_id,
  agent,
  session_id,
  thread_id,
  "user",
  project,
  tool_name,
  tool_kind,
  intent,
  command,
  file_path,
  outcome,
  exit_code,
  failed,
  outcome in ('rejected', 'interrupted') as stopped_by_person,
  started_at,
  ended_at,
  lead(started_at) over later as next_started_at,
  lead(ended_at) over later as next_ended_at,
  coalesce(bool_or(outcome = 'ok') over (later rows between 1 following and unbounded following), false) as succeeded_later,
  source_id,
  source_line
from kept
window later as (partition by agent, session_id, thread_id, tool_name, intent order by started_at, ended_at, event_id)
