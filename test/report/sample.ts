import type { CategoryRate, Rate } from '../../src/report/rate.ts';
import type { Report } from '../../src/report/value.ts';

/** A report with something in every place, and `text` in every place that holds text. */
export function sampleReport(text: (place: string) => string): Report {
  const figures = {
    sessions: 12,
    active_s: 12_000,
    wall_s: 36_000,
    timed_sessions: 11,
    wall_sessions: 11,
    prompts: 80,
    tool_calls: 400,
    tool_errors: 20,
    error_sessions: 12,
    tool_errors_per_100_calls: 5,
    input_tokens: 10_000,
    output_tokens: 2_500,
    cache_read_tokens: 1_000_000,
    cache_write_tokens: 50_000,
    token_sessions: 12,
    output_sessions: 12,
    cost_usd: 4.2,
    cost_sessions: 12,
    cost_unknown_responses: 3,
  };
  const shown = {
    rule_id: text('rule_id'),
    tool_name: text('tool_name'),
    command: text('command'),
    evidence: text('evidence'),
    prompt_before: text('prompt_before'),
    session_id: text('session_id'),
    source_line: 120,
    draft: text('draft'),
  };
  const rate = (name: string): Rate => ({
    name: text(name),
    people: 6,
    sessions: 12,
    tool_calls: 400,
    active_s: 12_000,
    incidents: 12,
    incidents_before: 3,
    per_session: { value: 1, low: 0.52, high: 1.75, before: 0.33 },
    per_100_calls: { value: 3, low: 1.55, high: 5.24, before: 0.75 },
    per_active_hour: { value: 3.6, low: 1.86, high: 6.29, before: null },
    change: 'more',
  });
  const category: CategoryRate = {
    ...rate('category'),
    name: text('category'),
    live_incidents: 11,
    live_per_100_calls: 2.75,
    live_per_active_hour: 3.3,
  };
  const days = ['2026-02-09', '2026-02-11'].map((day, index) => ({
    day,
    sessions: index + 1,
    active_s: 7200,
    prompts: 40,
    tool_calls: 200,
    tool_errors: 10,
    output_tokens: 1250,
    cost_usd: index === 0 ? null : 2.1,
    incidents: 6,
    per_active_hour: 3,
    per_active_hour_low: 1.1,
    per_active_hour_high: 6.5,
  }));
  return {
    format: 'sesh-report-2',
    privacy: 'full',
    window: { since: '2026-02-10T16:00:00.000000Z', until: '2026-02-11T16:00:00.000000Z', zone: 'UTC' },
    before: { since: '2026-02-09T16:00:00.000000Z', until: '2026-02-10T16:00:00.000000Z', zone: 'UTC' },
    figures,
    figures_before: { ...figures, sessions: 9, active_s: 10_000, cost_usd: null, tool_errors_per_100_calls: 4 },
    changes: [
      {
        category: text('category'),
        signature: text('signature'),
        change: 'more',
        incidents: 12,
        incidents_before: 3,
        ratio_low: 1.2,
        ratio_high: 12.5,
      },
    ],
    reopened: [
      {
        category: text('category'),
        signature: text('signature'),
        fix_id: text('fix_id'),
        incidents: 2,
        sessions: 1,
        remedy: text('remedy'),
        ...shown,
      },
    ],
    friction: [1, 2].map((number) => friction(text, number, shown)),
    confusion: [friction(text, 3, shown)],
    pre_fix: { incidents: 4, after_fix_incidents: 1, sessions: 2 },
    fixes: [
      {
        fix_id: text('fix_id'),
        title: text('title'),
        fixed_at: '2026-02-06T21:37:49.000Z',
        verdict: text('verdict'),
        incidents_before: 20,
        incidents_after: 2,
        per_100_calls_before: 4,
        per_100_calls_after: 0.4,
        ratio_low: 0.02,
        ratio_high: 0.39,
      },
    ],
    judge: {
      eligible: 21,
      versions: [
        {
          version: text('version'),
          judged: 12,
          distribution: [0, 1, 1, 2, 6],
          without_score: 1,
          null_reasons: { too_little: 1 },
          errors: 1,
          mean: 4.3,
          quotes: 40,
          quotes_verified: 39,
          calibration: {
            version: text('version'),
            at: '2026-02-01T00:00:00.000Z',
            sessions: 120,
            quadratic_kappa: { value: 0.71, low: 0.6, high: 0.8 },
            floors_reached: true,
          },
        },
      ],
      causes: [
        {
          cause: 'last_check_failed',
          sessions: 2,
          quote: text('quote'),
          session_id: text('session_id'),
          source_line: 7,
        },
      ],
      disputed: [{ session_id: text('session_id'), lowest: 2, highest: 5 }],
    },
    rates: {
      all: rate('all'),
      categories: [category],
      projects: [rate('project')],
      agents: [rate('agent')],
      models: [rate('model')],
      people: [rate('person')],
      hours: [rate('hour')],
    },
    days,
    window_days: days,
    friction_totals: { kinds: 5, incidents: 31, sessions: 6, lost_s: 900 },
    retry_loops: [
      {
        session_id: text('session_id'),
        source_line: 77,
        project: text('project'),
        tool_name: text('tool_name'),
        what: text('what'),
        attempts: 5,
        failures: 4,
        span_s: 90,
        ended_in_success: false,
      },
    ],
    slow_commands: [
      {
        session_id: text('session_id'),
        source_line: 77,
        project: text('project'),
        command: text('command'),
        duration_s: 266,
        outcome: text('outcome'),
        measured: false,
      },
    ],
    projects: [
      {
        project: text('project'),
        sessions: 3,
        active_s: 600,
        cost_usd: null,
        cost_unknown_responses: 2,
        incidents: 4,
      },
    ],
    next_steps: [
      {
        kind: 'friction',
        category: text('category'),
        signature: text('signature'),
        incidents: 12,
        lost_s: 840,
        advice: text('advice'),
      },
    ],
    coverage: {
      sources: 40,
      unreadable_sources: 1,
      gone_sources: 2,
      lines: 9000,
      quarantined_lines: 3,
      salvaged_lines: 1,
      pending_bytes: 120,
      unknown_events: 7,
      unknown_record_types: [{ agent: text('agent'), record_type: text('record_type'), events: 7 }],
    },
  };
}

function friction(
  text: (place: string) => string,
  number: number,
  shown: Omit<Report['friction'][number], Figure>,
): Report['friction'][number] {
  return {
    category: text('category'),
    signature: text('signature'),
    incidents: 12,
    sessions: 4,
    incidents_before: 3,
    per_100_tool_calls: 3,
    per_100_tool_calls_low: 1.55,
    per_100_tool_calls_high: 5.24,
    per_active_hour: 3.6,
    lost_s: number === 1 ? 840 : null,
    lost_incidents: number === 1 ? 10 : 0,
    remedy: `${number} ${text('remedy')}`,
    ...shown,
  };
}

type Figure =
  | 'category'
  | 'signature'
  | 'incidents'
  | 'sessions'
  | 'incidents_before'
  | 'per_100_tool_calls'
  | 'per_100_tool_calls_low'
  | 'per_100_tool_calls_high'
  | 'per_active_hour'
  | 'lost_s'
  | 'lost_incidents'
  | 'remedy';
