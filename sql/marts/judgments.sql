-- The current verdict of each session: what the newest judge made of the newest transcript, over all its samples.
-- grain: one row per judged session
-- key: agent, session_id
-- reads: staging.verdicts
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   project: project of the session
--   judged_at: when the newest sample was judged
--   provider: anthropic, openai, openai-compatible
--   model: the model that was asked for
--   answered_model: the model that answered, in the service's own words
--   judge_version: prompt, schema and renderer together; never compare or average two of them
--   score: 1 to 5, the median of three or more samples, else the first sample's; null when it cannot be judged
--   proposed_score: the score that the model proposed in the first sample, before the caps
--   null_reason: why there is no score
--   caps: what lowered the score, comma-separated
--   outcome: done, not_done, blocked
--   blocker: none, environment, permission, missing_information, user_stopped, model_limit
--   divergence: on_track, partial, pivot, off_target
--   user_satisfaction: accepted, corrected, rejected, silent
--   confidence: low, medium, high
--   rationale: why, in the words of the model
--   requirements: what was asked for, with status and quotes, JSON
--   quotes: quotes in the answers of all samples
--   quotes_verified: of them found in the event that they name
--   samples: samples of this judge
--   scored_samples: of them with a score
--   lowest_score: lowest score of a sample
--   highest_score: highest score of a sample
--   second_model: the other judge that was asked, too; null where none was
--   second_score: what it said; it never becomes the score
--   is_disputed: whether two samples, or the two judges, differ by two points or more, so that a person should look
--   is_drifted: whether the model's name began to mean another model
--   cost_usd: list price of all samples; null when it is unknown
with verdicts as (from staging.verdicts),
flagged as (
  select
    *,
    case when null_reason is null then score end as counted_score,
    list_contains(string_split(coalesce(flags, ''), ','), 'second_opinion') as is_second
  from verdicts
),
counted as (select * from flagged where not is_second),
newest as (
  select *
  from counted
  qualify row_number() over (partition by agent, session_id order by judged_at desc, sample_index, key) = 1
),
current_samples as (
  select counted.*
  from newest
  join counted
    on counted.agent = newest.agent
    and counted.session_id = newest.session_id
    and counted.provider is not distinct from newest.provider
    and counted.host is not distinct from newest.host
    and counted.model is not distinct from newest.model
    and counted.judge_version is not distinct from newest.judge_version
    and counted.effort is not distinct from newest.effort
    and counted.max_tokens is not distinct from newest.max_tokens
    and counted.rendered_sha256 is not distinct from newest.rendered_sha256
    and counted.facts_sha256 is not distinct from newest.facts_sha256
),
first_sample as (
  select *
  from current_samples
  qualify row_number() over (partition by agent, session_id order by sample_index, judged_at, key) = 1
),
over_samples as (
  select
    agent,
    session_id,
    max(judged_at) as judged_at,
    count(*) as samples,
    count(counted_score) as scored_samples,
    quantile_disc(counted_score, 0.5) as median_score,
    min(counted_score) as lowest_score,
    max(counted_score) as highest_score,
    sum(quotes) as quotes,
    sum(quotes_verified) as quotes_verified,
    bool_or(list_contains(string_split(coalesce(flags, ''), ','), 'drift')) as is_drifted,
    case when count(cost_usd_micros) = count(*) then sum(cost_usd_micros) end as cost_usd_micros
  from current_samples
  group by agent, session_id
),
-- What another judge said of the same transcript; it decides nothing, and a difference is for a person.
second_opinion as (
  select flagged.*
  from flagged
  join first_sample
    on first_sample.agent = flagged.agent
    and first_sample.session_id = flagged.session_id
    and first_sample.rendered_sha256 is not distinct from flagged.rendered_sha256
    and first_sample.facts_sha256 is not distinct from flagged.facts_sha256
  where flagged.is_second
  qualify
    row_number() over (
      partition by flagged.agent, flagged.session_id order by flagged.judged_at desc, flagged.key
    ) = 1
),
scored as (
  select
    first_sample.agent,
    first_sample.session_id,
    first_sample.project,
    over_samples.judged_at,
    first_sample.provider,
    first_sample.model,
    first_sample.answered_model,
    first_sample.judge_version,
    case
      when over_samples.scored_samples >= 3 then over_samples.median_score
      else first_sample.counted_score
    end as score,
    first_sample.proposed_score,
    case when over_samples.scored_samples < 3 then first_sample.null_reason end as null_reason,
    first_sample.caps,
    first_sample.outcome,
    first_sample.blocker,
    first_sample.divergence,
    first_sample.user_satisfaction,
    first_sample.confidence,
    first_sample.rationale,
    first_sample.requirements,
    over_samples.quotes,
    over_samples.quotes_verified,
    over_samples.samples,
    over_samples.scored_samples,
    over_samples.lowest_score,
    over_samples.highest_score,
    over_samples.highest_score - over_samples.lowest_score >= 2 as samples_differ,
    over_samples.is_drifted,
    usd(over_samples.cost_usd_micros) as cost_usd
  from first_sample
  join over_samples on over_samples.agent = first_sample.agent and over_samples.session_id = first_sample.session_id
)
select
  scored.* exclude (samples_differ, is_drifted, cost_usd),
  second_opinion.model as second_model,
  second_opinion.counted_score as second_score,
  coalesce(scored.samples_differ, false) or coalesce(abs(scored.score - second_opinion.counted_score) >= 2, false)
    as is_disputed,
  scored.is_drifted,
  scored.cost_usd
from scored
left join second_opinion
  on second_opinion.agent = scored.agent and second_opinion.session_id = scored.session_id
