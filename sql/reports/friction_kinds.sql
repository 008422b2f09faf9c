-- The kinds of friction of a window beside the window before: those that cost most time in most sessions, that came
-- back after their fix, that changed, and confusions of people, each with the incident that shows it best; and one row
-- for all.
-- grain: one row per kind (category and signature) with a rank, one for all
-- key: grouped_by, category, signature
-- reads: sessions, session_blocks, friction, friction_rules
-- parameters: since, until, before_since, anchor, privacy, window_calls, earlier_calls
-- columns:
--   grouped_by: kind, all
--   category: kind of trouble; empty for all
--   signature: what it has in common, as the level of privacy lets it be shown; empty for all
--   kinds: number of kinds with an open incident
--   incidents: open incidents
--   sessions: sessions with an open incident
--   lost_s: time lost in open incidents, seconds; null when none tells
--   lost_incidents: open incidents whose lost time is known
--   per_100_calls_low: lower end of the 95 % interval of open incidents per 100 tool calls; null without calls
--   per_100_calls_high: upper end
--   reopened_incidents: incidents of sessions that began after the fix
--   reopened_sessions: sessions with such an incident
--   fix_id: the last of the fixes that these came after
--   pre_fix_incidents: incidents before their fix
--   old_session_incidents: incidents after their fix, in a session that began before it
--   pre_fix_sessions: sessions with one of either
--   all_incidents: incidents, whatever was fixed
--   all_sessions: sessions with an incident
--   incidents_before: incidents in the window before, whatever was fixed; null when before_since is
--   change: new, gone, more or less than in the window before; null for none that can be told from chance
--   ratio_low: lower end of the 95 % interval of the rate per tool call over the rate before; null without calls
--   ratio_high: upper end
--   open_rank: place by time lost times sessions, then by sessions; null without open incidents
--   reopened_rank: place by incidents that came back; null without one
--   change_rank: place by the difference to the window before; null without a change
--   rule_id: rule that found the shown incident
--   tool_name: tool of the shown incident
--   command: shell command line of the shown incident, bounded
--   evidence: text of the shown incident
--   prompt_before: the last prompt before the shown incident
--   session_id: session of the shown incident
--   source_line: line of the shown incident in its transcript
--   remedy: what usually helps, a sentence
with all_sessions as (from sessions),
troubles as (from friction),
rules as (from friction_rules),
blocks as (from session_blocks),
-- Sessions that have no times of their own lie in no window but that of all time.
timed as (
  select agent, session_id from blocks group by agent, session_id
  union
  select agent, session_id from all_sessions where since is null and until is null
),
-- By activity the time of the incident decides alone; only by start do the sessions have to be known.
started as (
  select agent, session_id from all_sessions where anchor = 'start' and in_window(started_at, since, until)
),
started_before as (
  select agent, session_id from all_sessions where anchor = 'start' and in_window(started_at, before_since, since)
),
named as (
  select
    *,
    shown_signature(category, signature, rule_id, privacy) as name,
    in_window(ts, since, until)
      and case when anchor = 'start' then (agent, session_id) in (from started) else true end as inside,
    coalesce(ts >= before_since and ts < since, false)
      and case when anchor = 'start' then (agent, session_id) in (from started_before) else true end as earlier
  from troubles
  semi join timed using (agent, session_id)
  where in_window(ts, cast(coalesce(before_since, since) as timestamptz), until)
),
-- Only these columns: others of the view cost more to find.
placed as materialized (
  select
    incident_id,
    agent,
    session_id,
    ts,
    category,
    name,
    rule_id,
    tool_name,
    command,
    evidence,
    prompt_before,
    source_line,
    lost_s,
    fix_status,
    fix_id,
    inside,
    earlier,
    inside and fix_status = 'open' as is_open,
    inside and fix_status = 'reopened' as is_reopened,
    inside and fix_status in ('pre_fix', 'after_fix_in_old_session') as is_old
  from named
  where inside or earlier
),
counted as (
  select
    if(grouping(category) = 0, 'kind', 'all') as grouped_by,
    category,
    name,
    count(distinct (category, name)) filter (is_open) as kinds,
    count(*) filter (is_open) as incidents,
    count(distinct (agent, session_id)) filter (is_open) as sessions,
    sum(lost_s) filter (is_open) as lost_s,
    count(lost_s) filter (is_open) as lost_incidents,
    count(*) filter (is_reopened) as reopened_incidents,
    count(distinct (agent, session_id)) filter (is_reopened) as reopened_sessions,
    max(fix_id) filter (is_reopened) as fix_id,
    count(*) filter (is_old and fix_status = 'pre_fix') as pre_fix_incidents,
    count(*) filter (is_old and fix_status <> 'pre_fix') as old_session_incidents,
    count(distinct (agent, session_id)) filter (is_old) as pre_fix_sessions,
    count(*) filter (inside) as all_incidents,
    count(distinct (agent, session_id)) filter (inside) as all_sessions,
    count(*) filter (earlier) as earlier_incidents,
    rate_ratio_interval(count(*) filter (inside), window_calls, count(*) filter (earlier), earlier_calls) as ratio
  from placed
  group by grouping sets ((category, name), ())
),
compared as (
  select
    *,
    if(grouped_by = 'kind', rate_change(all_incidents, window_calls, earlier_incidents, earlier_calls), null) as change
  from counted
),
ranked as (
  select
    *,
    row_number() over (
      partition by grouped_by
      order by lost_s * sessions desc nulls last, sessions desc, incidents desc, category, name
    ) as open_place,
    row_number() over (
      partition by grouped_by order by reopened_incidents desc, reopened_sessions desc, category, name
    ) as reopened_place,
    row_number() over (
      partition by grouped_by
      order by change is null, abs(all_incidents - earlier_incidents) desc, category, name
    ) as change_place,
    row_number() over (
      partition by grouped_by
      order by coalesce(category, '') = 'user_confusion' desc, incidents desc, name
    ) as confusion_place
  from compared
),
-- The one that came back or is open, that cost most, then the latest; the id decides between equals.
shown as (
  select *
  from placed
  where inside
  qualify
    row_number() over (
      partition by category, name
      order by is_reopened desc, is_open desc, evidence is null, lost_s desc nulls last, ts desc nulls last, incident_id
    ) = 1
)
select
  ranked.grouped_by,
  coalesce(ranked.category, '') as category,
  coalesce(ranked.name, '') as signature,
  ranked.kinds,
  ranked.incidents,
  ranked.sessions,
  ranked.lost_s,
  ranked.lost_incidents,
  rate_interval(ranked.incidents, window_calls / 100.0)[1] as per_100_calls_low,
  rate_interval(ranked.incidents, window_calls / 100.0)[2] as per_100_calls_high,
  ranked.reopened_incidents,
  ranked.reopened_sessions,
  ranked.fix_id,
  ranked.pre_fix_incidents,
  ranked.old_session_incidents,
  ranked.pre_fix_sessions,
  ranked.all_incidents,
  ranked.all_sessions,
  if(before_since is null, null, ranked.earlier_incidents) as incidents_before,
  ranked.change,
  ranked.ratio[1] as ratio_low,
  ranked.ratio[2] as ratio_high,
  if(ranked.incidents > 0, ranked.open_place, null) as open_rank,
  if(ranked.reopened_incidents > 0, ranked.reopened_place, null) as reopened_rank,
  if(ranked.change is null, null, ranked.change_place) as change_rank,
  shown.rule_id,
  shown.tool_name,
  shown.command,
  shown.evidence,
  shown.prompt_before,
  shown.session_id,
  shown.source_line,
  rules.remedy
from ranked
left join shown on ranked.grouped_by = 'kind' and shown.category = ranked.category and shown.name = ranked.name
left join rules on rules.rule_id = shown.rule_id
where
  ranked.grouped_by = 'all'
  or (ranked.incidents > 0 and ranked.open_place <= 10)
  or (ranked.reopened_incidents > 0 and ranked.reopened_place <= 10)
  or (ranked.change is not null and ranked.change_place <= 10)
  or (ranked.category = 'user_confusion' and ranked.incidents > 0 and ranked.confusion_place <= 5)
order by ranked.grouped_by, ranked.open_place
