import { formatCount, plural } from '../../core/figures.ts';
import { codeCell, table } from '../markdown.ts';
import type { Rate } from '../rate.ts';
import type { Report } from '../value.ts';
import { countText, durationText, estimateText, rateText, usdText } from '../wording.ts';

const MOST_ROWS = 10;
const FEW_CALLS = 100;
const right = 'right' as const;

const rateColumns = [
  { title: 'Sessions', align: right },
  { title: 'Incidents', align: right },
  { title: 'Before', align: right },
  { title: 'Per session', align: right },
  { title: 'Per 100 calls', align: right },
  { title: 'Before', align: right },
  { title: 'Per active hour', align: right },
  { title: 'Before', align: right },
  { title: 'Change' },
];

/** What each group met, and by how much that may be chance. */
export function groupSections(report: Report): readonly string[] {
  const { rates } = report;
  return [
    ...perProject(report),
    ...groupTable('## Per agent', 'Agent', rates.agents, report),
    ...groupTable('## Per model', 'Model', rates.models, report),
    ...(rates.people.length === 0 ? [] : groupTable('## Per person, by name', 'Person', rates.people, report)),
    ...groupTable('## Per hour of the day', 'Hour', rates.hours, report),
  ];
}

/** Of all, and of each category that was met. */
export function categoryTable({ rates }: Report): readonly string[] {
  const met = rates.categories.filter(
    ({ incidents, incidents_before: before }) => incidents > 0 || (before !== null && before > 0),
  );
  if (rates.all === null) return [];
  const rows = [['all', ...rateCells(rates.all)], ...met.map((rate) => [codeCell(rate.name), ...rateCells(rate)])];
  return [
    table([{ title: 'Friction' }, ...rateColumns], rows),
    'Rates with their 95 % intervals; per active hour, sessions whose times are not known do not count.',
  ];
}

function perProject(report: Report): readonly string[] {
  const columns = [
    { title: 'Project' },
    { title: 'Sessions', align: right },
    { title: 'Active time', align: right },
    { title: 'Cost (list price)', align: right },
    { title: 'Incidents', align: right },
    { title: 'Per 100 calls', align: right },
    { title: 'Per active hour', align: right },
  ];
  if (report.projects.length === 0) return ['## Per project', nothing(report)];
  const rows = report.projects.map((row) => {
    const rate = report.rates.projects.find(({ name }) => name === row.project);
    const unknown = row.cost_unknown_responses === 0 ? '' : ` (${formatCount(row.cost_unknown_responses)} unknown)`;
    return [
      nameCell(row.project),
      formatCount(row.sessions),
      durationText(row.active_s),
      `${usdText(row.cost_usd)}${unknown}`,
      formatCount(row.incidents),
      rate === undefined ? '-' : estimateText(rate.per_100_calls),
      rate === undefined ? '-' : estimateText(rate.per_active_hour),
    ];
  });
  return ['## Per project', table(columns, rows)];
}

function groupTable(heading: string, title: string, rates: readonly Rate[], report: Report): readonly string[] {
  if (rates.length === 0) return [heading, nothing(report)];
  const heard = rates.filter((rate) => !isSilent(rate));
  const telling = heard.length === 0 ? rates : heard;
  // The hours are all shown, and people are never cut by a figure.
  const shown = title === 'Hour' || title === 'Person' ? telling : telling.slice(0, MOST_ROWS);
  const rows = shown.map((rate) => [nameCell(rate.name), ...rateCells(rate)]);
  const left = rates.length - shown.length;
  const why =
    heard.length === shown.length
      ? 'with few calls and no incident'
      : 'with fewer sessions, or few calls and no incident';
  const rest = left === 0 ? [] : [`${plural(left, 'more row')} ${why}.`];
  return [heading, table([{ title }, ...rateColumns], rows), ...rest];
}

/** Too few calls to say anything, and nothing happened in them. */
function isSilent({ incidents, incidents_before: before, tool_calls: calls }: Rate): boolean {
  return incidents === 0 && (before ?? 0) === 0 && calls < FEW_CALLS;
}

function nothing({ privacy, figures }: Report): string {
  return privacy === 'aggregate' && figures.sessions > 0 ? 'Groups of fewer than five people are not shown.' : 'None.';
}

function rateCells(rate: Rate): readonly string[] {
  return [
    formatCount(rate.sessions),
    formatCount(rate.incidents),
    rate.incidents_before === null ? '-' : countText(rate.incidents_before),
    estimateText(rate.per_session),
    estimateText(rate.per_100_calls),
    beforeText(rate.per_100_calls.before),
    estimateText(rate.per_active_hour),
    beforeText(rate.per_active_hour.before),
    rate.change ?? '-',
  ];
}

function beforeText(rate: number | null): string {
  return rate === null ? '-' : rateText(rate);
}

function nameCell(name: string | null): string {
  return name === null ? '(none)' : codeCell(name);
}
