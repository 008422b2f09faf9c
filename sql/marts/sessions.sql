-- Sessions, whole.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.session_totals, intermediate.session_titles
-- columns: as sessions_in
with totals as (from intermediate.session_totals),
titles as (from intermediate.session_titles)
select
  totals.agent,
  totals.session_id,
  totals.parent_session_id,
  totals.is_subagent,
  totals."user",
  totals.project,
  totals.cwd,
  totals.git_branch,
  totals.agent_version,
  titles.title,
  titles.first_prompt,
  totals.started_at,
  totals.ended_at,
  totals.wall_s,
  totals.active_s,
  totals.active_capped_s,
  totals.gaps,
  totals.prompts,
  totals.replies,
  totals.responses,
  totals.tool_calls,
  totals.tool_errors,
  totals.rejections,
  totals.interrupts,
  totals.events,
  totals.models,
  totals.input_tokens,
  totals.output_tokens,
  totals.cache_read_tokens,
  totals.cache_write_5m_tokens,
  totals.cache_write_1h_tokens,
  totals.cost_usd,
  totals.cost_unknown_responses
from totals
left join titles on titles.agent = totals.agent and titles.session_id = totals.session_id
