import type { CategoryRate } from '../rate.ts';
import type { Report } from '../value.ts';

type Figure = (report: Report) => number | null;

/** Figures that a person may set a limit to, by name. */
const figures: Readonly<Record<string, Figure>> = {
  sessions: ({ figures }) => figures.sessions,
  active_s: ({ figures }) => figures.active_s,
  cost_usd: ({ figures }) => figures.cost_usd,
  tool_errors_per_100_calls: ({ figures }) => figures.tool_errors_per_100_calls,
  'friction.reopened': ({ reopened }) => reopened.reduce((sum, { incidents }) => sum + incidents, 0),
  'coverage.unreadable_sources': ({ coverage }) => coverage.unreadable_sources,
  'coverage.quarantined_lines': ({ coverage }) => coverage.quarantined_lines,
};

/** Of each category; incidents that a fix explains do not count. */
const ofCategory: Readonly<Record<string, (rate: CategoryRate) => number | null>> = {
  incidents: (rate) => rate.live_incidents,
  rate: (rate) => rate.live_per_100_calls,
  per_active_hour: (rate) => rate.live_per_active_hour,
};

/** Scores of several versions of the judge are not put together, so then the mean is not known. */
const judgeMean: Figure = ({ judge }) => (judge?.versions.length === 1 ? (judge.versions[0]?.mean ?? null) : null);

export interface KnownFigures {
  readonly names: ReadonlySet<string>;
  /** What there is, for people. */
  readonly listed: string;
}

/** Every name, for the categories that there are rules for. `judged`: whether the store can hold verdicts. */
export function knownFigures(categories: readonly string[], judged: boolean): KnownFigures {
  const plain = [...Object.keys(figures), ...(judged ? ['judge.mean'] : [])];
  const each = Object.keys(ofCategory);
  return {
    names: new Set([...plain, ...categories.flatMap((category) => each.map((name) => `friction.${category}.${name}`))]),
    listed:
      `Figures: ${plain.join(', ')}, and ${each.map((name) => `friction.CATEGORY.${name}`).join(', ')}, ` +
      `where CATEGORY is ${categories.join(', ')}.`,
  };
}

/** The figure of that name; null when it is not known. */
export function figureOf(report: Report, name: string): number | null {
  const own = figures[name];
  if (own !== undefined) return own(report);
  if (name === 'judge.mean') return judgeMean(report);
  const [, category, figure = ''] = /^friction\.(.+)\.([a-z_]+)$/.exec(name) ?? [];
  const rate = report.rates.categories.find((candidate) => candidate.name === category);
  return rate === undefined ? null : (ofCategory[figure]?.(rate) ?? null);
}
