import { dayNames } from '../chart/days.ts';
import { table } from '../markdown.ts';
import type { Day, Figures, Report } from '../value.ts';
import { changeText, countText, durationText, rateText, usdText } from '../wording.ts';

interface Line {
  readonly title: string;
  readonly day: (day: Day) => number | null;
  readonly window: (report: Report, which: 'now' | 'before') => number | null;
  readonly format: (value: number | null) => string;
}

const figuresOf = (report: Report, which: 'now' | 'before'): Figures | null =>
  which === 'now' ? report.figures : report.figures_before;

const lines: readonly Line[] = [
  figure(
    'Sessions',
    (day) => day.sessions,
    (figures) => figures.sessions,
    countText,
  ),
  figure(
    'Active time',
    (day) => day.active_s,
    (figures) => figures.active_s,
    durationText,
  ),
  figure(
    'Prompts',
    (day) => day.prompts,
    (figures) => figures.prompts,
    countText,
  ),
  figure(
    'Tool calls',
    (day) => day.tool_calls,
    (figures) => figures.tool_calls,
    countText,
  ),
  figure(
    'Tool errors',
    (day) => day.tool_errors,
    (figures) => figures.tool_errors,
    countText,
  ),
  figure(
    'Cost (list price)',
    (day) => day.cost_usd,
    (figures) => figures.cost_usd,
    usdText,
  ),
  {
    title: 'Incidents',
    day: (day) => day.incidents,
    window: ({ rates }, which) => (which === 'now' ? rates.all?.incidents : rates.all?.incidents_before) ?? null,
    format: countText,
  },
  {
    title: 'Incidents per active hour',
    day: (day) => day.per_active_hour,
    window: ({ rates }, which) =>
      (which === 'now' ? rates.all?.per_active_hour.value : rates.all?.per_active_hour.before) ?? null,
    format: rateText,
  },
];

function figure(
  title: string,
  day: Line['day'],
  of: (figures: Figures) => number | null,
  format: Line['format'],
): Line {
  const window: Line['window'] = (report, which) => {
    const figures = figuresOf(report, which);
    return figures === null ? null : of(figures);
  };
  return { title, day, window, format };
}

/** The window day by day, beside the window before; only where a comparison was asked for. */
export function comparisonSection(report: Report): readonly string[] {
  const { window_days: days } = report;
  if (days === null) return [];
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return ['## Day by day', 'No session was active in this window.'];
  const names = dayNames(first.day, last.day);
  const right = 'right' as const;
  const titles = [...names.map((name) => name.slice(5)), 'This window', 'The window before', 'Change'];
  const rows = lines.map((line) => {
    const [now, before] = [line.window(report, 'now'), line.window(report, 'before')];
    return [
      line.title,
      ...names.map((name) =>
        dayCell(
          line,
          days.find(({ day }) => day === name),
        ),
      ),
      line.format(now),
      report.figures_before === null ? '-' : line.format(before),
      changeText(now, before, line.format),
    ];
  });
  return [
    '## Day by day',
    table([{ title: '' }, ...titles.map((title) => ({ title, align: right }))], rows),
    'The first and the last day may be cut by the window; a session counts on every day on which it was active.',
  ];
}

function dayCell(line: Line, day: Day | undefined): string {
  const value = day === undefined ? null : line.day(day);
  return value === null ? '-' : line.format(value);
}
