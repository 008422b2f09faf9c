-- What each session is called and what it was first asked, from all its events.
-- grain: one row per session with a title or a prompt
-- key: agent, session_id
-- reads: staging.events
-- stored: texts are most of what there is to read
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   title: the last title given by a person, else by the agent, else by a summary
--   first_prompt: text of the first prompt, bounded
with events as (from staging.events),
placed as (
  select
    agent,
    session_id,
    text,
    event_order(thread_id, ts, seq, source_id) as place,
    if(kind = 'prompt', 'prompt', subtype) as headline
  from events
  where
    kind = 'prompt' or (kind = 'meta' and subtype in ('title_custom', 'title_ai', 'title_summary'))
)
select
  agent,
  session_id,
  coalesce(
    arg_max(text, place) filter (headline = 'title_custom'),
    arg_max(text, place) filter (headline = 'title_ai'),
    arg_max(text, place) filter (headline = 'title_summary')
  ) as title,
  arg_min(text, place) filter (headline = 'prompt') as first_prompt
from placed
group by agent, session_id
