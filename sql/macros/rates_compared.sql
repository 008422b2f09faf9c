-- How a rate differs from an earlier one by more than chance: new, gone, more, less; null when chance can explain it,
-- or without exposure. Where one count is 0 the rule of three decides (none where three would be expected at the other
-- rate), because the interval of the ratio is of no use there; else that interval does.
create macro rate_change(events_now, exposure_now, events_before, exposure_before) as case
  when not (exposure_now > 0 and exposure_before > 0) then null
  when events_before = 0 then if(events_now * exposure_before >= 3 * exposure_now, 'new', null)
  when events_now = 0 then if(events_before * exposure_now >= 3 * exposure_before, 'gone', null)
  when rate_ratio_interval(events_now, exposure_now, events_before, exposure_before)[1] > 1 then 'more'
  when rate_ratio_interval(events_now, exposure_now, events_before, exposure_before)[2] < 1 then 'less'
end;
