-- Sessions, and whether a judge can judge them: a person asked for something and the agent used a tool for it.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.judge_sessions, intermediate.judge_families
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   project: last part of the first working directory, from the first event that has one
--   started_at: first event with a time of its own
--   ended_at: last event with a time of its own, of the session and of those that it started
--   prompts: prompts that a person typed, main thread
--   tool_calls: tool calls of the main thread
--   not_applicable: subagent, no_prompt, no_tool_call or no_time: why nothing can be judged; null when it can
with counted as (from intermediate.judge_sessions),
families as (from intermediate.judge_families),
started as (
  select families.agent, families.root_session_id, max(counted.ended_at) as ended_at
  from families
  join counted on counted.agent = families.agent and counted.session_id = families.session_id
  group by families.agent, families.root_session_id
)
select
  counted.agent,
  counted.session_id,
  counted.project,
  counted.started_at,
  case when started.ended_at > counted.ended_at then started.ended_at else counted.ended_at end as ended_at,
  counted.prompts,
  counted.tool_calls,
  case
    when families.session_id is not null or counted.main_events = 0 then 'subagent'
    when counted.prompts = 0 then 'no_prompt'
    when counted.tool_calls = 0 then 'no_tool_call'
    when counted.started_at is null then 'no_time'
  end as not_applicable
from counted
left join families on families.agent = counted.agent and families.session_id = counted.session_id
left join started on started.agent = counted.agent and started.root_session_id = counted.session_id
