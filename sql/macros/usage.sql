-- How fine a usage event is: 3 for one response, 2 for the sum of a run and what lies between runs, 1 for a session.
create macro usage_level(grain) as case coalesce(grain, 'response') when 'response' then 3 when 'session' then 1 else 2 end;

-- Responses that a usage event stands for; null when a sum does not say.
create macro responses_in(grain, responses) as
  case when coalesce(grain, 'response') in ('response', 'output') then 1 else responses end;

-- Whether a row of `usage_told_twice` leaves out an event of its session. One equality and one comparison, because with
-- `or` the engine would hold each event against each row.
create macro is_told_twice(kind, usage_grain, ts, grain, left_until) as
  grain = if(kind = 'usage', coalesce(usage_grain, 'response'), null)
  and coalesce(left_until, timestamptz 'infinity') >= coalesce(ts, timestamptz 'infinity');
