import { formatShare, plural } from '../../core/figures.ts';
import { code } from '../markdown.ts';
import type { Report } from '../value.ts';
import { coverNote, durationText, rateText, usdText } from '../wording.ts';

/** Three to five sentences with the numbers that decide whether to read on. */
export function summary(report: Report): readonly string[] {
  const sentences =
    report.figures.sessions === 0
      ? ['No session was active in this window.', ...trouble(report)]
      : [time(report), cost(report), topFriction(report), ...back(report), ...comparison(report), ...trouble(report)];
  return ['## In short', sentences.join(' ')];
}

function time({ figures }: Report): string {
  const { sessions, active_s, wall_s, timed_sessions } = figures;
  if (active_s === null || wall_s === null)
    return `${plural(sessions, 'session')}; how long they were active is not known.`;
  const share = wall_s === 0 ? '' : ` (${formatShare(active_s, wall_s)})`;
  const cover = coverNote(timed_sessions, sessions);
  return `${plural(sessions, 'session')} worked for ${durationText(active_s)} of ${durationText(wall_s)} wall time${share}${cover}.`;
}

function cost({ figures }: Report): string {
  const { cost_usd, cost_unknown_responses, cost_sessions, sessions } = figures;
  const without = plural(cost_unknown_responses, 'response');
  if (cost_usd === null) {
    return `What they cost is not known${cost_unknown_responses === 0 ? '' : `: ${without} without a known price`}.`;
  }
  const missing = cost_unknown_responses === 0 ? '' : `, without ${without} whose price is not known`;
  return `At list prices they cost ${usdText(cost_usd)}${coverNote(cost_sessions, sessions)}${missing}.`;
}

function topFriction({ friction }: Report): string {
  const [top] = friction;
  if (top === undefined) return 'No friction was found.';
  const lost = top.lost_s === null ? 'time lost not known' : `${durationText(top.lost_s)} lost`;
  const where = `${plural(top.incidents, 'incident')} in ${plural(top.sessions, 'session')}`;
  return `The top friction is ${code(top.category)}, ${code(top.signature)}: ${where}, ${lost}.`;
}

function back({ reopened, changes }: Report): readonly string[] {
  const worse = changes.filter(({ change }) => change === 'new' || change === 'more').length;
  return [
    ...(reopened.length === 0 ? [] : [`${plural(reopened.length, 'kind')} of trouble came back after the fix.`]),
    ...(worse === 0 ? [] : [`${plural(worse, 'kind is', 'kinds are')} new or more frequent than before.`]),
  ];
}

function comparison({ figures, figures_before }: Report): readonly string[] {
  if (figures_before === null) return [];
  if (figures_before.sessions === 0) return ['The window before had no sessions.'];
  const parts = [
    plural(figures_before.sessions, 'session'),
    `${durationText(figures_before.active_s)} active`,
    usdText(figures_before.cost_usd),
  ];
  const rates = `${rateText(figures_before.tool_errors_per_100_calls)} then, ${rateText(figures.tool_errors_per_100_calls)} now`;
  return [`The window before: ${parts.join(', ')}; tool errors per 100 calls ${rates}.`];
}

function trouble({ coverage }: Report): readonly string[] {
  const parts = [
    ...(coverage.unreadable_sources > 0 ? [`${plural(coverage.unreadable_sources, 'source')} could not be read`] : []),
    ...(coverage.quarantined_lines > 0
      ? [`${plural(coverage.quarantined_lines, 'line')} could not be understood`]
      : []),
  ];
  return parts.length === 0 ? [] : [`Not everything could be counted: ${parts.join(', ')} (see Coverage).`];
}
