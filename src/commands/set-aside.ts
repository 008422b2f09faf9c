import { formatBytes, formatCount, plural } from '../core/figures.ts';
import type { SyncSummary } from '../ingest/summary.ts';

const SHOWN = 5;

const words: Readonly<Record<string, string>> = {
  not_json: 'no JSON',
  not_an_object: 'JSON, but no record',
  cut_record: 'a record that was cut off',
  only_padding: 'nothing but NULs',
  nested_too_deep: 'nested too deep to be safe',
  line_too_long: 'a line that is too long',
  too_damaged: 'damaged beyond repair',
  document_too_long: 'a document that is too long',
  damaged_archive: 'an archive that is damaged or was cut off',
  unpacks_too_large: 'an archive that unpacks to far more than a transcript',
};

/** What was set aside and where, for a person who wants to look: the first few, and how to see the rest. */
export function setAsideLines({ set_aside, lines }: SyncSummary): readonly string[] {
  if (set_aside.length === 0) return [];
  const shown = set_aside
    .slice(0, SHOWN)
    .map(
      ({ path, line, byte, length_bytes, reason }) =>
        `Set aside ${path}:${line} (${formatBytes(length_bytes)} from byte ${formatCount(byte)}): ${words[reason] ?? reason}.`,
    );
  const lost = lines.quarantined === 0 ? '' : `${plural(lines.quarantined, 'line')} could not be read at all. `;
  return [...shown, `${lost}The bytes are in the archive; sesh sql "from quarantined" lists what was set aside.`];
}
