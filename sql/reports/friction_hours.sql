-- Friction by hour of the day in the configured zone, with 95 % intervals, beside the window before. A block of
-- activity counts for the hours that it lies in, cut at the ends of the window.
-- grain: one row per hour of the day
-- key: hour
-- reads: sessions, session_blocks, tool_outcomes, friction
-- parameters: since, until, before_since, anchor
-- columns:
--   hour: 00 to 23
--   people: persons who had a tool called in it
--   sessions: sessions active in it
--   tool_calls: tool calls begun in it
--   active_s: active time, seconds
--   incidents: incidents, whatever was fixed
--   per_session: null without sessions
--   per_session_low: lower end of the 95 % interval
--   per_session_high: upper end
--   per_100_calls: null without calls
--   per_100_calls_low: lower end of the 95 % interval
--   per_100_calls_high: upper end
--   per_active_hour: null without active time
--   per_active_hour_low: lower end of the 95 % interval
--   per_active_hour_high: upper end
--   incidents_before: incidents of the window before; null without one, as the following
--   per_session_before: rate in the window before
--   per_100_calls_before: rate in the window before
--   per_active_hour_before: rate in the window before
--   change: new, gone, more or less per tool call than in the window before; null where chance can explain it
with all_sessions as (from sessions),
blocks as (from session_blocks),
calls as (from tool_outcomes),
troubles as (from friction),
-- By activity the time alone decides; only by start do the sessions have to be known.
started as (
  select true as is_now, agent, session_id
  from all_sessions
  where anchor = 'start' and in_window(started_at, since, until)
  union all
  select false as is_now, agent, session_id
  from all_sessions
  where anchor = 'start' and in_window(started_at, before_since, since)
),
windows as (
  select true as is_now, cast(since as timestamptz) as from_ts, cast(until as timestamptz) as to_ts
  union all
  select false as is_now, cast(before_since as timestamptz) as from_ts, cast(since as timestamptz) as to_ts
  where before_since is not null
),
clipped as materialized (
  select
    windows.is_now,
    blocks.agent,
    blocks.session_id,
    epoch_us(greatest(blocks.block_start, coalesce(windows.from_ts, blocks.block_start))) as from_us,
    epoch_us(least(blocks.block_end, coalesce(windows.to_ts, blocks.block_end))) as to_us
  from blocks
  join windows
    on
      (windows.from_ts is null or blocks.block_end >= windows.from_ts)
      and (windows.to_ts is null or blocks.block_start < windows.to_ts)
  where
    case
      when anchor = 'start' then (windows.is_now, blocks.agent, blocks.session_id) in (from started)
      else true
    end
),
timed as (select is_now, agent, session_id from clipped group by all),
-- Quarters of an hour: no zone's hour begins elsewhere.
unfolded as (select *, unnest(range(from_us // 900000000, to_us // 900000000 + 1)) as quarter from clipped),
pieces as (
  select
    is_now,
    agent,
    session_id,
    cast(null as varchar) as person,
    make_timestamptz(quarter * 900000000) as ts,
    least(to_us, (quarter + 1) * 900000000) - greatest(from_us, quarter * 900000000) as active_us,
    0 as calls,
    0 as incidents
  from unfolded
),
called as (
  select windows.is_now, calls.agent, calls.session_id, calls."user", calls.started_at as ts, 0, 1, 0
  from calls
  join windows on in_window(calls.started_at, windows.from_ts, windows.to_ts)
  where
    in_window(calls.started_at, cast(coalesce(before_since, since) as timestamptz), until)
    and (windows.is_now, calls.agent, calls.session_id) in (from timed)
),
failed as (
  select windows.is_now, troubles.agent, troubles.session_id, troubles."user", troubles.ts, 0, 0, 1
  from troubles
  join windows on in_window(troubles.ts, windows.from_ts, windows.to_ts)
  where
    in_window(troubles.ts, cast(coalesce(before_since, since) as timestamptz), until)
    and (windows.is_now, troubles.agent, troubles.session_id) in (from timed)
),
together as (
  from pieces
  union all
  from called
  union all
  from failed
),
summed as (
  select
    is_now,
    strftime(timezone(setting_zone(), ts), '%H') as hour,
    count(distinct person) as people,
    count(distinct (agent, session_id)) as sessions,
    cast(sum(calls) as bigint) as tool_calls,
    seconds(sum(active_us)) as active_s,
    cast(sum(incidents) as bigint) as incidents,
    sum(active_us) / 3600000000 as active_hours
  from together
  where ts is not null
  group by all
),
now as (from summed where is_now),
before as (from summed where not is_now)
select
  now.hour,
  now.people,
  now.sessions,
  now.tool_calls,
  now.active_s,
  now.incidents,
  now.incidents / nullif(now.sessions, 0) as per_session,
  rate_interval(now.incidents, now.sessions)[1] as per_session_low,
  rate_interval(now.incidents, now.sessions)[2] as per_session_high,
  now.incidents * 100 / nullif(now.tool_calls, 0) as per_100_calls,
  rate_interval(now.incidents, now.tool_calls / 100)[1] as per_100_calls_low,
  rate_interval(now.incidents, now.tool_calls / 100)[2] as per_100_calls_high,
  now.incidents / nullif(now.active_hours, 0) as per_active_hour,
  rate_interval(now.incidents, now.active_hours)[1] as per_active_hour_low,
  rate_interval(now.incidents, now.active_hours)[2] as per_active_hour_high,
  if(before_since is null, null, coalesce(before.incidents, 0)) as incidents_before,
  before.incidents / nullif(before.sessions, 0) as per_session_before,
  before.incidents * 100 / nullif(before.tool_calls, 0) as per_100_calls_before,
  before.incidents / nullif(before.active_hours, 0) as per_active_hour_before,
  rate_change(now.incidents, now.tool_calls, before.incidents, before.tool_calls) as change
from now
left join before using (hour)
order by now.hour
