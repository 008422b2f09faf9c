-- Failed calls and the later calls of their thread that tried the same thing, in order: the same tool with the same
-- normalised command, the same file, or the same input. Calls that were cancelled or have no result are no attempts.
-- grain: one row per tool call whose intent failed in its thread, from the tool's first failure there
-- key: event_id
-- reads: intermediate.call_outcomes, seeds.tool_kinds
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
--   changed_since: since the previous attempt, a file was changed in the session by an edit or write
--   next_started_at: time of the next attempt's call
--   next_ended_at: time of the next attempt's result
--   succeeded_later: a later attempt did what it was called for
--   source_id: the source of the call
--   source_line: line of the call in its source
with outcomes as (from intermediate.call_outcomes),
tool_kinds as (from seeds.tool_kinds),
changing as (select list(tool_kind) as kinds from tool_kinds where changes_files),
calls as materialized (from outcomes where ended_at is not null and outcome <> 'cancelled'),
-- Normalising commands is what costs, so only what follows the tool's first failure in its thread is looked at.
troubled as (
  select agent, session_id, thread_id, tool_name, min(started_at) as first_failed_at
  from calls
  where failed
  group by agent, session_id, thread_id, tool_name
),
tries as materialized (
  select
    calls.*,
    case
      when tool_kind = 'shell' and command is not null then command_intent(command)
      when tool_kind in ('read', 'edit', 'write') and file_path is not null then file_path
      else cast(input_hash as varchar)
    end as intent
  from calls
  join troubled
    on
      troubled.session_id = calls.session_id
      and troubled.thread_id = calls.thread_id
      and troubled.tool_name = calls.tool_name
      and troubled.agent = calls.agent
      and calls.started_at >= troubled.first_failed_at
),
wanted as (select distinct agent, session_id, thread_id, tool_name, intent from tries where failed), -- a set of intents
kept as (from tries semi join wanted using (agent, session_id, thread_id, tool_name, intent)),
-- A list for each session: the engine's asof join compares all pairs when it expects few.
changes as (
  select agent, session_id, list(epoch_us(ended_at)) as changed_us
  from calls
  cross join changing
  where outcome = 'ok' and list_contains(changing.kinds, tool_kind)
  group by agent, session_id
),
ordered as (
  select
    *,
    lag(epoch_us(started_at)) over attempt as previous_us,
    lead(started_at) over attempt as next_started_at,
    lead(ended_at) over attempt as next_ended_at,
    coalesce(
      bool_or(outcome = 'ok') over (
        partition by agent, session_id, thread_id, tool_name, intent
        order by started_at, ended_at, event_id
        rows between 1 following and unbounded following
      ),
      false
    ) as succeeded_later
  from kept
  window attempt as (
    partition by agent, session_id, thread_id, tool_name, intent order by started_at, ended_at, event_id
  )
)
select
  ordered.event_id,
  ordered.result_event_id,
  ordered.agent,
  ordered.session_id,
  ordered.thread_id,
  ordered."user",
  ordered.project,
  ordered.tool_name,
  ordered.tool_kind,
  ordered.intent,
  ordered.command,
  ordered.file_path,
  ordered.outcome,
  ordered.exit_code,
  ordered.failed,
  ordered.outcome in ('rejected', 'interrupted') as stopped_by_person,
  ordered.started_at,
  ordered.ended_at,
  coalesce(
    len([us for us in changes.changed_us if us > ordered.previous_us and us <= epoch_us(ordered.started_at)]) > 0,
    false
  ) as changed_since,
  ordered.next_started_at,
  ordered.next_ended_at,
  ordered.succeeded_later,
  ordered.source_id,
  ordered.source_line
from ordered
left join changes on changes.agent = ordered.agent and changes.session_id = ordered.session_id
