import type { JudgeScores } from './judge.ts';
import type { Privacy } from './privacy.ts';
import type { ChangeKind, Rates } from './rate.ts';

/**
 * The report as a value: what the `.json` holds, and all that the page is made from. Names are stable. Seconds, US dollars
 * at list prices and counts; null is "not known" and never 0. Texts from transcripts are redacted quotes of at most 120
 * characters (400 for evidence and prompts at `full`). Persons are pseudonyms, and never ranked.
 */
export interface Report {
  readonly format: 'sesh-report-2';
  readonly privacy: Privacy;
  readonly window: ReportWindow;
  /** The stretch of equal length before; null where the window has no beginning. */
  readonly before: ReportWindow | null;
  readonly figures: Figures;
  readonly figures_before: Figures | null;
  readonly changes: readonly Change[];
  readonly reopened: readonly Reopened[];
  /** Open incidents only, those that cost most time first. */
  readonly friction: readonly Friction[];
  readonly friction_totals: FrictionTotals;
  readonly retry_loops: readonly RetryLoop[];
  readonly slow_commands: readonly SlowCommand[];
  /** The kinds of category `user_confusion`. */
  readonly confusion: readonly Friction[];
  readonly pre_fix: PreFix;
  readonly fixes: readonly FixVerdict[];
  /** Null where no session was judged. */
  readonly judge: JudgeScores | null;
  readonly rates: Rates;
  /** Two weeks at least, for the trend; a day without activity has no row. */
  readonly days: readonly Day[];
  /** The days of the window alone, cut at its ends; null unless a comparison was asked for. */
  readonly window_days: readonly Day[] | null;
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

/** What shows a kind of trouble: one incident, as far as the level of privacy lets it be shown. */
interface Shown {
  readonly rule_id: string | null;
  readonly tool_name: string | null;
  readonly command: string | null;
  readonly evidence: string | null;
  /** The last prompt before it; only at `full`. */
  readonly prompt_before: string | null;
  readonly session_id: string | null;
  readonly source_line: number | null;
  readonly remedy: string | null;
  /** The file that `sesh report --issues` writes; null when the kind is not worth an issue. */
  readonly draft: string | null;
}

/** One kind of trouble: open incidents with the same category and signature. */
export interface Friction extends Shown {
  readonly category: string;
  readonly signature: string;
  readonly incidents: number;
  readonly sessions: number;
  /** Of the window before, whatever was fixed. */
  readonly incidents_before: number | null;
  readonly per_100_tool_calls: number | null;
  /** The 95 % interval of the rate per 100 calls. */
  readonly per_100_tool_calls_low: number | null;
  readonly per_100_tool_calls_high: number | null;
  readonly per_active_hour: number | null;
  readonly lost_s: number | null;
  /** Incidents whose lost time is known. */
  readonly lost_incidents: number;
}

/** A kind of which incidents came after its fix. */
export interface Reopened extends Shown {
  readonly category: string;
  readonly signature: string;
  readonly fix_id: string;
  readonly incidents: number;
  readonly sessions: number;
}

/** A kind that is new, gone, or more or less frequent than in the window before by more than chance. */
export interface Change {
  readonly category: string;
  readonly signature: string;
  readonly change: ChangeKind;
  readonly incidents: number;
  readonly incidents_before: number;
  /** The 95 % interval of the rate per tool call now over the rate before. */
  readonly ratio_low: number | null;
  readonly ratio_high: number | null;
}

/** Of the open incidents. */
export interface FrictionTotals {
  readonly kinds: number;
  readonly incidents: number;
  readonly sessions: number;
  readonly lost_s: number | null;
}

/** Incidents that a fix explains: before it, or after it in a session that began before it. */
export interface PreFix {
  readonly incidents: number;
  readonly after_fix_incidents: number;
  readonly sessions: number;
}

export interface FixVerdict {
  readonly fix_id: string;
  readonly title: string;
  readonly fixed_at: string;
  readonly verdict: string;
  readonly incidents_before: number;
  readonly incidents_after: number;
  readonly per_100_calls_before: number | null;
  readonly per_100_calls_after: number | null;
  readonly ratio_low: number | null;
  readonly ratio_high: number | null;
}

export interface Day {
  readonly day: string;
  readonly sessions: number;
  readonly active_s: number;
  readonly prompts: number;
  readonly tool_calls: number;
  readonly tool_errors: number;
  readonly output_tokens: number | null;
  readonly cost_usd: number | null;
  readonly incidents: number;
  readonly per_active_hour: number | null;
  readonly per_active_hour_low: number | null;
  readonly per_active_hour_high: number | null;
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
  readonly kind: 'reopened' | 'friction' | 'retry_loop' | 'coverage';
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
