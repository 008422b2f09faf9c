-- What tells whether a judge can judge a session, from its own events.
-- grain: one row per session
-- key: agent, session_id
-- reads: staging.events
-- stored: every report asks which sessions can be judged
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   parent_session_id: the first in order of the other sessions that it names as its parent
--   project: last part of the first working directory, from the first event that has one
--   started_at: first event with a time of its own
--   ended_at: last event with a time of its own
--   main_events: events of the main thread
--   prompts: prompts that a person typed, main thread
--   tool_calls: tool calls of the main thread
with events as (from staging.events)
select
  agent,
  session_id,
  min(parent_session_id) filter (parent_session_id <> session_id) as parent_session_id,
  arg_min(project, event_order(thread_id, ts, seq, source_id)) filter (project is not null) as project,
  min(ts) filter (ts_source = 'event') as started_at,
  max(ts) filter (ts_source = 'event') as ended_at,
  count(*) filter (thread_id = 'main') as main_events,
  count(*) filter (kind = 'prompt' and thread_id = 'main') as prompts,
  count(*) filter (kind = 'tool_call' and thread_id = 'main') as tool_calls
from events
group by agent, session_id
