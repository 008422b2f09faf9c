import { expect, test } from 'vitest';
import { summaryLines, syncExitCode } from '../../src/commands/sync.ts';
import type { Line } from '../../src/commands/terminal.ts';
import { setAsideLines } from '../../src/commands/set-aside.ts';
import type { SyncSummary } from '../../src/ingest/summary.ts';

const summary: SyncSummary = {
  files: { seen: 12, new: 3, grown: 1, unchanged: 6, replaced: 0, gone: 2, unreadable: 0, outside_window: 2 },
  bytes: { read: 1_500_000, archived: 1_499_900, pending: 100 },
  lines: { total: 1210, records: 1200, salvaged: 3, quarantined: 0, blank: 7 },
  events: { derived: 1500, kept: 1400, duplicates: 100 },
  unknown: [{ agent: 'claude-code', record_type: 'novelty', events: 1 }],
  misunderstood: [],
  set_aside: [],
  sessions: 4,
  problems: [],
  warnings: [],
  skipped: [],
  took_s: 2.34,
  dry_run: false,
  store: '/srv/sesh',
};

function text(line: Line): string {
  return typeof line === 'string'
    ? line
    : line.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}

test('the summary shows each sum beside its parts', () => {
  expect(summaryLines(summary).map(text)).toEqual([
    'Read 4 files (1.5 MB) into /srv/sesh in 2.3 s.',
    'files     12 seen: 3 new, 1 grown, 6 unchanged, 2 outside the window; 2 gone, kept in the archive',
    'bytes     1.5 MB read: 1.5 MB archived, 100 B pending',
    'lines     1,210 = 1,200 records + 3 salvaged + 0 quarantined + 7 blank',
    'events    1,500 = 1,400 kept + 100 duplicates',
    'sessions  4',
    'unknown   claude-code novelty: 1 event, kept as they are',
  ]);
});

test('a dry run says that nothing was written', () => {
  expect(text(summaryLines({ ...summary, dry_run: true })[0] ?? '')).toBe(
    'Would read 4 files (1.5 MB) into /srv/sesh; nothing was written.',
  );
});

test('a run without news says so', () => {
  const files = { ...summary.files, new: 0, grown: 0, unchanged: 10 };
  expect(text(summaryLines({ ...summary, files })[0] ?? '')).toBe('Nothing new for /srv/sesh (2.3 s).');
});

test('unreadable files, quarantined lines and broken sums end with 3', () => {
  expect(syncExitCode(summary)).toBe(0);
  expect(syncExitCode({ ...summary, files: { ...summary.files, unreadable: 1 } })).toBe(3);
  expect(syncExitCode({ ...summary, lines: { ...summary.lines, quarantined: 1 } })).toBe(3);
  expect(syncExitCode({ ...summary, problems: ['The lines do not add up.'] })).toBe(3);
});

test('what was set aside is said with its place, why, and how to see the rest', () => {
  const span = { path: '/a/b.jsonl', line: 7, byte: 1234, length_bytes: 80, reason: 'cut_record' };
  const spans = Array.from({ length: 9 }, (_, n) => ({ ...span, line: 7 + n }));
  const lines = setAsideLines({ ...summary, lines: { ...summary.lines, quarantined: 3 }, set_aside: spans });
  expect(lines).toHaveLength(6);
  expect(lines[0]).toBe('Set aside /a/b.jsonl:7 (80 B from byte 1,234): a record that was cut off.');
  expect(lines.at(-1)).toBe(
    '3 lines could not be read at all. The bytes are in the archive; sesh sql "from quarantined" lists what was set aside.',
  );
  expect(setAsideLines(summary)).toEqual([]);
});
