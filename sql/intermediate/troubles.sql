-- Everything that may be friction, before the rules name it: failed tool calls, commands whose exit code may hide a
-- failure, stops, failed requests, compactions, retry loops, slow commands, and prompts. Text of other results that are
-- fine is never looked at.
-- grain: one row per trouble and source of it
-- key: matches, event_id
-- reads: staging.events, intermediate.call_outcomes, intermediate.attempts, intermediate.stops,
--   intermediate.api_failures, intermediate.command_times, intermediate.spoken, intermediate.asked_again
-- columns:
--   matches: what the trouble is, as the rules call it: result, interrupt, api_error, compaction, continuation, loop,
--     run, prompt
--   sort: outcome of a result, subtype of an event, `loop`, `slow`, `prompt`, or how a prompt asks again
--   event_id: identity of the result, the event, or the call
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   ts: when it showed
--   user: the person
--   project: last part of the source's first working directory
--   tool_name: as written
--   tool_kind: kind of tool
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   outcome: as the result says
--   exit_code: exit code of the command
--   text_event_id: the event whose text tells about it
--   told: what happened, for loops and slow commands
--   lost_from: where lost time begins
--   lost_until: where it ends
--   resolved: a later try succeeded, an answer came, a slow command ended well; null where that has no meaning
--   source_id: the source of the event
--   source_line: its line there
with events as not materialized (from staging.events),
outcomes as (from intermediate.call_outcomes),
attempts as materialized (from intermediate.attempts),
stops as (from intermediate.stops),
api_failures as (from intermediate.api_failures),
runs as (from intermediate.command_times),
spoken as (from intermediate.spoken),
asked_again as (from intermediate.asked_again),
overruns as (
  select event_id, greatest(duration_s - cast(setting_slow_command_s() as decimal(18, 6)), 0) as over_s
  from runs
  where outcome = 'timeout' and duration_s is not null and event_id is not null and run = 1
),
results as (
  select
    'result' as matches,
    outcome as sort,
    result_event_id as event_id,
    agent,
    session_id,
    thread_id,
    ended_at as ts,
    "user",
    project,
    tool_name,
    tool_kind,
    command,
    file_path,
    outcome,
    exit_code,
    result_event_id as text_event_id,
    -- To the next try: the times of the tries of one thing add up and never overlap. What a person asked for between
    -- them is other work. A command that ran into its time limit lost the time beyond what is slow, too.
    case
      when outcome = 'timeout' and over_s is not null
      then make_timestamptz(epoch_us(ended_at) - micros(over_s))
      when succeeded_later and not asked_between and not waits_on_purpose(command) then ended_at
    end as lost_from,
    case
      when succeeded_later and not asked_between and not waits_on_purpose(command) then next_ended_at
      when outcome = 'timeout' and over_s > 0 then ended_at
    end as lost_until,
    succeeded_later as resolved,
    source_id,
    result_source_line as source_line
  from attempts
  left join overruns using (event_id)
  where failed
),
-- The exit code is that of the last command, and those before it may have failed.
hidden as (
  select
    'result' as matches,
    'ok' as sort,
    result_event_id as event_id,
    agent,
    session_id,
    thread_id,
    ended_at as ts,
    "user",
    project,
    tool_name,
    tool_kind,
    command,
    file_path,
    outcome,
    exit_code,
    result_event_id as text_event_id,
    source_id,
    result_source_line as source_line
  from outcomes
  where
    tool_kind = 'shell'
    and outcome = 'ok'
    and result_event_id is not null
    and coalesce(regexp_matches(command, '[|;\n]'), true)
),
marked as (
  select
    case when kind = 'interrupt' then kind when kind = 'summary' then 'continuation' else 'compaction' end as matches,
    subtype,
    event_id,
    agent,
    session_id,
    thread_id,
    ts,
    "user",
    project,
    seq,
    source_id,
    source_line
  from events
  where
    kind in ('interrupt', 'summary', 'system')
    -- A microcompaction only drops old tool results.
    and (kind <> 'system' or (subtype = 'compaction' and not contains(record_type, 'microcompact')))
),
marks as (
  select
    matches,
    coalesce(subtype, matches) as sort,
    event_id,
    agent,
    session_id,
    thread_id,
    ts,
    "user",
    project,
    event_id as text_event_id,
    source_id,
    source_line
  from marked
  -- A summary that begins a session carries on an earlier one; other summaries are those of compactions.
  qualify
    matches <> 'continuation'
    or (seq < 20 and row_number() over (partition by agent, session_id, matches <> 'interrupt' order by seq, event_id) = 1)
),
-- Before the agent has answered there is nothing to correct.
asked as (
  select
    'prompt' as matches,
    coalesce(asked_again.sort, 'prompt') as sort,
    spoken.event_id,
    spoken.agent,
    spoken.session_id,
    spoken.thread_id,
    spoken.ts,
    spoken."user",
    spoken.project,
    spoken.event_id as text_event_id,
    spoken.source_id,
    spoken.source_line
  from spoken
  left join asked_again using (event_id)
  where spoken.place > 1
),
shown as (from results union all by name from marks),
-- A person's refusals and interrupts of one moment are one trouble.
single as (
  select shown.*
  from shown
  left join stops using (event_id)
  where stops.event_id is not null or (matches <> 'interrupt' and sort not in ('rejected', 'interrupted'))
),
requests as (
  select
    'api_error' as matches,
    subtype as sort,
    event_id,
    agent,
    session_id,
    thread_id,
    ts,
    "user",
    project,
    text_event_id,
    ts as lost_from,
    answered_at as lost_until,
    answered_at is not null as resolved,
    source_id,
    source_line
  from api_failures
),
repeated as (
  select
    'loop' as matches,
    'loop' as sort,
    event_id,
    agent,
    session_id,
    thread_id,
    ended_at as ts,
    "user",
    project,
    tool_name,
    tool_kind,
    command,
    file_path,
    outcome,
    exit_code,
    try || ' tries, ' || failures || ' failed' as told,
    -- Failures that a later try makes good carry the time themselves.
    if(outcome = 'ok' or succeeded_later, null, first_started_at) as lost_from,
    if(outcome = 'ok' or succeeded_later, null, ended_at) as lost_until,
    outcome = 'ok' as resolved,
    source_id,
    source_line
  from attempts
  where ends_loop
),
-- Found before the commands are looked at, for speed.
long_runs as materialized (
  select *
  from runs
  where
    duration_s >= setting_slow_command_s()
    -- The time from call to result includes waiting for a person.
    and duration_source <> 'call_to_result'
    -- A command that failed is one trouble, however long it took.
    and outcome in ('ok', 'unknown')
),
-- Deliberate waiting is not slow.
working as materialized (
  select *, duration_s - slept_s(command) as worked_s
  from long_runs
  where not waits_on_purpose(command)
),
slow as (
  select
    'run' as matches,
    'slow' as sort,
    run_id as event_id,
    agent,
    session_id,
    thread_id,
    ended_at as ts,
    "user",
    project,
    tool_name,
    'shell' as tool_kind,
    command,
    outcome,
    exit_code,
    output_event_id as text_event_id,
    'ran for ' || cast(round(duration_s) as bigint) || ' s' as told,
    outcome = 'ok' as resolved,
    make_timestamptz(
      epoch_us(ended_at) - micros(worked_s - cast(setting_slow_command_s() as decimal(18, 6)))
    ) as lost_from,
    ended_at as lost_until,
    source_id,
    source_line
  from working
  where worked_s >= setting_slow_command_s()
),
all_troubles as (
  from single
  union all by name from requests
  union all by name from repeated
  union all by name from slow
  union all by name from hidden
  union all by name from asked
)
select
  matches,
  sort,
  event_id,
  agent,
  session_id,
  thread_id,
  ts,
  "user",
  project,
  tool_name,
  tool_kind,
  command,
  file_path,
  outcome,
  exit_code,
  text_event_id,
  told,
  lost_from,
  lost_until,
  resolved,
  source_id,
  source_line
from all_troubles
