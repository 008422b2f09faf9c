import { formatCount, plural } from '../../core/figures.ts';
import { code, plain, quoteBlock } from '../markdown.ts';
import type { FixVerdict, Reopened, Report } from '../value.ts';
import { instantText, placeText, rateText } from '../wording.ts';
import { draftNote } from './friction.ts';

/** Incidents of sessions that began after the fix that should have ended them. */
export function reopenedSection({ reopened }: Report): readonly string[] {
  if (reopened.length === 0) return ['## Reopened', 'None.'];
  return ['## Reopened', ...reopened.flatMap(reopenedKind)];
}

function reopenedKind(kind: Reopened): readonly string[] {
  const count = `${plural(kind.incidents, 'incident')} in ${plural(kind.sessions, 'session')}`;
  const place = kind.session_id === null ? '' : `, last shown at ${placeText(kind.session_id, kind.source_line)}`;
  return [
    `- After fix ${code(kind.fix_id)}: ${code(kind.category)} ${code(kind.signature)}: ${count}${place}${draftNote(kind)}`,
    ...(kind.evidence === null ? [] : [quoteBlock(kind.evidence)]),
  ];
}

/** One line, folded away from the ranking: trouble that is mended already. */
export function preFixSection({ pre_fix: old }: Report): readonly string[] {
  if (old.sessions === 0) return ['## Pre-fix', 'None.'];
  const late = old.after_fix_incidents === 0 ? '' : `, and ${formatCount(old.after_fix_incidents)} after it`;
  return [
    '## Pre-fix',
    `${plural(old.incidents, 'incident')} before a fix${late}, in ${plural(old.sessions, 'session')} that began before it: ` +
      'expected, and not in the ranking.',
  ];
}

export function fixesSection({ fixes, window }: Report): readonly string[] {
  if (fixes.length === 0) return ['## Fixes', 'None is registered (`sesh fixes add`).'];
  return ['## Fixes', fixes.map((fix) => verdictLine(fix, window.zone)).join('\n')];
}

function verdictLine(fix: FixVerdict, zone: string): string {
  const title = `${code(fix.fix_id)} ${code(fix.title)} (${instantText(fix.fixed_at, zone)})`;
  const rates = `${rateText(fix.per_100_calls_before)} per 100 calls before, ${rateText(fix.per_100_calls_after)} after`;
  const counts = `${plural(fix.incidents_before, 'incident')}, then ${formatCount(fix.incidents_after)}`;
  const ratio =
    fix.ratio_low === null || fix.ratio_high === null
      ? ''
      : `, ${rateText(fix.ratio_low)} to ${rateText(fix.ratio_high)} times the rate`;
  return `- ${plain(fix.verdict)}: ${title}: ${rates} (${counts}${ratio})`;
}
