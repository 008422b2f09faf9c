-- What judges said of the sessions of a window: all that can be judged, with the current verdict where there is one.
-- grain: one row per session that can be judged or was
-- key: agent, session_id
-- reads: judgments, judge_candidates
-- parameters: since, until, anchor
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   is_eligible: a person asked for something and the agent used a tool
--   version: the judge in one text, model and judge_version; null where no judge has been
--   judged_at: when it was judged
--   score: 1 to 5; null without one
--   null_reason: why there is no score
--   caps: what lowered the score, comma-separated
--   blocker: none, environment, permission, missing_information, user_stopped, model_limit
--   divergence: on_track, partial, pivot, off_target
--   requirements: what was asked for, with status and quotes, JSON
--   is_disputed: two judges or samples differ by two points or more
--   lowest_score: lowest score of a sample or of the second judge
--   highest_score: highest score of a sample or of the second judge
--   quotes: quotes in the answers
--   quotes_verified: of them found in the event that they name
with verdicts as (from judgments),
candidates as (from judge_candidates)
select
  candidates.agent,
  candidates.session_id,
  candidates.not_applicable is null as is_eligible,
  case when verdicts.session_id is not null then concat_ws(' ', verdicts.model, verdicts.judge_version) end as version,
  verdicts.judged_at,
  verdicts.score,
  verdicts.null_reason,
  verdicts.caps,
  verdicts.blocker,
  verdicts.divergence,
  verdicts.requirements,
  coalesce(verdicts.is_disputed, false) as is_disputed,
  least(verdicts.lowest_score, verdicts.second_score) as lowest_score,
  greatest(verdicts.highest_score, verdicts.second_score) as highest_score,
  verdicts.quotes,
  verdicts.quotes_verified
from candidates
left join verdicts on verdicts.agent = candidates.agent and verdicts.session_id = candidates.session_id
where
  (candidates.not_applicable is null or verdicts.session_id is not null)
  and case
    when anchor = 'start' then in_window(candidates.started_at, since, until)
    else (since is null or candidates.ended_at >= since) and (until is null or candidates.started_at < until)
  end
order by verdicts.judged_at desc nulls last, candidates.agent, candidates.session_id
