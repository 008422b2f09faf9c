import type { Row } from './cells.ts';
import { largeGroups, SMALLEST_GROUP, type Privacy } from './privacy.ts';
import type { CategoryRate, ChangeKind, Estimate, Rate, Rates } from './rate.ts';

/** The rows of friction_rates and friction_hours as the level of privacy lets them be shown. */
export function ratesOf(rows: readonly Row[], hours: readonly Row[], privacy: Privacy): Rates {
  const of = (dimension: string): readonly Rate[] => {
    const rates = rows.filter((row) => row.text('dimension') === dimension).map((row) => rate(row, row.text('value')));
    return privacy === 'aggregate' ? largeGroups(rates) : rates;
  };
  const all = rows.find((row) => row.text('dimension') === 'all');
  const byHour = hours.map((row) => rate(row, row.text('hour')));
  return {
    all: all === undefined ? null : rate(all, ''),
    categories: rows.filter((row) => row.text('dimension') === 'category').map(categoryRate),
    projects: of('project'),
    agents: of('agent'),
    models: of('model'),
    people: showsPeople(all?.count('people') ?? 0, privacy) ? of('person').toSorted(byName) : [],
    hours: privacy === 'aggregate' ? largeGroups(byHour) : byHour,
  };
}

/** In a small team a pseudonym is a name: everybody can tell who it is. */
function showsPeople(people: number, privacy: Privacy): boolean {
  return privacy === 'full' || (privacy === 'redacted' && people >= SMALLEST_GROUP);
}

/** Not by any figure: that would be a ranking of people. */
function byName(a: Rate, b: Rate): number {
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}

function rate(row: Row, name: string): Rate {
  return {
    name: name === '' ? null : name,
    people: row.count('people'),
    sessions: row.count('sessions'),
    tool_calls: row.count('tool_calls'),
    active_s: row.amountOrNull('active_s'),
    incidents: row.count('incidents'),
    incidents_before: row.amountOrNull('incidents_before'),
    per_session: estimate(row, 'per_session'),
    per_100_calls: estimate(row, 'per_100_calls'),
    per_active_hour: estimate(row, 'per_active_hour'),
    change: changeOf(row),
  };
}

function categoryRate(row: Row): CategoryRate {
  return {
    ...rate(row, ''),
    name: row.text('value'),
    live_incidents: row.count('live_incidents'),
    live_per_100_calls: row.amountOrNull('live_per_100_calls'),
    live_per_active_hour: row.amountOrNull('live_per_active_hour'),
  };
}

function estimate(row: Row, name: string): Estimate {
  return {
    value: row.amountOrNull(name),
    low: row.amountOrNull(`${name}_low`),
    high: row.amountOrNull(`${name}_high`),
    before: row.amountOrNull(`${name}_before`),
  };
}

const CHANGES: readonly ChangeKind[] = ['new', 'gone', 'more', 'less'];

/** What the column `change` says. */
export function changeOf(row: Row): ChangeKind | null {
  return CHANGES.find((kind) => kind === row.textOrNull('change')) ?? null;
}
