-- The 95 % interval of the ratio of two rates (now over before), from counts and their exposures; null without any.
-- Normal on the logarithm, half an event added to each count so that none is an answer, too.
create macro rate_ratio_interval(events_now, exposure_now, events_before, exposure_before) as
  case
    when exposure_now > 0 and exposure_before > 0
    then [
      exp(
        ln(((events_now + 0.5) / exposure_now) / ((events_before + 0.5) / exposure_before))
        + side * 1.96 * sqrt(1 / (events_now + 0.5) + 1 / (events_before + 0.5))
      )
      for side in [-1.0, 1.0]
    ]
  end;

-- The 95 % interval of a rate from a count of events and its exposure (Wilson and Hilferty's approximation of the exact
-- Poisson limits), in events per unit of exposure; null without exposure.
create macro rate_interval(events, exposure) as
  case
    when exposure > 0
    then [
      case
        when events = 0 then 0.0
        else events * pow(1 - 1 / (9.0 * events) - 1.96 / (3 * sqrt(cast(events as double))), 3)
      end / exposure,
      (events + 1) * pow(1 - 1 / (9.0 * (events + 1)) + 1.96 / (3 * sqrt(cast(events + 1 as double))), 3) / exposure
    ]
  end;
