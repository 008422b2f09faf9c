-- Requests to the provider that failed: errors that follow each other in a thread, with no answer and no prompt
-- between, are retries of one request.
-- grain: one row per failed request
-- key: event_id
-- reads: staging.events
-- columns:
--   event_id: identity of the first error
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   user: the person
--   project: last part of the source's first working directory
--   ts: time of the first error
--   last_ts: time of the last error
--   errors: number of errors
--   subtype: of the last error that is more than a retry, else retry
--   text_event_id: that error, else the last retry
--   answered_at: the next time the model says something, when that comes before the next prompt
--   source_id: the source of the first error
--   source_line: its line there
with events as not materialized (from staging.events),
errors as (
  select event_id, agent, session_id, thread_id, "user", project, ts, seq, subtype, source_id, source_line
  from events
  where kind = 'api_error'
),
-- A set; by the session's id alone, because comparing several texts for every event takes long.
sessions as (select distinct session_id from errors),
turns as (
  select event_id, agent, session_id, thread_id, kind, ts, seq
  from events
  semi join sessions using (session_id)
  where kind in ('api_error', 'prompt', 'reply', 'thinking', 'tool_call')
),
-- Only the neighbours of errors are asked for: sums over all turns would take long.
surrounded as (
  select
    event_id,
    lag(kind) over turn as previous_kind,
    lead(kind) over turn as next_kind,
    lead(ts) over turn as next_ts
  from turns
  window turn as (partition by agent, session_id, thread_id order by ts, seq, event_id)
  qualify kind = 'api_error'
),
numbered as (
  select
    errors.*,
    if(surrounded.next_kind in ('reply', 'thinking', 'tool_call'), surrounded.next_ts, null) as answered_at,
    count(*) filter (surrounded.previous_kind is distinct from 'api_error') over (
      partition by errors.agent, errors.session_id, errors.thread_id
      order by errors.ts, errors.seq, errors.event_id
      rows between unbounded preceding and current row
    ) as request
  from errors
  join surrounded using (event_id)
),
placed as (
  select
    *,
    row_number() over (partition by agent, session_id, thread_id, request order by ts, seq, event_id) as try
  from numbered
)
select
  arg_min(event_id, try) as event_id,
  agent,
  session_id,
  thread_id,
  arg_min("user", try) as "user",
  arg_min(project, try) as project,
  arg_min(ts, try) as ts,
  arg_max(ts, try) as last_ts,
  count(*) as errors,
  coalesce(arg_max(subtype, try) filter (subtype <> 'retry'), 'retry') as subtype,
  coalesce(arg_max(event_id, try) filter (subtype <> 'retry'), arg_max(event_id, try)) as text_event_id,
  max(answered_at) as answered_at,
  arg_min(source_id, try) as source_id,
  arg_min(source_line, try) as source_line
from placed
group by agent, session_id, thread_id, request
