import type { Window } from '../core/window.ts';
import { loadCatalog } from '../views/load.ts';
import type { Views } from '../views/query.ts';
import { askViews, type ReportRows } from './answers.ts';
import type { Row } from './cells.ts';
import { candidateOf, fixedKindOf, type IssueKinds } from './issues/candidate.ts';
import { judgeScores, type JudgeCalibration } from './judge.ts';
import { kindsOf } from './kinds.ts';
import { nextSteps } from './next-steps.ts';
import { chartSince, reportWindow, windowBefore } from './period.ts';
import type { Privacy } from './privacy.ts';
import { ratesOf } from './rates.ts';
import { coverage, day, figures, fixVerdict, project, retryLoop, slowCommand } from './rows.ts';
import type { Rates } from './rate.ts';
import type { Project, Report } from './value.ts';

export interface ReportOptions {
  /** With an open end there is no window before to compare with. */
  readonly window: Window;
  readonly zone: string;
  /** The store's own key for the marks that stand in place of secrets, and for pseudonyms. */
  readonly redactionKey: Uint8Array;
  /** Default: redacted. */
  readonly privacy?: Privacy;
  /** With the days of the window side by side. */
  readonly compare?: boolean;
  /** The last one of each judge. */
  readonly calibrations?: readonly JudgeCalibration[];
}

export interface BuiltReport {
  readonly report: Report;
  /** What issue drafts are made from. */
  readonly issues: IssueKinds;
}

/** Asks the views of schema `reports` and puts the answers together; the same store and window give the same value. */
export async function buildReport(views: Views, options: ReportOptions): Promise<Report> {
  return (await buildWithIssues(views, options)).report;
}

export async function buildWithIssues(views: Views, options: ReportOptions): Promise<BuiltReport> {
  const { window, zone, redactionKey, privacy = 'redacted', compare = false, calibrations = [] } = options;
  const rows = await askViews(views, {
    window,
    before: windowBefore(window),
    daysSince: chartSince(window, zone),
    privacy,
    redactionKey,
    compare,
    judged: loadCatalog().views.has('reports.judged_sessions'),
  });
  const draft = reportOf(rows, { window, zone, privacy, compare, calibrations });
  return {
    report: { ...draft, next_steps: nextSteps(draft) },
    issues: { candidates: rows.issues.map((row) => candidateOf(row, privacy)), fixed: rows.fixed.map(fixedKindOf) },
  };
}

type Shape = Required<Omit<ReportOptions, 'redactionKey'>>;

function reportOf(
  rows: ReportRows,
  { window, zone, privacy, compare, calibrations }: Shape,
): Omit<Report, 'next_steps'> {
  const before = windowBefore(window);
  const now = figures(only(rows.figures));
  const rates = ratesOf(rows.rates, rows.hours, privacy);
  const drafts = new Set(rows.issues.map((row) => row.text('draft')));
  const quoting = privacy !== 'aggregate';
  return {
    format: 'sesh-report-2',
    privacy,
    window: reportWindow(window, zone),
    before: before === null ? null : reportWindow(before, zone),
    figures: now,
    figures_before: before === null ? null : figures(only(rows.figures_before)),
    ...kindsOf(rows.kinds, now, drafts, privacy),
    retry_loops: quoting ? rows.retry_loops.map(retryLoop) : [],
    slow_commands: quoting ? rows.slow_commands.map(slowCommand) : [],
    fixes: rows.fixes.map(fixVerdict),
    judge: judgeScores(rows.judge, { privacy, calibrations }),
    rates,
    days: rows.days.map(day),
    window_days: compare ? rows.window_days.map(day) : null,
    projects: projectsOf(rows, rates, privacy),
    coverage: coverage(only(rows.coverage), quoting ? rows.unknown_record_types : []),
  };
}

function only(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new TypeError('Expected one row, got none');
  return row;
}

/** Only projects that may be told apart have a row. */
function projectsOf({ projects }: ReportRows, rates: Rates, privacy: Privacy): readonly Project[] {
  const incidents = new Map(rates.projects.map((rate) => [rate.name ?? '', rate.incidents]));
  return projects
    .filter((row) => privacy !== 'aggregate' || incidents.has(row.text('project')))
    .map((row) => project(row, incidents));
}
