-- How the current verdicts are spread, each judge on its own: two judges are never averaged.
-- grain: one row per provider, model and version of the judge that gave a current verdict
-- key: provider, model, judge_version
-- reads: judgments, judge_candidates
-- columns:
--   provider: anthropic, openai, openai-compatible
--   model: the model that was asked for
--   judge_version: prompt, schema and renderer together
--   version: the judge in one text: model and judge_version
--   is_newest: whether this judge gave the newest verdict
--   judges: judges that gave the current verdicts; more than 1 means that rows must not be put together
--   eligible: sessions that can be judged
--   judged: sessions with a current verdict of this judge
--   scored: of them with a score
--   null_scores: of them without one, for one of the five reasons that follow
--   no_goal: without a score, because nothing was asked for
--   too_little: because the transcript is too short
--   unreadable: because the transcript cannot be read
--   refused: because the model refused
--   evidence_invalid: because the quotes did not hold
--   errors: because of an error (no verdict in the answer, cut off, not taken): neither a score nor a null
--   score_1: sessions with score 1
--   score_2: sessions with score 2
--   score_3: sessions with score 3
--   score_4: sessions with score 4
--   score_5: sessions with score 5
--   mean_score: mean of the scores; null below 10 of them
--   sd_score: standard deviation of the scores; null below 10 of them
--   modal_share: share of the most frequent score
--   capped: scores that the caps lowered
--   disputed: sessions whose samples differ by two points or more
--   drifted: sessions judged while the model's name meant another model
--   quotes: quotes in the answers
--   quotes_verified: of them found in the event that they name
--   cost_usd: list price; null when one of them is unknown
--   first_judged_at: oldest current verdict of this judge
--   last_judged_at: newest current verdict of this judge
with verdicts as (from judgments),
candidates as (from judge_candidates),
eligible as (select count(*) as eligible from candidates where not_applicable is null),
judges as (
  select
    provider,
    model,
    judge_version,
    count(*) as judged,
    count(score) as scored,
    count(*) filter (null_reason = 'no_goal') as no_goal,
    count(*) filter (null_reason = 'too_little') as too_little,
    count(*) filter (null_reason = 'unreadable') as unreadable,
    count(*) filter (null_reason = 'refused') as refused,
    count(*) filter (null_reason = 'evidence_invalid') as evidence_invalid,
    count(*) filter (starts_with(null_reason, 'error') or null_reason = 'output_truncated') as errors,
    count(*) filter (score = 1) as score_1,
    count(*) filter (score = 2) as score_2,
    count(*) filter (score = 3) as score_3,
    count(*) filter (score = 4) as score_4,
    count(*) filter (score = 5) as score_5,
    avg(score) as mean_score,
    stddev_samp(score) as sd_score,
    count(*) filter (score < proposed_score) as capped,
    count(*) filter (is_disputed) as disputed,
    count(*) filter (is_drifted) as drifted,
    sum(quotes) as quotes,
    sum(quotes_verified) as quotes_verified,
    case when count(cost_usd) = count(*) then sum(cost_usd) end as cost_usd,
    min(judged_at) as first_judged_at,
    max(judged_at) as last_judged_at
  from verdicts
  group by provider, model, judge_version
)
select
  judges.provider,
  judges.model,
  judges.judge_version,
  concat_ws(' ', judges.model, judges.judge_version) as version,
  row_number() over (order by judges.last_judged_at desc, judges.provider, judges.model, judges.judge_version) = 1
    as is_newest,
  (select count(*) from judges) as judges,
  eligible.eligible,
  judges.judged,
  judges.scored,
  judges.judged - judges.scored - judges.errors as null_scores,
  judges.no_goal,
  judges.too_little,
  judges.unreadable,
  judges.refused,
  judges.evidence_invalid,
  judges.errors,
  judges.score_1,
  judges.score_2,
  judges.score_3,
  judges.score_4,
  judges.score_5,
  case when judges.scored >= 10 then round(judges.mean_score, 4) end as mean_score,
  case when judges.scored >= 10 then round(judges.sd_score, 4) end as sd_score,
  case
    when judges.scored > 0
    then
      round(
        greatest(judges.score_1, judges.score_2, judges.score_3, judges.score_4, judges.score_5) / judges.scored, 4
      )
  end as modal_share,
  judges.capped,
  judges.disputed,
  judges.drifted,
  judges.quotes,
  judges.quotes_verified,
  judges.cost_usd,
  judges.first_judged_at,
  judges.last_judged_at
from judges
cross join eligible
