-- Whether each fix helped: incidents that it should have ended per 100 tool calls, in the sessions that began in the
-- stretch before it and in the stretch of the same length after it, of its project where it names one.
-- grain: one row per fix
-- key: fix_id
-- reads: staging.events, intermediate.fix_matches, seeds.fixes, seeds.thresholds
-- columns:
--   fix_id: the person's own name for it
--   title: what was repaired
--   fixed_at: when
--   incidents: all incidents that it matches
--   stretch_s: length of the stretches: from the fix to the last event, at most the limit, seconds; null without events
--   calls_before: tool calls of the sessions that began in the stretch before
--   calls_after: tool calls of the sessions that began in the stretch after
--   incidents_before: matching incidents of the sessions before
--   incidents_after: matching incidents of the sessions after
--   per_100_calls_before: null without calls
--   per_100_calls_after: null without calls
--   ratio_low: lower end of the 95 % interval of the rate after over the rate before; null without calls
--   ratio_high: upper end
--   verdict: `helped`, `worse`, `no change seen`, `too little data`, or `matches nothing`
with events as not materialized (from staging.events),
matching as materialized (from intermediate.fix_matches),
fixes as (from seeds.fixes),
thresholds as (from seeds.thresholds),
limits as (
  select
    max(value) filter (name = 'fix_stretch_s') as stretch_s,
    max(value) filter (name = 'fix_calls') as calls,
    max(value) filter (name = 'fix_incidents') as incidents
  from thresholds
),
sessions as materialized (
  select
    agent,
    session_id,
    any_value(project) as project,
    min(ts) filter (ts_source = 'event') as started_at,
    count(*) filter (kind = 'tool_call') as calls
  from events
  semi join (select 1 as has_fixes from fixes limit 1) as any_fix on true
  group by agent, session_id
),
last_event as (select max(started_at) as last_at from sessions),
stretches as (
  select
    fixes.*,
    case
      when epoch(last_event.last_at) > epoch(fixes.fixed_at)
      then least(epoch(last_event.last_at) - epoch(fixes.fixed_at), limits.stretch_s)
    end as stretch_s
  from fixes
  cross join last_event
  cross join limits
),
placed as (
  select
    stretches.fix_id,
    sessions.agent,
    sessions.session_id,
    sessions.calls,
    sessions.started_at >= stretches.fixed_at as after
  from stretches
  join sessions
    on
      (stretches.project is null or stretches.project = sessions.project)
      and abs(epoch(sessions.started_at) - epoch(stretches.fixed_at)) <= stretches.stretch_s
),
counted as (
  select
    placed.fix_id,
    placed.after,
    placed.calls,
    count(matching.incident_id) as incidents
  from placed
  left join matching
    on
      matching.fix_id = placed.fix_id
      and matching.agent = placed.agent
      and matching.session_id = placed.session_id
  group by placed.fix_id, placed.agent, placed.session_id, placed.after, placed.calls
),
summed as (
  select
    fix_id,
    coalesce(sum(calls) filter (not after), 0) as calls_before,
    coalesce(sum(calls) filter (after), 0) as calls_after,
    coalesce(sum(incidents) filter (not after), 0) as incidents_before,
    coalesce(sum(incidents) filter (after), 0) as incidents_after
  from counted
  group by fix_id
),
totals as (select fix_id, count(*) as incidents from matching group by fix_id),
measured as (
  select
    stretches.*,
    coalesce(totals.incidents, 0) as incidents,
    coalesce(summed.calls_before, 0) as calls_before,
    coalesce(summed.calls_after, 0) as calls_after,
    coalesce(summed.incidents_before, 0) as incidents_before,
    coalesce(summed.incidents_after, 0) as incidents_after,
    rate_ratio_interval(
      summed.incidents_after, summed.calls_after, summed.incidents_before, summed.calls_before
    ) as ratio
  from stretches
  left join totals using (fix_id)
  left join summed using (fix_id)
)
select
  measured.fix_id,
  measured.title,
  measured.fixed_at,
  measured.incidents,
  measured.stretch_s,
  cast(measured.calls_before as bigint) as calls_before,
  cast(measured.calls_after as bigint) as calls_after,
  cast(measured.incidents_before as bigint) as incidents_before,
  cast(measured.incidents_after as bigint) as incidents_after,
  measured.incidents_before * 100.0 / nullif(measured.calls_before, 0) as per_100_calls_before,
  measured.incidents_after * 100.0 / nullif(measured.calls_after, 0) as per_100_calls_after,
  measured.ratio[1] as ratio_low,
  measured.ratio[2] as ratio_high,
  case
    when measured.incidents = 0 then 'matches nothing'
    when
      measured.calls_before < limits.calls
      or measured.calls_after < limits.calls
      or measured.incidents_before + measured.incidents_after < limits.incidents
      then 'too little data'
    when measured.ratio[2] < 1 then 'helped'
    when measured.ratio[1] > 1 then 'worse'
    else 'no change seen'
  end as verdict
from measured
cross join limits
