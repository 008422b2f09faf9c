-- What people typed, in the order in which they typed it.
-- grain: one row per prompt with a time
-- key: event_id
-- reads: staging.events
-- kept: troubles, repeated questions and the prompts before incidents come from it
-- columns:
--   event_id: identity of the prompt
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   ts: when it was typed
--   user: the person
--   project: last part of the source's first working directory
--   place: its place among the prompts of the session, from 1
--   said: own words of the first 1,000 characters, without code, quotes and pasted lines; null in a session with one
--     prompt
--   beginning: the first 200 characters as written
--   source_id: the source of the prompt
--   source_line: its line there
with events as (from staging.events),
prompts as (
  select
    event_id,
    agent,
    session_id,
    thread_id,
    ts,
    "user",
    project,
    row_number() over (partition by agent, session_id order by ts, event_id) as place,
    count(*) over (partition by agent, session_id) as prompts,
    left(text, 1000) as text,
    source_id,
    source_line
  from events
  where kind = 'prompt' and ts is not null
)
select
  event_id,
  agent,
  session_id,
  thread_id,
  ts,
  "user",
  project,
  place,
  case when prompts > 1 then own_words(text) end as said,
  left(text, 200) as beginning,
  source_id,
  source_line
from prompts
