import { parseDuration } from '../core/time.ts';
import type { ViewSettings } from '../views/lake.ts';
import type { QueryParameter } from '../views/query.ts';
import type { Flags } from './options.ts';

type Bounds = Pick<ViewSettings, 'sinceMicros' | 'untilMicros'>;

export function isWindow({ sinceMicros, untilMicros }: Bounds): boolean {
  return sinceMicros !== null || untilMicros !== null;
}

/** Sessions of the window without their texts, which take long to read. Whole ones are kept as they are asked for. */
export function windowFigures(bounds: Bounds): string {
  return isWindow(bounds)
    ? 'intermediate.session_figures_in(setting_since(), setting_until(), setting_anchor(), null)'
    : 'intermediate.session_totals';
}

/** Conditions on the window's sessions, values apart: nothing that a person types becomes SQL. */
export interface Filters {
  /** Joined by `and`; `true` when there are none. */
  readonly where: string;
  readonly parameters: readonly QueryParameter[];
}

/**
 * What restricts rows that have a time, `agent` and `session_id` to the chosen sessions, to follow their `from`. Every such
 * row in the window belongs to a session that was active in it, so that without conditions nothing needs to be joined.
 */
export function joinChosen({ where }: Filters, settings: ViewSettings): string {
  if (where === NO_CONDITION && (settings.anchor === 'activity' || !isWindow(settings))) return '';
  return `semi join (select agent, session_id from ${windowFigures(settings)} where ${where}) as chosen using (agent, session_id)`;
}

const NO_CONDITION = 'true';

/** Reads `--project --model --agent --user --branch --min-active`. */
export function readFilters(flags: Flags): Filters {
  const parameters: QueryParameter[] = [];
  const conditions: string[] = [];
  const add = (condition: (place: string) => string, value: QueryParameter): void => {
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  const contains = (column: string) => (place: string) => `contains(lower(${column}), lower(${place}))`;
  const text = { project: flags.text('project'), model: flags.text('model'), branch: flags.text('branch') };
  if (text.project !== undefined) add(contains('project'), text.project);
  if (text.branch !== undefined) add(contains('git_branch'), text.branch);
  if (text.model !== undefined) add(contains("array_to_string(models, ' ')"), text.model);
  const user = flags.text('user');
  if (user !== undefined) add((place) => `"user" = ${place}`, user);
  const agents = flags.list('agent');
  if (agents.length > 0) add((place) => `list_contains(string_split(${place}, ','), agent)`, agents.join(','));
  const least = flags.text('min-active');
  if (least !== undefined) add((place) => `active_s >= ${place}`, parseDuration(least, '--min-active'));
  return { where: conditions.length === 0 ? NO_CONDITION : conditions.join(' and '), parameters };
}
