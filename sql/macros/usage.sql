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

-- Sums over the quarters of a session. Responses are null when sums of them do not say how many, errors of tools when
-- calls have no results.
create macro sum_responses(usages, responses) as if(sum(usages) = 0, 0, cast(sum(responses) as bigint));
create macro sum_tool_errors(tool_calls, tool_results, tool_errors) as
  case when sum(tool_results) > 0 or sum(tool_calls) = 0 then cast(sum(tool_errors) as bigint) end;
create macro sum_models(models) as
  coalesce(list_sort(list_distinct(flatten(list(models) filter (models is not null)))), []);
