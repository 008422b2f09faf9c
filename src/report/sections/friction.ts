import { formatCount, plural } from '../../core/figures.ts';
import { code, codeCell, plain, quoteBlock, table } from '../markdown.ts';
import type { Friction, Report } from '../value.ts';
import { durationText, estimateText, placeText, rateText } from '../wording.ts';

/** The kinds of open trouble, those that cost most time in most sessions first, then each with one quote and what usually helps. */
export function frictionSection(report: Report): readonly string[] {
  const { friction, friction_totals: totals } = report;
  if (friction.length === 0) return ['## Top friction', 'None was found.'];
  const lost = totals.lost_s === null ? 'how much time was lost is not known' : `${durationText(totals.lost_s)} lost`;
  const kinds = plural(totals.kinds, 'kind');
  const intro =
    `${plural(totals.incidents, 'open incident')} of ${kinds} in ${formatCount(totals.sessions)} of ` +
    `${plural(report.figures.sessions, 'session')}, ${lost}. Ranked by time lost, weighted with the sessions that met it.`;
  const left = totals.kinds - friction.length;
  return [
    '## Top friction',
    intro,
    overview(report),
    ...(left > 0 ? [`${plural(left, 'more kind')} not shown.`] : []),
    ...friction.flatMap(detail),
    ...(friction.some(({ draft }) => draft !== null) ? ['`sesh report --issues DIR` writes the issue drafts.'] : []),
  ];
}

/** What people did not understand, or had to put right. */
export function confusionSection({ confusion, privacy }: Report): readonly string[] {
  if (confusion.length === 0) return ['## Confusion', 'None was found.'];
  const quoted = privacy === 'full' ? [] : ['What people typed is not quoted at this level of privacy.'];
  return ['## Confusion', confusion.map(confusionLine).join('\n'), ...quoted];
}

function confusionLine(kind: Friction): string {
  const place = kind.session_id === null ? '' : `, shown at ${placeText(kind.session_id, kind.source_line)}`;
  const quote = kind.evidence === null ? '' : `: ${code(kind.evidence)}`;
  const count = `${plural(kind.incidents, 'incident')} in ${plural(kind.sessions, 'session')}`;
  return `- ${code(kind.signature)}: ${count}${place}${quote}${draftNote(kind)}`;
}

/** Where the text of an issue about it is written. */
export function draftNote({ draft }: { readonly draft: string | null }): string {
  return draft === null ? '' : `; issue draft ${code(draft)}`;
}

function overview({ friction, figures }: Report): string {
  const right = 'right' as const;
  const columns = [
    { title: '#', align: right },
    { title: 'Category' },
    { title: 'Signature' },
    { title: 'Incidents', align: right },
    { title: 'Before', align: right },
    { title: 'Sessions', align: right },
    { title: 'Per 100 calls', align: right },
    { title: 'Per active hour', align: right },
    { title: 'Time lost', align: right },
  ];
  const rows = friction.map((kind, index) => [
    String(index + 1),
    codeCell(kind.category),
    codeCell(kind.signature),
    formatCount(kind.incidents),
    kind.incidents_before === null ? '-' : formatCount(kind.incidents_before),
    `${formatCount(kind.sessions)} of ${formatCount(figures.sessions)}`,
    estimateText({
      value: kind.per_100_tool_calls,
      low: kind.per_100_tool_calls_low,
      high: kind.per_100_tool_calls_high,
      before: null,
    }),
    rateText(kind.per_active_hour),
    lostText(kind),
  ]);
  return table(columns, rows);
}

function lostText({ lost_s, lost_incidents, incidents }: Friction): string {
  const cover = lost_s === null || lost_incidents === incidents ? '' : ` (${lost_incidents} of ${incidents})`;
  return `${durationText(lost_s)}${cover}`;
}

function detail(kind: Friction, index: number, all: readonly Friction[]): readonly string[] {
  const tool = kind.tool_name === null ? '' : ` in ${code(kind.tool_name)}`;
  const rule = kind.rule_id === null ? '' : `, rule ${code(kind.rule_id)}`;
  const command = kind.command === null ? '' : `: ${code(kind.command)}`;
  const place = kind.session_id === null ? '' : ` at ${placeText(kind.session_id, kind.source_line)}`;
  return [
    `**${index + 1}.** ${code(kind.category)}${tool}${place}${rule}${command}`,
    ...(kind.evidence === null ? [] : [quoteBlock(kind.evidence)]),
    ...(kind.prompt_before === null ? [] : ['The prompt before it:', quoteBlock(kind.prompt_before)]),
    ...help(kind.remedy, all, index),
    ...(kind.draft === null ? [] : [`Issue draft: ${code(kind.draft)}`]),
  ];
}

/** The same advice is given once. */
function help(remedy: string | null, all: readonly Friction[], index: number): readonly string[] {
  if (remedy === null) return [];
  const first = all.findIndex((kind) => kind.remedy === remedy);
  return [first < index ? `What usually helps: as ${first + 1}.` : `What usually helps: ${plain(remedy)}`];
}
