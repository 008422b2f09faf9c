-- What each session is, from all its events.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.counted_events
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   parent_session_id: the session that started this one
--   is_subagent: the session has a parent, or nothing on its main thread
--   user: the person, from the first event that names one
--   project: last part of the first working directory, from the first event that has one
--   cwd: working directory of the first event that has one
--   git_branch: git branch of the first event that has one
--   agent_version: version of the agent at the last event that names it
with events as (from intermediate.counted_events),
placed as (select *, event_order(thread_id, ts, seq, source_id) as place from events)
select
  agent,
  session_id,
  arg_min(parent_session_id, place) as parent_session_id,
  count(parent_session_id) > 0 or count(*) filter (thread_id = 'main') = 0 as is_subagent,
  arg_min("user", place) as "user",
  arg_min(project, place) as project,
  arg_min(cwd, place) as cwd,
  arg_min(git_branch, place) as git_branch,
  arg_max(agent_version, place) as agent_version
from placed
group by agent, session_id
