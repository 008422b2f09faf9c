import type { Window } from '../core/window.ts';
import type { Views } from '../views/query.ts';
import { askViews } from './answers.ts';
import type { Row } from './cells.ts';
import { nextSteps } from './next-steps.ts';
import { reportWindow, windowBefore } from './period.ts';
import type {
  Coverage,
  Figures,
  Friction,
  FrictionTotals,
  Project,
  Report,
  RetryLoop,
  SlowCommand,
  UnknownRecordType,
} from './value.ts';

interface ReportOptions {
  /** With an open end there is no window before to compare with. */
  readonly window: Window;
  readonly zone: string;
  /** The store's own key for the marks that stand in place of secrets. */
  readonly redactionKey: Uint8Array;
}

/** Asks the views of schema `reports` and puts the answers together; the same store and window give the same value. */
export async function buildReport(views: Views, options: ReportOptions): Promise<Report> {
  const { window, zone, redactionKey } = options;
  const before = windowBefore(window);
  const rows = await askViews(views, window, before, redactionKey);
  const grouped = (by: string): readonly Row[] => rows.friction.filter((row) => row.text('grouped_by') === by);
  const now = figures(only(rows.figures));
  const draft: Omit<Report, 'next_steps'> = {
    format: 'sesh-report-1',
    window: reportWindow(window, zone),
    before: before === null ? null : reportWindow(before, zone),
    figures: now,
    figures_before: before === null ? null : figures(only(rows.figures_before)),
    friction: grouped('kind').map((row) => friction(row, now)),
    friction_totals: frictionTotals(only(grouped('all'))),
    retry_loops: rows.retry_loops.map(retryLoop),
    slow_commands: rows.slow_commands.map(slowCommand),
    projects: rows.projects.map((row) => project(row, grouped('project'))),
    coverage: coverage(only(rows.coverage), rows.unknown_record_types),
  };
  return { ...draft, next_steps: nextSteps(draft) };
}

function only(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new TypeError('Expected one row, got none');
  return row;
}

function figures(row: Row): Figures {
  return {
    sessions: row.count('sessions'),
    active_s: row.amountOrNull('active_s'),
    wall_s: row.amountOrNull('wall_s'),
    timed_sessions: row.count('timed_sessions'),
    wall_sessions: row.count('wall_sessions'),
    prompts: row.count('prompts'),
    tool_calls: row.count('tool_calls'),
    tool_errors: row.amountOrNull('tool_errors'),
    error_sessions: row.count('error_sessions'),
    tool_errors_per_100_calls: row.amountOrNull('tool_errors_per_100_calls'),
    input_tokens: row.amountOrNull('input_tokens'),
    output_tokens: row.amountOrNull('output_tokens'),
    cache_read_tokens: row.amountOrNull('cache_read_tokens'),
    cache_write_tokens: row.amountOrNull('cache_write_tokens'),
    token_sessions: row.count('token_sessions'),
    output_sessions: row.count('output_sessions'),
    cost_usd: row.amountOrNull('cost_usd'),
    cost_sessions: row.count('cost_sessions'),
    cost_unknown_responses: row.count('cost_unknown_responses'),
  };
}

function friction(row: Row, now: Figures): Friction {
  const incidents = row.count('incidents');
  return {
    category: row.text('category'),
    rule_id: row.textOrNull('rule_id'),
    signature: row.text('signature'),
    incidents,
    sessions: row.count('sessions'),
    incidents_before: row.amountOrNull('incidents_before'),
    per_100_tool_calls: now.tool_calls === 0 ? null : (incidents * 100) / now.tool_calls,
    per_active_hour: now.active_s === null || now.active_s === 0 ? null : (incidents * 3600) / now.active_s,
    lost_s: row.amountOrNull('lost_s'),
    lost_incidents: row.count('lost_incidents'),
    tool_name: row.textOrNull('tool_name'),
    command: row.textOrNull('command'),
    evidence: row.textOrNull('evidence'),
    session_id: row.text('session_id'),
    source_line: row.amountOrNull('source_line'),
    remedy: row.textOrNull('remedy'),
  };
}

function frictionTotals(row: Row): FrictionTotals {
  return {
    kinds: row.count('kinds'),
    incidents: row.count('incidents'),
    sessions: row.count('sessions'),
    lost_s: row.amountOrNull('lost_s'),
  };
}

function retryLoop(row: Row): RetryLoop {
  return {
    session_id: row.text('session_id'),
    source_line: row.amountOrNull('source_line'),
    project: row.textOrNull('project'),
    tool_name: row.text('tool_name'),
    what: row.text('what'),
    attempts: row.count('attempts'),
    failures: row.count('failures'),
    span_s: row.amountOrNull('span_s'),
    ended_in_success: row.flag('ended_in_success'),
  };
}

function slowCommand(row: Row): SlowCommand {
  return {
    session_id: row.text('session_id'),
    source_line: row.amountOrNull('source_line'),
    project: row.textOrNull('project'),
    command: row.text('command'),
    duration_s: row.count('duration_s'),
    outcome: row.text('outcome'),
    measured: row.flag('measured'),
  };
}

function project(row: Row, friction: readonly Row[]): Project {
  const name = row.text('project');
  return {
    project: name === '' ? null : name,
    sessions: row.count('sessions'),
    active_s: row.amountOrNull('active_s'),
    cost_usd: row.amountOrNull('cost_usd'),
    cost_unknown_responses: row.count('cost_unknown_responses'),
    incidents: friction.find((own) => own.text('project') === name)?.count('incidents') ?? 0,
  };
}

function coverage(row: Row, unknown: readonly Row[]): Coverage {
  return {
    sources: row.count('sources'),
    unreadable_sources: row.count('unreadable_sources'),
    gone_sources: row.count('gone_sources'),
    lines: row.count('lines'),
    quarantined_lines: row.count('quarantined_lines'),
    salvaged_lines: row.count('salvaged_lines'),
    pending_bytes: row.count('pending_bytes'),
    unknown_events: row.count('unknown_events'),
    unknown_record_types: unknown.map(unknownRecordType),
  };
}

function unknownRecordType(row: Row): UnknownRecordType {
  return { agent: row.text('agent'), record_type: row.text('record_type'), events: row.count('events') };
}
