import { formatTokens } from '../../core/figures.ts';
import { table } from '../markdown.ts';
import type { Figures, Report } from '../value.ts';
import { changeText, countText, coverNote, durationText, NOT_KNOWN, rateText, usdText } from '../wording.ts';

interface Line {
  readonly title: string;
  readonly value: (figures: Figures) => number | null;
  readonly format: (value: number | null) => string;
  /** How many sessions the figure covers, where that can be fewer than all. */
  readonly covered?: (figures: Figures) => number;
}

const tokens = (value: number | null): string => (value === null ? NOT_KNOWN : formatTokens(value));
const timed = ({ timed_sessions }: Figures): number => timed_sessions;
const counted = ({ token_sessions }: Figures): number => token_sessions;
const ended = ({ error_sessions }: Figures): number => error_sessions;

const lines: readonly Line[] = [
  { title: 'Sessions', value: (figures) => figures.sessions, format: countText },
  { title: 'Active time', value: (figures) => figures.active_s, format: durationText, covered: timed },
  {
    title: 'Wall time',
    value: (figures) => figures.wall_s,
    format: durationText,
    covered: ({ wall_sessions }) => wall_sessions,
  },
  { title: 'Prompts', value: (figures) => figures.prompts, format: countText },
  { title: 'Tool calls', value: (figures) => figures.tool_calls, format: countText },
  { title: 'Tool errors', value: (figures) => figures.tool_errors, format: countText, covered: ended },
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
  },
  { title: 'Cache read tokens', value: (figures) => figures.cache_read_tokens, format: tokens, covered: counted },
  { title: 'Cache write tokens', value: (figures) => figures.cache_write_tokens, format: tokens, covered: counted },
  {
    title: 'Cost (list price)',
    value: (figures) => figures.cost_usd,
    format: usdText,
    covered: ({ cost_sessions }) => cost_sessions,
  },
  {
    title: 'Responses without a price',
    value: (figures) => figures.cost_unknown_responses,
    format: countText,
  },
];

/** The window's figures beside those of the window before. */
export function figuresTable({ figures, figures_before }: Report): readonly string[] {
  const columns = [
    { title: '' },
    { title: 'This window', align: 'right' } as const,
    { title: 'The window before', align: 'right' } as const,
    { title: 'Change', align: 'right' } as const,
  ];
  const rows = lines.map((line) => [
    line.title,
    cell(line, figures),
    figures_before === null ? '-' : cell(line, figures_before),
    figures_before === null ? '-' : changeText(line.value(figures), line.value(figures_before), line.format),
  ]);
  return ['## Figures', table(columns, rows), 'Times are summed over sessions, also over those that ran side by side.'];
}

function cell(line: Line, figures: Figures): string {
  const value = line.value(figures);
  const cover = line.covered === undefined || value === null ? '' : coverNote(line.covered(figures), figures.sessions);
  return `${line.format(value)}${cover}`;
}
