import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { asText, type JsonObject } from '../../src/core/json.ts';
import type { ViewSettings } from '../../src/views/lake.ts';
import { openViews, type QueryResult, type Views } from '../../src/views/query.ts';
import { testSettings, writeLake } from '../sql/helpers/store.ts';

const scratch = mkdtempSync(`${tmpdir()}/sesh-laws-`);
afterAll(() => rmSync(scratch, { recursive: true }));

const START_MS = Date.parse('2026-03-27T00:00:00Z');
const DAY_MS = 86_400_000;

/** Few sessions, threads and times, so that pauses near the threshold, equal times and midnights are common. */
const eventRow = fc
  .record({
    session: fc.constantFrom('s1', 's2', 's3'),
    thread: fc.constantFrom('main', 'agent-1'),
    kind: fc.constantFrom('prompt', 'reply', 'usage', 'tool_call'),
    minute: fc.nat({ max: 600 }),
    day: fc.nat({ max: 3 }),
    second: fc.constantFrom(0, 0, 1),
    source: fc.constantFrom('event', 'event', 'event', 'neighbour', null),
    tokens: fc.option(fc.nat({ max: 50 })),
  })
  .map(({ session, thread, kind, minute, day, second, source, tokens }): JsonObject => {
    const ts = new Date(START_MS + day * DAY_MS + minute * 300_000 + second * 1000).toISOString();
    return {
      agent: 'codex',
      session_id: session,
      thread_id: thread,
      kind,
      ts: source === null ? null : ts,
      ts_source: source,
      output_tokens: kind === 'usage' ? tokens : null,
      cost_usd_micros: kind === 'usage' ? tokens : null,
      source_id: thread,
    };
  });
const eventRows = fc
  .array(eventRow, { minLength: 1, maxLength: 40 })
  .map((rows) => rows.map((row, seq): JsonObject => ({ ...row, seq, event_id: `e${String(seq)}` })));

let runs = 0;
async function withViews<T>(
  rows: readonly JsonObject[],
  ask: (views: Views) => Promise<T>,
  window: Partial<ViewSettings> = {},
): Promise<T> {
  runs += 1;
  const storeDir = `${scratch}/${String(runs)}`;
  const files = await writeLake(storeDir, { events: rows });
  const settings = { ...testSettings, zone: 'Europe/Berlin', ...window };
  const views = await openViews({ storeDir, files, settings, threads: 2 });
  try {
    return await ask(views);
  } finally {
    views.close();
  }
}

/** The rule in its plainest form: walk the sorted times of a session and sum what is not a gap. */
function activeTimes(rows: readonly JsonObject[], gapMs: number): readonly (readonly (string | number)[])[] {
  const sessions = new Map<string, number[]>();
  for (const row of rows) {
    if (row['ts_source'] !== 'event') continue;
    const id = asText(row['session_id']) ?? '';
    sessions.set(id, [...(sessions.get(id) ?? []), Date.parse(asText(row['ts']) ?? '')]);
  }
  return [...sessions.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, times]) => {
      const sorted = times.toSorted((a, b) => a - b);
      const pauses = sorted.slice(1).map((time, index) => time - (sorted[index] ?? time));
      const active = pauses.filter((pause) => pause <= gapMs).reduce((sum, pause) => sum + pause, 0);
      const wall = pauses.reduce((sum, pause) => sum + pause, 0);
      return [id, active / 1000, wall / 1000, pauses.filter((pause) => pause > gapMs).length];
    });
}

const CHECKS = [
  'active_within_wall',
  'blocks_sum_to_active',
  'daily_sums_to_active',
  'session_usage_sums',
  'event_ids_unique',
];

test('active time is what a plain walk over the sorted times gives, and every rule of checks holds (F63)', async () => {
  await fc.assert(
    fc.asyncProperty(eventRows, async (rows) => {
      await withViews(rows, async (views) => {
        const times = await views.query(
          'select session_id, active_s, wall_s, gaps from sessions where active_s is not null order by session_id',
        );
        expect(times.rows).toEqual(activeTimes(rows, 600_000));
        for (const name of CHECKS) expect((await views.query(`from checks.${name}`)).rows).toEqual([]);
      });
    }),
    { numRuns: 12 },
  );
});

const ASKED = [
  'from sessions order by all',
  'from daily order by all',
  'from session_blocks order by all',
  "from sessions_in('2026-03-28', '2026-03-29T12:00:00Z', 'start') order by all",
];

test('the order of the rows in the files does not change an answer', async () => {
  const ask = (views: Views): Promise<readonly QueryResult[]> => Promise.all(ASKED.map((sql) => views.query(sql)));
  await fc.assert(
    fc.asyncProperty(eventRows, async (rows) => {
      expect(await withViews(rows.toReversed(), ask)).toEqual(await withViews(rows, ask));
    }),
    { numRuns: 5 },
  );
});

test('windows that touch share nothing and lose nothing', async () => {
  const middle = '2026-03-28T12:00:00Z';
  const total = (view: string): string => `select sum(prompts), sum(output_tokens), sum(cost_usd) from ${view}`;
  await fc.assert(
    fc.asyncProperty(eventRows, async (rows) => {
      const timed = rows.map((row) => ({ ...row, ts: row['ts'] ?? '2026-03-28T00:00:00Z', ts_source: 'event' }));
      await withViews(timed, async (views) => {
        const halves = `(from sessions_in(null, '${middle}', null) union all from sessions_in('${middle}', null, null))`;
        expect((await views.query(total(halves))).rows).toEqual((await views.query(total('sessions'))).rows);
      });
    }),
    { numRuns: 5 },
  );
});

/** All that a window counts anew for a session that it cuts. */
const COUNTED = `started_at, ended_at, wall_s, active_s, active_capped_s, gaps, prompts, replies, responses, tool_calls,
  tool_errors, rejections, interrupts, events, models, input_tokens, output_tokens, cache_read_tokens, cost_usd,
  cost_unknown_responses`;

/** Of whole quarters of an hour, of parts of them, and of less than one. */
const WINDOWS = [
  ['2026-03-27T12:00:00Z', '2026-03-28T12:15:00Z'],
  ['2026-03-27T12:05:01Z', '2026-03-28T12:10:00Z'],
  ['2026-03-27T12:05:00Z', '2026-03-27T12:10:00Z'],
] as const;

test('a window counts what a store with nothing but its events counts', async () => {
  const ask = (views: Views, window: string): Promise<readonly QueryResult[]> =>
    Promise.all([
      views.query(
        `select session_id, ${COUNTED} from sessions_in(${window}, 'activity') where wall_s is not null order by all`,
      ),
      views.query(`from intermediate.blocks_in(${window}) order by all`),
      views.query(`from daily_in(${window}) order by all`),
    ]);
  await fc.assert(
    fc.asyncProperty(eventRows, async (rows) => {
      const found = await withViews(rows, (views) =>
        Promise.all(WINDOWS.map(([since, until]) => ask(views, `'${since}', '${until}'`))),
      );
      for (const [index, [since, until]] of WINDOWS.entries()) {
        const inside = rows.filter(({ ts }) => {
          const ms = Date.parse(asText(ts) ?? '');
          return ms >= Date.parse(since) && ms < Date.parse(until);
        });
        expect(found[index]).toEqual(await withViews(inside, (views) => ask(views, 'null, null')));
      }
    }),
    { numRuns: 5 },
  );
});

test('what is kept for the window of a run is what is found for any other', async () => {
  const [, [since, until]] = WINDOWS;
  const bounds = { sinceMicros: Date.parse(since) * 1000, untilMicros: Date.parse(until) * 1000 };
  const before = new Date(2 * Date.parse(since) - Date.parse(until)).toISOString();
  const asked = [
    [since, until],
    [before, since],
    ['2026-03-26T23:00:00Z', until],
    ['2026-03-27T13:00:00Z', until],
    [since, '2026-03-28T12:00:00Z'],
  ].flatMap(([from, to]) => [
    `select session_id, ${COUNTED} from sessions_in('${String(from)}', '${String(to)}', 'activity') order by all`,
    `from daily_in('${String(from)}', '${String(to)}') order by all`,
  ]);
  const ask = (views: Views): Promise<readonly QueryResult[]> => Promise.all(asked.map((sql) => views.query(sql)));
  await fc.assert(
    fc.asyncProperty(eventRows, async (rows) => {
      const found = await withViews(rows, ask);
      expect(await withViews(rows, ask, bounds)).toEqual(found);
      expect(await withViews(rows, ask, { ...bounds, untilMicros: null })).toEqual(found);
    }),
    { numRuns: 4 },
  );
});
