-- Seconds from one moment to a later one; null when it is not later, as where a clock was set back.
create macro seconds_between(earlier, later) as
  case when epoch_us(later) >= epoch_us(earlier) then seconds(epoch_us(later) - epoch_us(earlier)) end;

-- Seconds that a command ran: from its beginning to its result, but never less than its own reports say; without a
-- result, what they say. Null when no report has a usable number.
create macro run_seconds(begun_at, result_at, elapsed_s) as case
  when elapsed_s is not null then
    greatest(cast(elapsed_s as decimal(18, 6)), seconds_between(begun_at, result_at))
end;
