import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { buildReport } from '../../src/report/report.ts';
import { renderReport } from '../../src/report/page.ts';
import type { Report } from '../../src/report/value.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Window } from '../../src/core/window.ts';
import { openViews, type Views } from '../../src/views/query.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { testSettings, writeLake, type Given } from '../sql/helpers/store.ts';

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000;
const window: Window = { since: day('2026-02-10'), until: day('2026-02-11'), anchor: 'activity' };
const redactionKey = Buffer.from('key');
const directory = scratchForFile();

const apiary = {
  agent: 'claude-code',
  session_id: '33333333-cccc-4ccc-8ccc-000000000001',
  thread_id: 'main',
  source_id: 'source-a',
  ts_source: 'event',
  project: 'apiary',
};
const brewery = {
  ...apiary,
  session_id: '44444444-dddd-4ddd-8ddd-000000000002',
  source_id: 'source-b',
  project: 'brewery',
};

type Base = typeof apiary;
let seq = 0;

/** An event on the line of its place in the list. */
function event(base: Base, ts: string, kind: string, fields: JsonObject = {}): JsonObject {
  seq += 1;
  return { ...base, seq, source_line: seq, ts: `2026-02-${ts}Z`, kind, ...fields };
}

function command(base: Base, from: string, to: string, line: string, result: JsonObject): readonly JsonObject[] {
  const call_id = `call-${seq}`;
  return [
    event(base, from, 'tool_call', { call_id, tool_name: 'Bash', tool_kind: 'shell', command: line }),
    event(base, to, 'tool_result', { call_id, ...result }),
  ];
}

const password = 'DB_PASSWORD=hive-4711-secret';
const ok = { outcome: 'ok', text: 'done' };
const missing = {
  outcome: 'error',
  exit_code: 127,
  text: `Exit code 127\nbash: line 1: hivectl: command not found\n${password}`,
};

const events = [
  event(apiary, '09T10:00:00', 'prompt', { text: 'The day before' }),
  event(apiary, '09T10:05:00', 'reply', { text: 'Done' }),
  event(apiary, '10T09:00:00', 'prompt', { text: 'Count the bees' }),
  event(apiary, '10T09:00:10', 'usage', {
    model: 'claude-opus-4-6',
    input_tokens: 1000,
    output_tokens: 200,
    cache_read_tokens: 5000,
    cache_write_5m_tokens: 300,
    cost_usd_micros: 120_000,
  }),
  ...command(apiary, '10T09:01:00', '10T09:01:02', 'hivectl count', missing),
  ...command(apiary, '10T09:02:00', '10T09:06:26', `${password} count-bees --all | tail`, ok),
  event(brewery, '10T12:00:00', 'prompt', { text: 'Brew' }),
  event(brewery, '10T12:00:30', 'usage', { model: 'own-model', output_tokens: 50 }),
  ...command(brewery, '10T12:01:00', '10T12:01:05', 'brew --beer', ok),
  event(brewery, '10T12:02:00', 'unknown', { record_type: 'dance' }),
];

const source = {
  agent: 'claude-code',
  generation: 0,
  archived_bytes: 900,
  pending_bytes: 0,
  records: 8,
  salvaged: 0,
  quarantined: 0,
  blank: 0,
  events: 8,
  unknown_events: 0,
};
const sources = [
  { ...source, source_id: 'source-a', path: '/t/a.jsonl', state: 'live', lines: 8 },
  { ...source, source_id: 'source-b', path: '/t/b.jsonl', state: 'gone', lines: 9, quarantined: 1, unknown_events: 1 },
];

async function viewsOver(name: string, given: Given): Promise<Views> {
  const storeDir = `${directory}/${name}`;
  return await openViews({ storeDir, files: await writeLake(storeDir, given), settings: testSettings, threads: 1 });
}

describe('a report over two sessions', () => {
  let views: Views;
  let report: Report;
  beforeAll(async () => {
    views = await viewsOver('two', { events, sources });
    report = await buildReport(views, { window, zone: 'UTC', redactionKey });
  });
  afterAll(() => views.close());

  test('counts what happened in the window, beside the window before', () => {
    expect([report.figures, report.figures_before]).toEqual([
      {
        sessions: 2,
        active_s: 386 + 120,
        wall_s: 386 + 120,
        timed_sessions: 2,
        wall_sessions: 2,
        prompts: 2,
        tool_calls: 3,
        tool_errors: 1,
        error_sessions: 2,
        tool_errors_per_100_calls: 100 / 3,
        input_tokens: 1000,
        output_tokens: 250,
        cache_read_tokens: 5000,
        cache_write_tokens: 300,
        token_sessions: 1,
        output_sessions: 2,
        cost_usd: 0.12,
        cost_sessions: 1,
        cost_unknown_responses: 1,
      },
      {
        sessions: 1,
        active_s: 300,
        wall_s: 300,
        timed_sessions: 1,
        wall_sessions: 1,
        prompts: 1,
        tool_calls: 0,
        tool_errors: 0,
        error_sessions: 1,
        tool_errors_per_100_calls: null,
        input_tokens: null,
        output_tokens: null,
        cache_read_tokens: null,
        cache_write_tokens: null,
        token_sessions: 0,
        output_sessions: 0,
        cost_usd: null,
        cost_sessions: 0,
        cost_unknown_responses: 0,
      },
    ]);
  });

  test('lists commands and projects, the longest first', () => {
    const mark = /^DB_PASSWORD=\[secret:password:[0-9a-f]{6}\] count-bees --all \| tail$/;
    expect(report.slow_commands).toEqual([
      {
        session_id: apiary.session_id,
        source_line: 7,
        project: 'apiary',
        command: expect.stringMatching(mark),
        duration_s: 266,
        outcome: 'ok',
        measured: false,
      },
      {
        session_id: brewery.session_id,
        source_line: 11,
        project: 'brewery',
        command: 'brew --beer',
        duration_s: 5,
        outcome: 'ok',
        measured: false,
      },
      {
        session_id: apiary.session_id,
        source_line: 5,
        project: 'apiary',
        command: 'hivectl count',
        duration_s: 2,
        outcome: 'error',
        measured: false,
      },
    ]);
    expect(report.projects).toEqual([
      { project: 'apiary', sessions: 1, active_s: 386, cost_usd: 0.12, cost_unknown_responses: 0, incidents: 1 },
      { project: 'brewery', sessions: 1, active_s: 120, cost_usd: null, cost_unknown_responses: 1, incidents: 0 },
    ]);
  });

  test('says what the figures rest on', () => {
    expect(report.coverage).toEqual({
      sources: 2,
      unreadable_sources: 0,
      gone_sources: 1,
      lines: 17,
      quarantined_lines: 1,
      salvaged_lines: 0,
      pending_bytes: 0,
      unknown_events: 1,
      unknown_record_types: [{ agent: 'claude-code', record_type: 'dance', events: 1 }],
    });
  });

  test('shows friction with its place, and no secret of the quoted text', () => {
    expect(report.friction).toContainEqual(
      expect.objectContaining({
        category: 'command_not_found',
        incidents: 1,
        incidents_before: 0,
        sessions: 1,
        per_100_tool_calls: 100 / 3,
        per_active_hour: 3600 / 506,
        session_id: apiary.session_id,
        source_line: 6,
        evidence: expect.stringContaining('command not found'),
        remedy: expect.stringMatching(/\w/),
      }),
    );
    expect(JSON.stringify(report)).not.toContain('hive-4711');
    expect(renderReport(report)).not.toContain('hive-4711');
  });

  test('is the same each time it is asked for', async () => {
    const again = await buildReport(views, { window, zone: 'UTC', redactionKey });
    expect(renderReport(again)).toBe(renderReport(report));
    expect(again).toEqual(report);
  });
});

test('by start, a session that began before the window is left out with all that happened in it', async () => {
  const views = await viewsOver('start', { events, sources });
  const report = await buildReport(views, { window: { ...window, anchor: 'start' }, zone: 'UTC', redactionKey });
  views.close();
  expect(report.figures.sessions).toBe(1);
  expect(report.slow_commands.map((slow) => slow.command)).toEqual(['brew --beer']);
  expect(report.friction).toEqual([]);
  expect(report.friction_totals).toEqual({ kinds: 0, incidents: 0, sessions: 0, lost_s: null });
  expect(report.projects.map(({ project }) => project)).toEqual(['brewery']);
});

test('without a beginning there is no window before', async () => {
  const views = await viewsOver('all', { events, sources });
  const report = await buildReport(views, { window: { ...window, since: null }, zone: 'UTC', redactionKey });
  views.close();
  expect([report.before, report.figures_before]).toEqual([null, null]);
  expect(report.friction.map((kind) => kind.incidents_before)).toEqual(report.friction.map(() => null));
});

test('an empty store gives a whole page that says so', async () => {
  const views = await viewsOver('empty', {});
  const page = renderReport(await buildReport(views, { window, zone: 'UTC', redactionKey }));
  views.close();
  expect(page).toContain('No session was active in this window.');
  expect(page).toContain('The store is empty: run `sesh sync`.');
});
