import { formatBytes, formatCount, plural } from '../../core/figures.ts';
import { code } from '../markdown.ts';
import type { Report } from '../value.ts';

/** What the figures rest on, and what was not understood. */
export function coverageSection({ coverage }: Report): readonly string[] {
  const types = coverage.unknown_record_types.map(
    ({ agent, record_type, events }) => `${code(record_type)} of ${code(agent)} (${formatCount(events)})`,
  );
  const known = types.length === 0 ? '' : `: ${types.join(', ')}`;
  return [
    '## Coverage and what was not understood',
    [
      `- Sources read: ${formatCount(coverage.sources - coverage.unreadable_sources)} of ${formatCount(coverage.sources)}, ` +
        `${formatCount(coverage.unreadable_sources)} unreadable; ${formatCount(coverage.gone_sources)} no longer on disk and kept.`,
      `- Lines: ${formatCount(coverage.lines)}, of them ${formatCount(coverage.quarantined_lines)} in quarantine and ` +
        `${formatCount(coverage.salvaged_lines)} salvaged; ${formatBytes(coverage.pending_bytes)} pending (a last line still being written).`,
      `- Events of record types that sesh does not know: ${formatCount(coverage.unknown_events)}${known}.`,
      `- What is not known is left out of the sums and never counted as 0. Costs are list-price equivalents, not bills.`,
    ].join('\n'),
    ...(coverage.sources === 0 ? ['The store is empty: run `sesh sync`.'] : []),
    ...(coverage.unreadable_sources + coverage.quarantined_lines === 0
      ? []
      : [`\`sesh doctor\` lists ${plural(coverage.unreadable_sources, 'unreadable source')} and the quarantine.`]),
  ];
}
