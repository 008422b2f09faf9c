-- Seconds from one moment to a later one; null when it is not later, as where a clock was set back.
create macro seconds_between(earlier, later) as
  case when epoch_us(later) >= epoch_us(earlier) then seconds(epoch_us(later) - epoch_us(earlier)) end;

-- Seconds that a command ran: from its beginning to its result, but never less than its own reports say; without a
-- result, what they say. Null when no report has a usable number.
create macro run_seconds(begun_at, result_at, elapsed_s) as case
  when elapsed_s is not null then
    greatest(cast(elapsed_s as decimal(18, 6)), seconds_between(begun_at, result_at))
end;

-- The pauses of a timeline, summed, microseconds; null where there is no list of them.
create macro paused_us(pauses) as
  if(pauses is null, null, coalesce(list_sum([pause.to_us - pause.from_us for pause in pauses]), 0));

-- The pauses of a session inside a stretch of it that begins and ends with an event: neighbours there are neighbours in
-- the whole session.
create macro pauses_within(pauses, first_us, last_us) as
  [pause for pause in pauses if pause.from_us >= first_us and pause.to_us <= last_us];

-- Where the blocks of activity of a timeline begin and end, microseconds: between its pauses.
create macro block_starts_us(first_us, pauses) as [first_us] || [pause.to_us for pause in pauses];
create macro block_ends_us(pauses, last_us) as [pause.from_us for pause in pauses] || [last_us];
