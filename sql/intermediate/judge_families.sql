-- Sessions that another session started, with the one that a person began: up to three levels below it.
-- grain: one row per session with a parent
-- key: agent, session_id
-- reads: intermediate.judge_sessions
-- kept: candidates, facts and events of a session all begin with it
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   root_session_id: the session that the person began
with sessions as (from intermediate.judge_sessions),
links as (select agent, session_id, parent_session_id from sessions where parent_session_id is not null)
select
  links.agent,
  links.session_id,
  coalesce(grandparents.parent_session_id, parents.parent_session_id, links.parent_session_id) as root_session_id
from links
left join links as parents on parents.agent = links.agent and parents.session_id = links.parent_session_id
left join links as grandparents
  on grandparents.agent = links.agent and grandparents.session_id = parents.parent_session_id
