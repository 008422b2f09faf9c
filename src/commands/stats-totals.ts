import { together } from '../core/together.ts';
import type { ViewSettings } from '../views/lake.ts';
import type { Views } from '../views/query.ts';
import { tokenColumns } from './cells.ts';
import type { Invocation } from './command.ts';
import { joinChosen, readFilters, windowFigures, type Filters } from './filters.ts';
import { viewSettings } from './settings.ts';
import type { Totals } from './stats-kept.ts';
import { records, withViews } from './views.ts';

/** The totals of the window and the sessions that the command line asks for, from the views. */
export async function askTotals(invocation: Invocation): Promise<Totals> {
  const { flags, storeDir, memoryBytes } = invocation;
  const filters = readFilters(flags);
  const settings = viewSettings(invocation);
  return withViews({ storeDir, memoryBytes, settings }, (views) => totalsOf(views, filters, settings));
}

const sums = [
  'count(*) as sessions',
  'count(*) filter (is_subagent) as subagent_sessions',
  ...['active_s', 'active_capped_s', 'wall_s'].map((name) => `sum(${name}) as ${name}`),
  ...['prompts', 'tool_calls', 'tool_errors', 'rejections', 'interrupts', 'responses', ...tokenColumns].map(
    (name) => `cast(sum(${name}) as bigint) as ${name}`,
  ),
  'sum(cost_usd) as cost_usd',
  'cast(coalesce(sum(cost_unknown_responses), 0) as bigint) as cost_unknown_responses',
  // How many sessions each figure covers: what is not known is in no sum.
  'count(active_s) as timed_sessions',
  'count(tool_errors) as error_sessions',
  'count(input_tokens) as token_sessions',
  'count(output_tokens) as output_sessions',
  'count(cost_usd) as cost_sessions',
].join(', ');

const modelSums = [
  'sum(responses) as responses',
  ...tokenColumns.map((name) => `cast(sum(${name}) as bigint) as ${name}`),
  'sum(cost_usd) as cost_usd',
  'count(*) filter (cost_usd is null) as cost_unknown_responses',
].join(', ');

const familySums = ['responses', ...tokenColumns]
  .map((name) => `cast(sum(${name}) as bigint) as ${name}`)
  .concat('sum(cost_usd) as cost_usd', 'cast(sum(cost_unknown_responses) as bigint) as cost_unknown_responses')
  .join(', ');

async function totalsOf({ query }: Views, filters: Filters, settings: ViewSettings): Promise<Totals> {
  const { where, parameters } = filters;
  const join = joinChosen(filters, settings);
  const [bySessions, byModel, coverage] = await together([
    // One pass over the sessions gives each agent's sums and, as the row without an agent, those of all.
    query(
      `select agent, ${sums} from ${windowFigures(settings)} where ${where} group by grouping sets ((), (agent))
       order by agent is not null, cost_usd desc nulls last, agent`,
      parameters,
    ),
    query(
      // By model first: finding the family of a name takes longer than everything else.
      `with by_model as (
         select model, ${modelSums} from model_usage ${join}
         where in_window(ts, setting_since(), setting_until()) group by model
       )
       select model_family(model) as model_family, ${familySums} from by_model
       group by model_family(model) order by cost_usd desc nulls last, model_family`,
      join === '' ? [] : parameters,
    ),
    query(
      `select count(*) as sources, count(*) filter (state = 'unreadable') as unreadable, count(*) filter (state = 'gone') as gone,
       cast(coalesce(sum(bytes), 0) as bigint) as bytes, cast(coalesce(sum(lines), 0) as bigint) as lines,
       cast(coalesce(sum(salvaged), 0) as bigint) as salvaged, cast(coalesce(sum(quarantined), 0) as bigint) as quarantined,
       cast(coalesce(sum(unknown), 0) as bigint) as unknown_events, min(first_ts) as first_ts, max(last_ts) as last_ts
       from ingest_ledger`,
    ),
  ]);
  const [all = {}, ...agents] = records(bySessions);
  const { agent: _, ...totals } = all;
  return { totals, agents, models: records(byModel), coverage: records(coverage)[0] ?? {} };
}
