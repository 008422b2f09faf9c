-- Friction per session, per 100 tool calls and per active hour, with 95 % intervals, beside the window before: of all,
-- by category, project, agent, model and person. Incidents count whatever was fixed; `live` ones are open or reopened.
-- Per active hour only sessions whose times are known count, above and below the line.
-- grain: one row per dimension and value
-- key: dimension, value
-- reads: sessions_in, friction, friction_rules
-- parameters: since, until, before_since, anchor
-- columns:
--   dimension: all, category, project, agent, model, person
--   value: which; empty for all and where a session names none; `(several)` for sessions with several models
--   people: persons in its sessions
--   sessions: sessions
--   tool_calls: tool calls
--   active_s: active time, seconds; null when no session's times are known
--   incidents: incidents
--   live_incidents: of them open or reopened
--   per_session: null without sessions
--   per_session_low: lower end of the 95 % interval
--   per_session_high: upper end
--   per_100_calls: null without calls
--   per_100_calls_low: lower end of the 95 % interval
--   per_100_calls_high: upper end
--   per_active_hour: null when no active time is known
--   per_active_hour_low: lower end of the 95 % interval
--   per_active_hour_high: upper end
--   live_per_100_calls: of open and reopened incidents
--   live_per_active_hour: of open and reopened incidents
--   sessions_before: sessions of the window before; null without one, as the following
--   incidents_before: incidents of the window before
--   per_session_before: rate in the window before
--   per_100_calls_before: rate in the window before
--   per_active_hour_before: rate in the window before
--   change: new, gone, more or less per tool call than in the window before; null where chance can explain it
with sessions as (from sessions_in(since, until, anchor)),
sessions_before as (from sessions_in(before_since, since, anchor)),
troubles as (from friction),
rules as (from friction_rules),
both_windows as (
  select true as is_now, agent, session_id, "user", project, models, tool_calls, active_s from sessions
  union all
  select false as is_now, agent, session_id, "user", project, models, tool_calls, active_s
  from sessions_before
  where before_since is not null
),
versions as (select *, list_distinct([model_version(model) for model in models]) as known_models from both_windows),
unfolded as (
  select
    is_now,
    agent,
    session_id,
    "user" as person,
    tool_calls,
    active_s,
    unnest([
      {dimension: 'all', value: ''},
      {dimension: 'project', value: coalesce(project, '')},
      {dimension: 'agent', value: agent},
      {dimension: 'model', value: if(len(known_models) > 1, '(several)', coalesce(known_models[1], ''))},
      {dimension: 'person', value: coalesce("user", '')}
    ]) as part
  from versions
),
parts as materialized (select * exclude (part), part.dimension, part.value from unfolded),
exposed as (
  select
    dimension,
    value,
    is_now,
    count(distinct person) as people,
    count(*) as sessions,
    cast(sum(tool_calls) as bigint) as tool_calls,
    sum(active_s) as active_s
  from parts
  group by dimension, value, is_now
),
met as (
  select parts.dimension, parts.value, parts.is_now, parts.active_s, troubles.category, troubles.fix_status
  from troubles
  join parts
    on
      parts.agent = troubles.agent
      and parts.session_id = troubles.session_id
      and if(parts.is_now, in_window(troubles.ts, since, until), troubles.ts >= before_since and troubles.ts < since)
  where in_window(troubles.ts, cast(coalesce(before_since, since) as timestamptz), until)
),
placed as (
  select dimension, value, is_now, active_s, fix_status from met
  union all
  select 'category' as dimension, category as value, is_now, active_s, fix_status from met where dimension = 'all'
),
counted as (
  select
    dimension,
    value,
    is_now,
    count(*) as incidents,
    count(active_s) as timed,
    count(*) filter (fix_status in ('open', 'reopened')) as live,
    count(active_s) filter (fix_status in ('open', 'reopened')) as live_timed
  from placed
  group by dimension, value, is_now
),
-- The categories of rules that found nothing have their row, too: nothing in so many calls is an answer. A rule of
-- category `none` says what is no friction.
categories as (
  select category from rules where category <> 'none'
  union
  select value as category from counted where dimension = 'category'
),
exposures as (
  from exposed
  union all by name
  select exposed.* replace ('category' as dimension, categories.category as value)
  from exposed
  cross join categories
  where exposed.dimension = 'all'
),
paired as (
  select
    exposures.*,
    coalesce(counted.incidents, 0) as incidents,
    coalesce(counted.timed, 0) as timed,
    coalesce(counted.live, 0) as live,
    coalesce(counted.live_timed, 0) as live_timed,
    cast(exposures.active_s as double) / 3600 as hours
  from exposures
  left join counted using (dimension, value, is_now)
),
now as (from paired where is_now),
before as (from paired where not is_now)
select
  now.dimension,
  now.value,
  now.people,
  now.sessions,
  now.tool_calls,
  now.active_s,
  now.incidents,
  now.live as live_incidents,
  now.incidents / nullif(now.sessions, 0) as per_session,
  rate_interval(now.incidents, now.sessions)[1] as per_session_low,
  rate_interval(now.incidents, now.sessions)[2] as per_session_high,
  now.incidents * 100 / nullif(now.tool_calls, 0) as per_100_calls,
  rate_interval(now.incidents, now.tool_calls / 100)[1] as per_100_calls_low,
  rate_interval(now.incidents, now.tool_calls / 100)[2] as per_100_calls_high,
  now.timed / nullif(now.hours, 0) as per_active_hour,
  rate_interval(now.timed, now.hours)[1] as per_active_hour_low,
  rate_interval(now.timed, now.hours)[2] as per_active_hour_high,
  now.live * 100 / nullif(now.tool_calls, 0) as live_per_100_calls,
  now.live_timed / nullif(now.hours, 0) as live_per_active_hour,
  if(before_since is null, null, coalesce(before.sessions, 0)) as sessions_before,
  if(before_since is null, null, coalesce(before.incidents, 0)) as incidents_before,
  before.incidents / nullif(before.sessions, 0) as per_session_before,
  before.incidents * 100 / nullif(before.tool_calls, 0) as per_100_calls_before,
  before.timed / nullif(before.hours, 0) as per_active_hour_before,
  rate_change(now.incidents, now.tool_calls, before.incidents, before.tool_calls) as change
from now
left join before using (dimension, value)
order by now.dimension, now.sessions desc, now.value
