-- Sessions of a window, as `sessions_in`; of all, or of the named ones alone.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.session_figures_in, intermediate.session_titles
-- parameters: since, until, anchor, ids
-- columns: as sessions_in
with figures as (from intermediate.session_figures_in(since, until, anchor, ids)),
titles as (from intermediate.session_titles where in_ids(session_id, ids))
select
  figures.agent,
  figures.session_id,
  figures.parent_session_id,
  figures.is_subagent,
  figures."user",
  figures.project,
  figures.cwd,
  figures.git_branch,
  figures.agent_version,
  titles.title,
  titles.first_prompt,
  figures.started_at,
  figures.ended_at,
  figures.wall_s,
  figures.active_s,
  figures.active_capped_s,
  figures.gaps,
  figures.prompts,
  figures.replies,
  figures.responses,
  figures.tool_calls,
  figures.tool_errors,
  figures.rejections,
  figures.interrupts,
  figures.events,
  figures.models,
  figures.input_tokens,
  figures.output_tokens,
  figures.cache_read_tokens,
  figures.cache_write_5m_tokens,
  figures.cache_write_1h_tokens,
  figures.cost_usd,
  figures.cost_unknown_responses
from figures
left join titles on titles.agent = figures.agent and titles.session_id = figures.session_id
