import { expect, test } from 'vitest';
import { closure, createStatements, loadCatalog } from '../../src/views/load.ts';

const catalog = loadCatalog();
const views = [...catalog.views.values()];
const stored = new Map(views.filter((view) => view.stored).map(({ name }) => [name, `from kept`] as const));

// What a look costs where rows are kept, in counts that no machine changes: what still opens the files of events, and how
// many statements are run before a query.

test('what reads the events though rows are kept', () => {
  const reading = views
    .filter(({ layer }) => layer === 'marts' || layer === 'reports')
    .filter(({ name }) => closure(catalog, new Set([name]), new Set(stored.keys())).has('staging.events'))
    .map(({ name }) => name)
    .sort();
  expect(reading).toEqual([
    'active_time', // any threshold
    'daily',
    'daily_in', // quarters of an hour that a window cuts, as all that follow from sessions_in
    'fix_effects',
    'judge_facts',
    'model_usage',
    'reports.figures',
    'reports.fix_verdicts',
    'reports.friction_days',
    'reports.friction_rates',
    'reports.top_projects',
    'reports.unknown_types',
    'sessions_in',
    'tool_calls', // texts
    'unknown_record_types',
    'window_sessions',
  ]);
});

test.each([
  ['intermediate.session_totals', 1], // sesh sessions, stats and runs without a window
  ['sessions', 3],
  ['friction', 6],
  ['command_runs', 2],
  ['ingest_ledger', 3],
  ['sessions_in', 38],
])('%s is made by %d statements where rows are kept', (name, most) => {
  expect(createStatements(catalog, new Set([name]), new Set(), true, stored).size).toBeLessThanOrEqual(most);
});
