-- Failed calls and the later calls of their thread that tried the same thing, in order: the same tool with the same
-- normalised command, the same file, or the same input. Calls that were cancelled or have no result are no attempts.
-- Attempts are numbered: a try that comes after a file was changed is new work, one that comes after a long pause is a
-- new beginning, one after a person stopped the last is an answer, and parallel calls do not answer each other: all
-- these begin a new count, as does the one after a success.
-- grain: one row per tool call whose intent failed in its thread, from the tool's first failure there
-- key: event_id
-- reads: staging.events, intermediate.call_outcomes, seeds.tool_kinds, seeds.thresholds
-- stored: failures and loops come from it
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
--   started_at: time of the call
--   ended_at: time of the result
--   next_ended_at: time of the next attempt's result
--   asked_between: a person typed something between this attempt and the next
--   succeeded_later: a later attempt did what it was called for
--   try: which try of its count, from 1
--   failures: failed tries of its count so far
--   chain_event_id: the call that began its chain: tries that follow each other's failures, whatever was changed
--     between
--   changed: what differs from the try before it in the chain: `file` (a file was changed between), `arguments`,
--     `nothing`; null for the first try, and where the input is not compared
--   first_started_at: call of the first try of its count
--   ends_loop: the last of a count that is long enough to be a retry loop, of a command that does more than wait
--   source_id: the source of the call
--   source_line: line of the call in its source
--   result_source_line: line of the result in its source
with events as not materialized (from staging.events),
outcomes as (from intermediate.call_outcomes),
tool_kinds as (from seeds.tool_kinds),
thresholds as (from seeds.thresholds),
changing as (select list(tool_kind) as kinds from tool_kinds where changes_files),
limits as (
  select
    max(value) filter (name = 'loop_attempts') as loop_attempts,
    max(value) filter (name = 'loop_pause_s') as loop_pause_s
  from thresholds
),
calls as materialized (from outcomes where result_event_id is not null and outcome <> 'cancelled'),
-- Normalising commands is what costs, so only what follows the tool's first failure in its thread is looked at.
troubled as (
  select agent, session_id, thread_id, tool_name, min(started_at) as first_failed_at
  from calls
  where failed
  group by agent, session_id, thread_id, tool_name
),
-- Read only where no command and no file says what is tried.
inputs as (
  select event_id, hash(input) as input_hash
  from events
  where
    kind = 'tool_call'
    and tool_kind <> 'shell'
    and not (tool_kind in ('read', 'edit', 'write') and file_path is not null)
),
tries as materialized (
  select
    calls.*,
    case
      when calls.tool_kind = 'shell' and calls.command is not null then command_intent(calls.command)
      when calls.tool_kind in ('read', 'edit', 'write') and calls.file_path is not null then calls.file_path
      else cast(inputs.input_hash as varchar)
    end as intent
  from calls
  join troubled
    on
      troubled.session_id = calls.session_id
      and troubled.thread_id = calls.thread_id
      and troubled.tool_name = calls.tool_name
      and troubled.agent = calls.agent
      and (calls.failed or calls.started_at >= troubled.first_failed_at)
  left join inputs on inputs.event_id = calls.event_id
),
wanted as (select distinct agent, session_id, thread_id, tool_name, intent from tries where failed), -- a set of intents
kept as (
  select
    tries.*,
    -- One number for the thing that is tried, since many texts are slow to compare; equal things have equal ones.
    hash(agent, session_id, thread_id, tool_name, intent) as thing
  from tries
  semi join wanted
    on
      wanted.session_id = tries.session_id
      and wanted.thread_id = tries.thread_id
      and wanted.tool_name = tries.tool_name
      and wanted.agent = tries.agent
      -- A call without any input tries nothing that has a name.
      and wanted.intent is not distinct from tries.intent
),
-- A list for each session: the engine's asof join compares all pairs when it expects few.
changes as (
  select calls.agent, calls.session_id, list(epoch_us(calls.ended_at)) as changed_us
  from calls
  semi join troubled on troubled.session_id = calls.session_id and troubled.agent = calls.agent
  cross join changing
  where
    calls.outcome = 'ok'
    and case
      when calls.tool_kind = 'shell' then writes_files(calls.command)
      else list_contains(changing.kinds, calls.tool_kind)
    end
  group by calls.agent, calls.session_id
),
prompts as (
  select agent, session_id, list(epoch_us(ts)) as asked_us
  from events
  where kind = 'prompt' and ts is not null
  group by agent, session_id
),
ordered as (
  select
    *,
    lag(failed and outcome not in ('rejected', 'interrupted')) over attempt as may_repeat,
    lag(epoch_us(started_at)) over attempt as previous_started_us,
    lag(epoch_us(ended_at)) over attempt as previous_ended_us,
    lag(command) over attempt as previous_command,
    lead(ended_at) over attempt as next_ended_at,
    max(if(outcome = 'ok', ended_at, null)) over (partition by thing) as last_success_at
  from kept
  window attempt as (partition by thing order by started_at, ended_at, event_id)
),
linked as (
  select
    ordered.*,
    coalesce(
      may_repeat and epoch_us(started_at) - previous_ended_us between 0 and limits.loop_pause_s * 1000000, false
    ) as follows,
    len([us for us in coalesce(changed_us, []) if us > previous_started_us and us <= epoch_us(started_at)]) > 0
      as is_after_change,
    follows and not is_after_change as again,
    len([us for us in coalesce(asked_us, []) if us >= epoch_us(ended_at) and us < epoch_us(next_ended_at)]) > 0
      as asked_between
  from ordered
  cross join limits
  left join changes on changes.agent = ordered.agent and changes.session_id = ordered.session_id
  left join prompts on prompts.agent = ordered.agent and prompts.session_id = ordered.session_id
),
counted as (
  select
    *,
    count(*) filter (not again) over (
      partition by thing order by started_at, ended_at, event_id rows between unbounded preceding and current row
    ) as chain,
    count(*) filter (not follows) over (
      partition by thing order by started_at, ended_at, event_id rows between unbounded preceding and current row
    ) as wide_chain
  from linked
),
placed as (
  select
    *,
    row_number() over so_far as try,
    count(*) filter (failed) over so_far as failures,
    first_value(started_at) over so_far as first_started_at,
    count(*) over (partition by thing, chain) as chain_tries,
    first_value(event_id) over (
      partition by thing, wide_chain order by started_at, ended_at, event_id
    ) as chain_event_id
  from counted
  window so_far as (
    partition by thing, chain
    order by started_at, ended_at, event_id
    rows between unbounded preceding and current row
  )
)
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
  started_at,
  ended_at,
  next_ended_at,
  asked_between,
  coalesce(last_success_at > ended_at, false) as succeeded_later,
  try,
  failures,
  chain_event_id,
  case
    when not follows then null
    when is_after_change then 'file'
    when command = previous_command then 'nothing'
    when command <> previous_command then 'arguments'
  end as changed,
  first_started_at,
  try = chain_tries and try >= loop_attempts and not waits_on_purpose(command) as ends_loop,
  source_id,
  source_line,
  result_source_line
from placed
cross join limits
