import { asNumber, asText, isObject } from '../../core/json.ts';
import type { Row } from '../cells.ts';
import type { Privacy } from '../privacy.ts';

/** A kind of friction that is worth an issue, with the facts for it; texts are redacted quotes. */
export interface Candidate {
  /** `permission-3f9a12bc`: the file without its ending. */
  readonly name: string;
  readonly category: string;
  readonly subtype: string | null;
  readonly signature: string;
  readonly status: 'open' | 'reopened';
  readonly fixId: string | null;
  readonly incidents: number;
  readonly incidentsBefore: number | null;
  readonly sessions: number;
  readonly lostS: number | null;
  readonly lostIncidents: number;
  readonly resolved: number;
  readonly unresolved: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly projects: number;
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly exitCodes: readonly number[];
  readonly commands: readonly string[];
  readonly evidence: readonly string[];
  readonly places: readonly Place[];
  readonly ruleId: string | null;
  readonly remedy: string | null;
}

interface Place {
  readonly sessionId: string;
  readonly sourceLine: number | null;
}

/** A kind that a fix ended: its draft, where there is one, is marked. */
export interface FixedKind {
  readonly name: string;
  readonly fixId: string;
}

export interface IssueKinds {
  readonly candidates: readonly Candidate[];
  readonly fixed: readonly FixedKind[];
}

export function candidateOf(row: Row, privacy: Privacy): Candidate {
  // What a person typed is quoted only where prompts may be.
  const quotes = privacy === 'full' || row.text('category') !== 'user_confusion';
  return {
    name: row.text('draft'),
    category: row.text('category'),
    subtype: row.textOrNull('subtype'),
    signature: row.text('signature'),
    status: row.text('status') === 'reopened' ? 'reopened' : 'open',
    fixId: row.textOrNull('fix_id'),
    incidents: row.count('incidents'),
    incidentsBefore: row.amountOrNull('incidents_before'),
    sessions: row.count('sessions'),
    lostS: row.amountOrNull('lost_s'),
    lostIncidents: row.count('lost_incidents'),
    resolved: row.count('resolved_incidents'),
    unresolved: row.count('unresolved_incidents'),
    firstAt: row.textOrNull('first_at'),
    lastAt: row.textOrNull('last_at'),
    projects: row.count('projects'),
    agents: texts(row, 'agents'),
    tools: texts(row, 'tools'),
    exitCodes: row.list('exit_codes').flatMap((code) => asNumber(code) ?? []),
    commands: texts(row, 'commands'),
    evidence: quotes ? texts(row, 'evidence') : [],
    places: row
      .list('places')
      .flatMap((place) =>
        isObject(place)
          ? [{ sessionId: asText(place['session_id']) ?? '', sourceLine: asNumber(place['source_line']) }]
          : [],
      ),
    ruleId: row.textOrNull('rule_id'),
    remedy: row.textOrNull('remedy'),
  };
}

export function fixedKindOf(row: Row): FixedKind {
  return { name: row.text('draft'), fixId: row.text('fix_id') };
}

function texts(row: Row, column: string): readonly string[] {
  return row.list(column).flatMap((text) => asText(text) ?? []);
}
