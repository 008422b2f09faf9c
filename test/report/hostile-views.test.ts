import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { frictionChart } from '../../src/report/chart/chart.ts';
import { draftText } from '../../src/report/issues/draft.ts';
import { renderReport } from '../../src/report/page.ts';
import { buildWithIssues } from '../../src/report/report.ts';
import { openViews } from '../../src/views/query.ts';
import { parseSeed } from '../../src/views/seeds.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { testSettings, writeLake } from '../sql/helpers/store.ts';
import { HOSTILE, HOSTILE_RAW, treeOf } from './hostile.ts';

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000;
const window = { since: day('2026-02-10'), until: day('2026-02-12'), anchor: 'activity' } as const;

/** A store in which every column that holds text holds this one, or begins with it where rows must be told apart. */
function storeOf(text: string): readonly JsonObject[] {
  let seq = 0;
  const event = (session: string, at: string, kind: string, fields: JsonObject = {}): JsonObject => ({
    event_id: `event-${(seq += 1)}`,
    agent: text,
    session_id: `${text}${session}`,
    thread_id: 'main',
    source_id: 'source',
    source_line: seq,
    seq,
    ts: `2026-02-${at}Z`,
    ts_source: 'event',
    kind,
    user: text,
    project: text,
    cwd: text,
    git_branch: text,
    agent_version: text,
    ...fields,
  });
  const failing = (session: string, at: string, end: string): readonly JsonObject[] => {
    const call = { call_id: `call-${seq}`, tool_name: text, tool_kind: 'shell', file_path: text };
    return [
      event(session, at, 'tool_call', { ...call, command: `run ${text}` }),
      event(session, end, 'tool_result', { ...call, outcome: 'error', exit_code: 3, text: `Exit code 3\n${text}` }),
    ];
  };
  return [
    ...failing('old', '09T10:00:00', '09T10:00:01'),
    event('a', '10T09:00:00', 'prompt', { text }),
    event('a', '10T09:00:10', 'usage', { model: text, output_tokens: 200, cost_usd_micros: 120_000 }),
    ...failing('a', '10T09:01:00', '10T09:03:00'),
    ...failing('a', '10T09:04:00', '10T09:04:05'),
    ...failing('a', '10T09:05:00', '10T09:05:05'),
    event('b', '11T12:00:00', 'prompt', { text }),
    ...failing('b', '11T12:01:00', '11T12:01:05'),
    event('b', '11T12:02:00', 'unknown', { record_type: text }),
  ];
}

const folder = scratchForFile();
let stores = 0;

/** The page at the level that shows most, all its drafts, and the picture. */
async function pagesOf(text: string): Promise<readonly string[]> {
  const storeDir = `${folder}/${(stores += 1)}`;
  // A register is YAML, which knows no NUL.
  const quoted = text.replaceAll('"', '""').replaceAll('\u0000', '');
  const fixes = `fix_id,title,fixed_at:timestamptz,category,rule_id,signature,pattern,project,issue,commit\n"${quoted}","${quoted}",2026-02-11T00:00:00Z,retry_loop,,,,,,\n`;
  const files = await writeLake(storeDir, { events: storeOf(text) });
  const settings = { ...testSettings, seeds: [parseSeed('fixes', fixes)] };
  const views = await openViews({ storeDir, files, settings, threads: 1 });
  const { report, issues } = await buildWithIssues(views, {
    window,
    zone: 'UTC',
    redactionKey: Buffer.from('key'),
    privacy: 'full',
    compare: true,
  });
  views.close();
  const drafts = issues.candidates.map((kind) => draftText(kind, report));
  return [renderReport(report, 'chart.svg'), ...drafts.toSorted(), frictionChart(report.days) ?? ''];
}

const harmless = await (async () => {
  const pages = await pagesOf('word');
  return { trees: pages.map(treeOf), chart: pages.at(-1) };
})();

test('the harmless store fills the page and makes drafts', () => {
  // The page, a draft at least, the picture.
  expect(harmless.trees.length).toBeGreaterThanOrEqual(3);
  expect(harmless.chart).toContain('<circle');
});

const [frontMatter = '', ...raw] = HOSTILE_RAW;

test.each([frontMatter, raw.join('\n'), HOSTILE.slice(0, 22).join(' '), HOSTILE.slice(22).join(' ')])(
  'a store full of %j gives the same trees and the same picture (T08, T24, T25, T26, T29)',
  async (text) => {
    const pages = await pagesOf(text);
    expect(pages.map(treeOf)).toEqual(harmless.trees);
    expect(pages.at(-1)).toBe(harmless.chart);
    for (const hidden of ['http://', 'https://', '\u001b', '\u202e', '\u200b']) {
      expect(pages.slice(0, -1).filter((page) => page.includes(hidden))).toEqual([]);
    }
  },
);
