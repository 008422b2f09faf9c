-- Everything that may be friction, before the rules name it: failed tool calls, stops, failed requests, compactions,
-- retry loops and slow commands. Text of results that are fine is never looked at.
-- grain: one row per trouble and source of it
-- key: matches, event_id
-- reads: staging.events, intermediate.attempts, intermediate.stops, intermediate.api_failures,
--   intermediate.command_times
-- columns:
--   matches: what the trouble is, as the rules call it: result, interrupt, api_error, compaction, loop, run
--   sort: outcome of a result, subtype of an event, `loop` or `slow`
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
--   over_s: seconds beyond the limit, for slow commands
--   source_id: the source of the event
--   source_line: its line there
with events as not materialized (from staging.events),
attempts as materialized (from intermediate.attempts),
stops as (from intermediate.stops),
api_failures as (from intermediate.api_failures),
runs as (from intermediate.command_times),
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
    -- To the next try: the times of the tries of one thing add up and never overlap.
    if(succeeded_later, ended_at, null) as lost_from,
    if(succeeded_later, next_ended_at, null) as lost_until,
    succeeded_later as resolved,
    source_id,
    result_source_line as source_line
  from attempts
  where failed
),
-- Two scans, for speed: only a condition on one value of a column spares the engine the other columns.
marked as (
  select 'interrupt' as matches, *
  from events
  where kind = 'interrupt'
  union all
  select 'compaction' as matches, *
  from events
  -- A microcompaction only drops old tool results.
  where kind = 'system' and subtype = 'compaction' and not contains(record_type, 'microcompact')
),
marks as (
  select
    matches,
    subtype as sort,
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
    'ran for ' || cast(round(duration_s) as bigint) || ' s' as told,
    outcome = 'ok' as resolved,
    duration_s - cast(setting_slow_command_s() as decimal(18, 6)) as over_s,
    source_id,
    source_line
  from runs
  -- The time from call to result includes waiting for a person, but a command that timed out did run.
  where duration_s >= setting_slow_command_s() and (duration_source <> 'call_to_result' or outcome = 'timeout')
),
all_troubles as (
  from single
  union all by name from requests
  union all by name from repeated
  union all by name from slow
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
  over_s,
  source_id,
  source_line
from all_troubles
