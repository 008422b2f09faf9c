/**
 * The report as a value: what the `.json` holds, and all that the page is made from. Names are stable. Seconds, US dollars
 * at list prices and counts; null is "not known" and never 0. Texts from transcripts are redacted quotes of at most 120
 * characters. Nobody is named.
 */
export interface Report {
  readonly format: 'sesh-report-1';
  readonly window: ReportWindow;
  /** The stretch of equal length before; null where the window has no beginning. */
  readonly before: ReportWindow | null;
  readonly figures: Figures;
  readonly figures_before: Figures | null;
  readonly friction: readonly Friction[];
  readonly friction_totals: FrictionTotals;
  readonly retry_loops: readonly RetryLoop[];
  readonly slow_commands: readonly SlowCommand[];
  readonly projects: readonly Project[];
  readonly next_steps: readonly NextStep[];
  readonly coverage: Coverage;
}

export interface ReportWindow {
  /** ISO 8601 in UTC; `since` belongs to the window, `until` does not; null is no bound. */
  readonly since: string | null;
  readonly until: string | null;
  /** The IANA zone in which the page shows times. */
  readonly zone: string;
}

/** Sums over the sessions of a window. `*_sessions`: how many of them a figure covers. */
export interface Figures {
  readonly sessions: number;
  readonly active_s: number | null;
  readonly wall_s: number | null;
  readonly timed_sessions: number;
  readonly wall_sessions: number;
  readonly prompts: number;
  readonly tool_calls: number;
  readonly tool_errors: number | null;
  readonly error_sessions: number;
  readonly tool_errors_per_100_calls: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly token_sessions: number;
  readonly output_sessions: number;
  readonly cost_usd: number | null;
  readonly cost_sessions: number;
  readonly cost_unknown_responses: number;
}

/** One kind of trouble: incidents with the same category and signature. */
export interface Friction {
  readonly category: string;
  readonly rule_id: string | null;
  readonly signature: string;
  readonly incidents: number;
  readonly sessions: number;
  readonly incidents_before: number | null;
  readonly per_100_tool_calls: number | null;
  readonly per_active_hour: number | null;
  readonly lost_s: number | null;
  /** Incidents whose lost time is known. */
  readonly lost_incidents: number;
  readonly tool_name: string | null;
  readonly command: string | null;
  readonly evidence: string | null;
  readonly session_id: string;
  readonly source_line: number | null;
  readonly remedy: string | null;
}

export interface FrictionTotals {
  readonly kinds: number;
  readonly incidents: number;
  readonly sessions: number;
  readonly lost_s: number | null;
}

export interface RetryLoop {
  readonly session_id: string;
  readonly source_line: number | null;
  readonly project: string | null;
  readonly tool_name: string;
  readonly what: string;
  readonly attempts: number;
  readonly failures: number;
  readonly span_s: number | null;
  readonly ended_in_success: boolean;
}

export interface SlowCommand {
  readonly session_id: string;
  readonly source_line: number | null;
  readonly project: string | null;
  readonly command: string;
  readonly duration_s: number;
  readonly outcome: string;
  /** False: the time from call to result, which may include waiting for a person. */
  readonly measured: boolean;
}

export interface Project {
  readonly project: string | null;
  readonly sessions: number;
  readonly active_s: number | null;
  readonly cost_usd: number | null;
  readonly cost_unknown_responses: number;
  readonly incidents: number;
}

export interface NextStep {
  readonly kind: 'friction' | 'retry_loop' | 'coverage';
  readonly category: string | null;
  readonly signature: string | null;
  readonly incidents: number;
  readonly lost_s: number | null;
  readonly advice: string;
}

/** What the figures rest on: all sources of the store. */
export interface Coverage {
  readonly sources: number;
  readonly unreadable_sources: number;
  readonly gone_sources: number;
  readonly lines: number;
  readonly quarantined_lines: number;
  readonly salvaged_lines: number;
  readonly pending_bytes: number;
  readonly unknown_events: number;
  readonly unknown_record_types: readonly UnknownRecordType[];
}

export interface UnknownRecordType {
  readonly agent: string;
  readonly record_type: string;
  readonly events: number;
}
