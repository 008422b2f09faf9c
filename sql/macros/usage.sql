-- How fine a usage event is: 3 for one response, 2 for the sum of a run and what lies between runs, 1 for a session.
create macro usage_level(grain) as case coalesce(grain, 'response') when 'response' then 3 when 'session' then 1 else 2 end;

-- Responses that a usage event stands for; null when a sum does not say.
create macro responses_in(grain, responses) as
  case when coalesce(grain, 'response') in ('response', 'output') then 1 else responses end;
