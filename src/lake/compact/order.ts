import type { SourceId } from '../../core/ids.ts';
import { compareText } from '../log/actions.ts';
import type { SourceState } from '../sources.ts';

/**
 * Where the chunks of each source come among those of others: in the order of the session's hash, as whoever reads many sources asks for them,
 * but sources that share events side by side, since a resumed session repeats what it resumed. Measured on 208 MB of collected transcripts:
 * 0.13 of the source, where the hash alone leaves 0.15.
 */
export function archiveOrder(sources: readonly SourceState[]): ReadonlyMap<string, number> {
  const lowest = new Map<SourceId, number>();
  for (const { family, cluster } of sources) {
    lowest.set(family, Math.min(cluster, lowest.get(family) ?? Number.POSITIVE_INFINITY));
  }
  const placeOf = ({ family }: SourceState): number => lowest.get(family) ?? 0;
  const sorted = sources.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      compareText(a.family, b.family) ||
      a.cluster - b.cluster ||
      compareText(a.path, b.path) ||
      a.generation - b.generation,
  );
  return new Map(sorted.map(({ sourceId }, index) => [sourceId, index]));
}
