import type { Row } from './cells.ts';
import type { Privacy } from './privacy.ts';
import { changeOf } from './rates.ts';
import type { Change, Figures, Friction, FrictionTotals, PreFix, Reopened } from './value.ts';

interface Kinds {
  readonly friction: readonly Friction[];
  readonly friction_totals: FrictionTotals;
  readonly changes: readonly Change[];
  readonly reopened: readonly Reopened[];
  readonly confusion: readonly Friction[];
  readonly pre_fix: PreFix;
}

/** Categories whose evidence is what a person wrote: a prompt. */
const PROMPTS: ReadonlySet<string> = new Set(['user_confusion', 'user_rejection']);

const MOST_CONFUSION = 5;

/** The rows of friction_kinds, each in the lists where it has a place. `drafts`: the kinds that are worth an issue. */
export function kindsOf(rows: readonly Row[], now: Figures, drafts: ReadonlySet<string>, privacy: Privacy): Kinds {
  const all = rows.find((row) => row.text('grouped_by') === 'all');
  if (all === undefined) throw new TypeError('Expected a row for all kinds, got none');
  const kinds = rows.filter((row) => row.text('grouped_by') === 'kind');
  const ranked = (rank: string): readonly Row[] =>
    kinds
      .filter((row) => (row.amountOrNull(rank) ?? MOST + 1) <= MOST)
      .toSorted((a, b) => a.count(rank) - b.count(rank));
  const asFriction = (row: Row): Friction => friction(row, now, shownOf(row, drafts, privacy));
  const isConfusion = (row: Row): boolean => row.text('category') === 'user_confusion' && row.count('incidents') > 0;
  return {
    friction: ranked('open_rank').map(asFriction),
    friction_totals: {
      kinds: all.count('kinds'),
      incidents: all.count('incidents'),
      sessions: all.count('sessions'),
      lost_s: all.amountOrNull('lost_s'),
    },
    changes: ranked('change_rank').flatMap(change),
    reopened: ranked('reopened_rank').map((row) => reopened(row, shownOf(row, drafts, privacy))),
    confusion: kinds
      .filter(isConfusion)
      .toSorted((a, b) => b.count('incidents') - a.count('incidents'))
      .slice(0, MOST_CONFUSION)
      .map(asFriction),
    pre_fix: {
      incidents: all.count('pre_fix_incidents'),
      after_fix_incidents: all.count('old_session_incidents'),
      sessions: all.count('pre_fix_sessions'),
    },
  };
}

const MOST = 10;

type Shown = Pick<
  Friction,
  'rule_id' | 'tool_name' | 'command' | 'evidence' | 'prompt_before' | 'session_id' | 'source_line' | 'remedy' | 'draft'
>;

/** The incident that shows a kind best, without what the level of privacy keeps back. */
function shownOf(row: Row, drafts: ReadonlySet<string>, privacy: Privacy): Shown {
  const draft = row.text('draft');
  const always = {
    rule_id: row.textOrNull('rule_id'),
    remedy: row.textOrNull('remedy'),
    draft: drafts.has(draft) ? `${draft}.md` : null,
  };
  if (privacy === 'aggregate') {
    return {
      ...always,
      draft: null,
      tool_name: null,
      command: null,
      evidence: null,
      prompt_before: null,
      session_id: null,
      source_line: null,
    };
  }
  const isPrompt = PROMPTS.has(row.text('category'));
  return {
    ...always,
    tool_name: row.textOrNull('tool_name'),
    command: row.textOrNull('command'),
    evidence: isPrompt && privacy !== 'full' ? null : row.textOrNull('evidence'),
    prompt_before: privacy === 'full' ? row.textOrNull('prompt_before') : null,
    session_id: row.textOrNull('session_id'),
    source_line: row.amountOrNull('source_line'),
  };
}

function friction(row: Row, now: Figures, shown: Shown): Friction {
  const incidents = row.count('incidents');
  return {
    category: row.text('category'),
    signature: row.text('signature'),
    incidents,
    sessions: row.count('sessions'),
    incidents_before: row.amountOrNull('incidents_before'),
    per_100_tool_calls: now.tool_calls === 0 ? null : (incidents * 100) / now.tool_calls,
    per_100_tool_calls_low: row.amountOrNull('per_100_calls_low'),
    per_100_tool_calls_high: row.amountOrNull('per_100_calls_high'),
    per_active_hour: now.active_s === null || now.active_s === 0 ? null : (incidents * 3600) / now.active_s,
    lost_s: row.amountOrNull('lost_s'),
    lost_incidents: row.count('lost_incidents'),
    ...shown,
  };
}

function reopened(row: Row, shown: Shown): Reopened {
  return {
    category: row.text('category'),
    signature: row.text('signature'),
    fix_id: row.text('fix_id'),
    incidents: row.count('reopened_incidents'),
    sessions: row.count('reopened_sessions'),
    ...shown,
  };
}

function change(row: Row): readonly Change[] {
  const kind = changeOf(row);
  if (kind === null) return [];
  return [
    {
      category: row.text('category'),
      signature: row.text('signature'),
      change: kind,
      incidents: row.count('all_incidents'),
      incidents_before: row.count('incidents_before'),
      ratio_low: row.amountOrNull('ratio_low'),
      ratio_high: row.amountOrNull('ratio_high'),
    },
  ];
}
