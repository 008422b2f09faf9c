-- Seconds are decimals: sums of doubles differ in the last digits from one run with threads to the next.
create macro seconds(micros) as cast(cast(micros as decimal(18, 0)) * 0.000001 as decimal(18, 6));
-- Eighteen digits would end at twelve days.
create macro micros(seconds) as cast(cast(seconds as decimal(38, 6)) * 1000000 as bigint);

-- Whether a time lies in a window: `since` belongs to it, `until` does not, null is no bound.
create macro in_window(ts, since, until) as (since is null or ts >= since) and (until is null or ts < until);

-- Whether a window holds everything of a session, so that its figures in the window are those of the whole session.
create macro is_whole_in(first_ts, last_ts, untimed_events, since, until) as
  untimed_events = 0 and in_window(first_ts, since, until) and in_window(last_ts, since, until);

-- Whether a window holds only a part of a session.
create macro is_cut_by(first_ts, last_ts, untimed_events, since, until) as
  (since is null or last_ts >= since)
  and (until is null or first_ts < until)
  and not is_whole_in(first_ts, last_ts, untimed_events, since, until);

-- The date of an instant in the configured zone.
create macro local_day(ts) as cast(timezone(setting_zone(), ts) as date);

-- The first instant of a date in the configured zone. Where the clock goes back over midnight, an hour belongs to
-- the date twice and DuckDB gives the later of the two midnights.
create macro later_midnight(day) as timezone(setting_zone(), cast(day as timestamp));
create macro day_start(day) as case
  when local_day(later_midnight(day) - interval 1 hour) = cast(day as date) then later_midnight(day) - interval 1 hour
  else later_midnight(day)
end;

-- The begin of a time's quarter of an hour, microseconds since 1970; `//` alone would round times before 1970 up.
create macro quarter_start_us(ts) as epoch_us(ts) - (epoch_us(ts) % 900000000 + 900000000) % 900000000;

create macro quarter_start(ts) as make_timestamptz(quarter_start_us(cast(ts as timestamptz)));
create macro quarter_after(ts) as make_timestamptz(quarter_start_us(cast(ts as timestamptz)) + 900000000);
-- The quarter of events without any time, which lie in no window. A transcript cannot tell it.
create macro no_quarter() as timestamptz '0001-01-01 00:00:00+00';
-- A bound of a window that cuts no quarter.
create macro begins_quarter(bound) as bound is null or epoch_us(cast(bound as timestamptz)) % 900000000 = 0;

-- Order of a session's events as one BIGINT, main thread first, because arg_min over a struct is slow: 1 bit thread,
-- 42 bits milliseconds since 2000 (events without a time last, by position), 8 bits position, 11 bits source, so that
-- events of two files in one millisecond do not come out in the order of the threads that read them.
create macro event_order(thread_id, ts, seq, source_id) as
  if(thread_id = 'main', 0, 2305843009213693952)
  + if(
    ts is null,
    2199023255552 + coalesce(seq, 0),
    least(greatest(epoch_ms(ts) - 946684800000, 0), 2199023255551)
  ) * 524288
  + (coalesce(seq, 0) % 256) * 2048
  + cast(hash(source_id) % 2048 as bigint);

-- The pauses between neighbours of a sorted list of microseconds that are longer than a threshold, in seconds.
create macro pauses_between(times, threshold_s) as [
  {from_us: pair[1], to_us: pair[2]}
  for pair in list_zip(times[:-2], times[2:])
  if pair[2] - pair[1] > micros(threshold_s)
];

-- The begin of the window before that of this run, which is as long; null where it has none.
create macro setting_before() as make_timestamptz(2 * epoch_us(setting_since()) - epoch_us(setting_until()));

-- Whether a window is that of this run, or one that begins with a quarter before it and ends with it: both cut the same
-- quarter at their end.
create macro is_now(since, until) as
  coalesce(cast(until as timestamptz) = setting_until(), until is null and setting_until() is null)
  and (setting_since() is not null or setting_until() is not null)
  and (
    coalesce(cast(since as timestamptz) = setting_since(), since is null and setting_since() is null)
    or coalesce(
      since is not null and begins_quarter(since) and setting_since() <= quarter_start(setting_until())
        and cast(since as timestamptz) <= setting_since(),
      false
    )
  );
create macro is_before(since, until) as
  coalesce(cast(since as timestamptz) = setting_before() and cast(until as timestamptz) = setting_since(), false);
