import type { Row } from './cells.ts';
import type {
  Coverage,
  Day,
  Figures,
  FixVerdict,
  Project,
  RetryLoop,
  SlowCommand,
  UnknownRecordType,
} from './value.ts';

/** Rows of the views as the report names them. */

export function figures(row: Row): Figures {
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

export function day(row: Row): Day {
  return {
    day: row.text('day'),
    sessions: row.count('sessions'),
    active_s: row.count('active_s'),
    prompts: row.count('prompts'),
    tool_calls: row.count('tool_calls'),
    tool_errors: row.count('tool_errors'),
    output_tokens: row.amountOrNull('output_tokens'),
    cost_usd: row.amountOrNull('cost_usd'),
    incidents: row.count('incidents'),
    per_active_hour: row.amountOrNull('per_active_hour'),
    per_active_hour_low: row.amountOrNull('per_active_hour_low'),
    per_active_hour_high: row.amountOrNull('per_active_hour_high'),
  };
}

export function fixVerdict(row: Row): FixVerdict {
  return {
    fix_id: row.text('fix_id'),
    title: row.text('title'),
    fixed_at: row.text('fixed_at'),
    verdict: row.text('verdict'),
    incidents_before: row.count('incidents_before'),
    incidents_after: row.count('incidents_after'),
    per_100_calls_before: row.amountOrNull('per_100_calls_before'),
    per_100_calls_after: row.amountOrNull('per_100_calls_after'),
    ratio_low: row.amountOrNull('ratio_low'),
    ratio_high: row.amountOrNull('ratio_high'),
  };
}

export function retryLoop(row: Row): RetryLoop {
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

export function slowCommand(row: Row): SlowCommand {
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

export function project(row: Row, incidents: ReadonlyMap<string, number>): Project {
  const name = row.text('project');
  return {
    project: name === '' ? null : name,
    sessions: row.count('sessions'),
    active_s: row.amountOrNull('active_s'),
    cost_usd: row.amountOrNull('cost_usd'),
    cost_unknown_responses: row.count('cost_unknown_responses'),
    incidents: incidents.get(name) ?? 0,
  };
}

export function coverage(row: Row, unknown: readonly Row[]): Coverage {
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
