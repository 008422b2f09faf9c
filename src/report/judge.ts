import { asArray, asNumber, asObject, asText, type Json, type JsonObject } from '../core/json.ts';
import type { Row } from './cells.ts';
import type { Privacy } from './privacy.ts';

/** What judges said of the window's sessions: how many and why, never who. */
export interface JudgeScores {
  /** Sessions of the window that can be judged. */
  readonly eligible: number;
  /** Which judge and prompt, the newest first; scores of several are not put together. */
  readonly versions: readonly JudgeVersion[];
  readonly causes: readonly JudgeCause[];
  /** Judges or samples differ by two points or more: for a person to look at. Empty at `aggregate`. */
  readonly disputed: readonly DisputedSession[];
}

interface JudgeVersion {
  readonly version: string;
  readonly judged: number;
  /** Sessions with score 1, 2, 3, 4, 5. */
  readonly distribution: readonly number[];
  /** Sessions without a score, by reason. */
  readonly without_score: number;
  readonly null_reasons: Readonly<Record<string, number>>;
  readonly errors: number;
  /** Null for fewer than ten scores, and for a judge that was never measured against people. */
  readonly mean: number | null;
  readonly quotes: number;
  readonly quotes_verified: number;
  readonly calibration: JudgeCalibration | null;
}

/** How far the judge agreed with people when that was last measured. */
export interface JudgeCalibration {
  readonly version: string;
  readonly at: string;
  readonly sessions: number;
  readonly quadratic_kappa: {
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
  };
  readonly floors_reached: boolean;
}

/** Why sessions scored 3 or less, the most frequent first. */
interface JudgeCause {
  readonly cause: string;
  readonly sessions: number;
  /** Words of one of them, found in its transcript; null at `aggregate`, or where nothing was quoted. */
  readonly quote: string | null;
  readonly session_id: string | null;
  readonly source_line: number | null;
}

interface DisputedSession {
  readonly session_id: string;
  readonly lowest: number;
  readonly highest: number;
}

const SCORES = [1, 2, 3, 4, 5];
/** A mean of fewer says nothing. */
const LEAST_SCORES = 10;
const MOST_CAUSES = 8;
const MOST_DISPUTED = 10;

interface JudgeShape {
  readonly privacy: Privacy;
  readonly calibrations: readonly JudgeCalibration[];
}

/** Reads the rows of `reports.judged_sessions`; null where nothing was judged. */
export function judgeScores(rows: readonly Row[], { privacy, calibrations }: JudgeShape): JudgeScores | null {
  const judged = rows.filter((row) => row.textOrNull('version') !== null);
  if (judged.length === 0) return null;
  const quoting = privacy !== 'aggregate';
  const disputed = quoting ? judged.filter((row) => row.flag('is_disputed')) : [];
  return {
    eligible: rows.filter((row) => row.flag('is_eligible')).length,
    versions: [...groups(judged, (row) => row.text('version'))].map(([version, own]) =>
      versionOf(version, own, calibrations),
    ),
    causes: causesOf(judged, quoting),
    disputed: disputed.slice(0, MOST_DISPUTED).map((row) => ({
      session_id: row.text('session_id'),
      lowest: row.count('lowest_score'),
      highest: row.count('highest_score'),
    })),
  };
}

function versionOf(version: string, rows: readonly Row[], calibrations: readonly JudgeCalibration[]): JudgeVersion {
  const distribution = SCORES.map((score) => rows.filter((row) => row.amountOrNull('score') === score).length);
  const scored = distribution.reduce((sum, sessions) => sum + sessions, 0);
  const total = distribution.reduce((sum, sessions, index) => sum + sessions * (index + 1), 0);
  const reasons = groups(
    rows.filter((row) => row.textOrNull('null_reason') !== null),
    (row) => row.text('null_reason'),
  );
  const nulls = [...reasons].filter(([reason]) => !isError(reason));
  const calibration = calibrations.find((known) => known.version === version) ?? null;
  const sum = (column: string): number => rows.reduce((count, row) => count + (row.amountOrNull(column) ?? 0), 0);
  return {
    version,
    judged: rows.length,
    distribution,
    without_score: nulls.reduce((count, [, own]) => count + own.length, 0),
    null_reasons: Object.fromEntries(nulls.map(([reason, own]) => [reason, own.length])),
    errors: [...reasons].reduce((count, [reason, own]) => count + (isError(reason) ? own.length : 0), 0),
    mean: scored < LEAST_SCORES || calibration === null ? null : total / scored,
    quotes: sum('quotes'),
    quotes_verified: sum('quotes_verified'),
    calibration,
  };
}

function isError(reason: string): boolean {
  return reason.startsWith('error') || reason === 'output_truncated';
}

function causesOf(rows: readonly Row[], quoting: boolean): readonly JudgeCause[] {
  const low = rows.filter((row) => (row.amountOrNull('score') ?? SCORES.length) <= 3);
  return [...groups(low, (row) => row.text('cause'))]
    .toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
    .slice(0, MOST_CAUSES)
    .map(([cause, own]) => {
      const example = quoting ? own.find((row) => row.textOrNull('quote') !== null) : undefined;
      return {
        cause,
        sessions: own.length,
        quote: example?.textOrNull('quote') ?? null,
        session_id: example?.textOrNull('session_id') ?? null,
        source_line: example?.amountOrNull('quote_line') ?? null,
      };
    });
}

function groups(rows: readonly Row[], nameOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const name = nameOf(row);
    const group = found.get(name);
    if (group === undefined) found.set(name, [row]);
    else group.push(row);
  }
  return found;
}

/** What a verdict says of why, before its texts are redacted: a cause in fixed words, and the quote that shows it best. */
export function causeCells(row: Row): readonly Json[] {
  const quote = quoteOf(row.textOrNull('requirements'));
  return [causeOf(row), asText(quote?.['quote']), asNumber(quote?.['source_line'])];
}

export const causeColumns: readonly string[] = ['cause', 'quote', 'quote_line'];

/** What stood in the way, else what the code held against the score, else how far the work strayed. */
function causeOf(row: Row): string {
  const blocker = row.textOrNull('blocker') ?? 'none';
  if (blocker !== 'none') return `blocked: ${blocker}`;
  const [cap] = (row.textOrNull('caps') ?? '').split(',');
  if (cap !== undefined && cap !== '') return cap;
  const divergence = row.textOrNull('divergence') ?? 'on_track';
  return divergence === 'on_track' ? 'judged low' : `divergence: ${divergence}`;
}

const WORST_FIRST = ['unmet', 'unclear', 'partial', 'met'];

function quoteOf(requirements: string | null): JsonObject | null {
  const all = (asArray(parsed(requirements ?? '')) ?? []).map(asObject);
  const quoted = WORST_FIRST.flatMap((status) => all.filter((each) => each?.['status'] === status)).flatMap(
    (each) => asArray(each?.['evidence']) ?? [],
  );
  return asObject(quoted[0]);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
