import { formatTokens } from '../../core/figures.ts';
import { dayNames } from '../chart/days.ts';
import { sparkline } from '../chart/sparkline.ts';
import { table } from '../markdown.ts';
import type { Day, Figures, Report } from '../value.ts';
import { categoryTable } from './rates.ts';
import { changeText, countText, coverNote, durationText, NOT_KNOWN, rateText, usdText } from '../wording.ts';

interface Line {
  readonly title: string;
  readonly value: (figures: Figures) => number | null;
  readonly format: (value: number | null) => string;
  /** How many sessions the figure covers, where that can be fewer than all. */
  readonly covered?: (figures: Figures) => number;
  /** The figure of one day, for the trend. */
  readonly day?: (day: Day) => number | null;
}

const tokens = (value: number | null): string => (value === null ? NOT_KNOWN : formatTokens(value));
const timed = ({ timed_sessions }: Figures): number => timed_sessions;
const counted = ({ token_sessions }: Figures): number => token_sessions;
const ended = ({ error_sessions }: Figures): number => error_sessions;

const lines: readonly Line[] = [
  { title: 'Sessions', value: (figures) => figures.sessions, format: countText, day: (day) => day.sessions },
  {
    title: 'Active time',
    value: (figures) => figures.active_s,
    format: durationText,
    covered: timed,
    day: (day) => day.active_s,
  },
  {
    title: 'Wall time',
    value: (figures) => figures.wall_s,
    format: durationText,
    covered: ({ wall_sessions }) => wall_sessions,
  },
  { title: 'Prompts', value: (figures) => figures.prompts, format: countText, day: (day) => day.prompts },
  { title: 'Tool calls', value: (figures) => figures.tool_calls, format: countText, day: (day) => day.tool_calls },
  {
    title: 'Tool errors',
    value: (figures) => figures.tool_errors,
    format: countText,
    covered: ended,
    day: (day) => day.tool_errors,
  },
  {
    title: 'Tool errors per 100 calls',
    value: (figures) => figures.tool_errors_per_100_calls,
    format: rateText,
    covered: ended,
  },
  { title: 'Input tokens', value: (figures) => figures.input_tokens, format: tokens, covered: counted },
  {
    title: 'Output tokens',
    value: (figures) => figures.output_tokens,
    format: tokens,
    covered: ({ output_sessions }) => output_sessions,
    day: (day) => day.output_tokens,
  },
  { title: 'Cache read tokens', value: (figures) => figures.cache_read_tokens, format: tokens, covered: counted },
  { title: 'Cache write tokens', value: (figures) => figures.cache_write_tokens, format: tokens, covered: counted },
  {
    title: 'Cost (list price)',
    value: (figures) => figures.cost_usd,
    format: usdText,
    covered: ({ cost_sessions }) => cost_sessions,
    day: (day) => day.cost_usd,
  },
  {
    title: 'Responses without a price',
    value: (figures) => figures.cost_unknown_responses,
    format: countText,
  },
];

/** The window's figures beside those of the window before and the trend of its days, then friction by category, and a picture. */
export function figuresSection(report: Report, chart: string | null): readonly string[] {
  const { figures, figures_before } = report;
  const columns = [
    { title: '' },
    { title: 'This window', align: 'right' } as const,
    { title: 'The window before', align: 'right' } as const,
    { title: 'Change', align: 'right' } as const,
    { title: 'Trend' },
  ];
  const names = trendDays(report);
  const rows = lines.map((line) => [
    line.title,
    cell(line, figures),
    figures_before === null ? '-' : cell(line, figures_before),
    figures_before === null ? '-' : changeText(line.value(figures), line.value(figures_before), line.format),
    trend(line, report.days, names),
  ]);
  const [first, last] = [names[0], names.at(-1)];
  const stretch =
    first === undefined || last === undefined ? '' : ` The trend shows the days from ${first} to ${last}.`;
  return [
    '## Figures',
    table(columns, rows),
    `Times are summed over sessions, also over those that ran side by side. Tool errors are results as the agent marked them: a search that found nothing is one, and is no friction.${stretch}`,
    ...categoryTable(report),
    ...(chart === null ? [] : [`![Friction incidents per active hour, by day](${chart})`]),
  ];
}

function trendDays({ days }: Report): readonly string[] {
  const [first, last] = [days[0], days.at(-1)];
  return first === undefined || last === undefined ? [] : dayNames(first.day, last.day);
}

function trend({ day: valueOf }: Line, days: readonly Day[], names: readonly string[]): string {
  if (valueOf === undefined) return '';
  return sparkline(
    names.map((name) => {
      const day = days.find((candidate) => candidate.day === name);
      return day === undefined ? null : valueOf(day);
    }),
  );
}

function cell(line: Line, figures: Figures): string {
  const value = line.value(figures);
  const cover = line.covered === undefined || value === null ? '' : coverNote(line.covered(figures), figures.sessions);
  return `${line.format(value)}${cover}`;
}
