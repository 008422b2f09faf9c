import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../src/agents/agent.ts';
import { claudeCode } from '../../src/agents/claude-code/index.ts';
import { goose } from '../../src/agents/goose/index.ts';
import { opencode } from '../../src/agents/opencode/index.ts';
import { settingsOf } from '../../src/commands/settings.ts';
import { records, withViews } from '../../src/commands/views.ts';
import type { Json } from '../../src/core/json.ts';
import { everything } from '../../src/core/window.ts';
import { readSnapshot } from '../../src/lake/log.ts';
import { adaptAll } from '../agents/cases.ts';
import {
  callLine,
  minute,
  promptLine,
  resultLine,
  sessionNumber,
  turn,
  uuidNumber,
  writeLines,
} from '../helpers/claude.ts';
import { testMachine, type TestMachine } from '../helpers/machine.ts';
import { eventFiles, syncStore } from '../helpers/store.ts';

async function ask(store: string, sql: string, zone = 'UTC'): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return await withViews({ storeDir: store, settings: settingsOf(everything, zone) }, async ({ query }) =>
    records(await query(sql)),
  );
}

/** A session that has a prompt at each of the instants. */
function sessionAt(machine: TestMachine, n: number, instants: readonly string[]): void {
  const line = (at: string, index: number): string =>
    promptLine({ session: sessionNumber(n), uuid: uuidNumber(n * 1000 + index), at }, `prompt ${index}`);
  writeLines(machine.file(n), instants.map(line));
}

test('a clock that is set back two hours, then on by a year, loses nothing, and versions stay in order (F61)', async () => {
  const { store, root, file, sync, rows } = testMachine();
  const clocks = ['2026-02-11T16:00:00Z', '2026-02-11T14:00:00Z', '2027-02-11T14:00:00Z', '2026-02-11T17:00:00Z'];
  const versions: number[] = [];
  for (const [n, now] of clocks.entries()) {
    appendLines(file(1), turn(sessionNumber(1), n + 1));
    expect((await sync({ now })).events.kept).toBe(3 * (n + 1));
    versions.push((await readSnapshot(join(store, 'events'))).version);
  }
  expect(versions).toEqual([0, 1, 2, 3]);
  expect(await rows('select count(*)::int as rows from events')).toEqual([{ rows: 12 }]);
  // What the clock says of now decides what `2d` means, never what an event's time is.
  const once = `${store}-once`;
  await syncStore({ store: once, roots: [root], now: '2031-01-01T00:00:00Z' });
  expect(await eventFiles(store)).toEqual(await eventFiles(once));
});

function appendLines(file: string, lines: readonly string[]): void {
  writeLines(file.replace(/[^/]*$/, 'notes.txt'), []);
  appendFileSync(file, `${lines.join('\n')}\n`);
}

describe('a written time', () => {
  const claude = (timestamp: Json): readonly [string | null, string] => {
    const common = { type: 'user', sessionId: 's', message: { role: 'user', content: 'x' } };
    const known = { ...common, uuid: 'a', timestamp: '2026-02-05T09:00:00Z' };
    const [, event] = adaptAll(claudeCode, [known, { ...common, uuid: 'b', timestamp }], hintOf({ sessionId: 's' }));
    const ts = event?.ts ?? null;
    return [
      ts === null ? null : new Date(ts / 1000).toISOString(),
      [event?.tsSource, ...(event?.flags ?? [])].join(' '),
    ];
  };

  test.each<[Json, string, string]>([
    ['2026-02-05T10:00:00.123Z', '2026-02-05T10:00:00.123Z', 'event'],
    ['2026-02-05T10:00:00,5Z', '2026-02-05T10:00:00.500Z', 'event'],
    ['2026-02-05T10:00:00.123456789+05:30', '2026-02-05T04:30:00.123Z', 'event'],
    ['2026-02-05 10:00:00+00:00', '2026-02-05T10:00:00.000Z', 'event'],
    ['2026-02-05T10:00:00', '2026-02-05T10:00:00.000Z', 'event assumed_zone'],
    ['2026-12-31T23:59:60Z', '2027-01-01T00:00:00.000Z', 'event'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z', 'event before_2023'],
    ['9999-12-31T23:59:59Z', '2026-02-05T09:00:00.000Z', 'neighbour wrong_type'],
    ['2026-02-05T24:00:00Z', '2026-02-05T09:00:00.000Z', 'neighbour wrong_type'],
    ['2026-02-30T10:00:00Z', '2026-02-05T09:00:00.000Z', 'neighbour wrong_type'],
    ['1770285600', '2026-02-05T09:00:00.000Z', 'neighbour wrong_type'],
    [1_770_285_600, '2026-02-05T09:00:00.000Z', 'neighbour wrong_type'],
    [{}, '2026-02-05T09:00:00.000Z', 'neighbour wrong_type'],
    ['', '2026-02-05T09:00:00.000Z', 'neighbour'],
    [null, '2026-02-05T09:00:00.000Z', 'neighbour'],
  ])('%j is %s (%s), never a guess (F62)', (written, at, said) => expect(claude(written)).toEqual([at, said]));

  test.each<[Json, string | null]>([
    [1_770_285_600, '2026-02-05T10:00:00.000Z'],
    ['1770285600', '2026-02-05T10:00:00.000Z'],
    [1_770_285_600_000, '2026-02-05T10:00:00.000Z'],
    [1_770_285_600_000_000_000, null],
    [-5, null],
    [0, null],
  ])('of seconds or milliseconds, %j, is %s where the agent writes seconds (F62)', (written, at) => {
    const row = {
      id: 1,
      session_id: 's',
      role: 'user',
      content_json: '[{"type":"text","text":"x"}]',
      created_timestamp: written,
    };
    const events = adaptAll(goose, [{ table: 'messages', row }], hintOf({ sessionId: 's', member: 's' }));
    const ts = events.find(({ kind }) => kind === 'prompt')?.ts ?? null;
    expect(ts === null ? null : new Date(ts / 1000).toISOString()).toBe(at);
  });

  test('of microseconds where milliseconds are due is none (F62)', () => {
    const moment = (created: Json): number | null | undefined => {
      const info = { id: 'msg_1', sessionID: 'ses_1', role: 'user', time: { created } };
      const parts = [{ id: 'prt_1', type: 'text', text: 'x', messageID: 'msg_1', sessionID: 'ses_1' }];
      const value: Json = { info: { id: 'ses_1', time: { created: 0 } }, messages: [{ info, parts }] };
      return adaptAll(opencode, [value], hintOf({ form: 'document' })).find(({ kind }) => kind === 'prompt')?.ts;
    };
    expect(moment(1_770_285_600_000)).toBe(1_770_285_600_000_000);
    expect(moment(1_770_285_600_000_000)).toBeNull();
  });
});

test('events whose times are equal or run backwards are in the order of the file, and no time is negative (F63)', async () => {
  const machine = testMachine();
  sessionAt(machine, 1, [minute(5), minute(1), minute(1), minute(9), minute(0)]);
  await machine.sync();
  expect(await machine.rows('select text from events order by ts, source_line')).toEqual(
    [4, 1, 2, 0, 3].map((index) => ({ text: `prompt ${index}` })),
  );
  expect(await ask(machine.store, 'select active_s::double as active, wall_s::double as wall from sessions')).toEqual([
    { active: 540, wall: 540 },
  ]);
});

test.each<[string, string, Readonly<Record<string, Readonly<Record<string, number>>>>]>([
  ['clocks that go forward in Europe', '2026-03-28T22:30:00Z', { 'Europe/Berlin': { '2026-03-29': 23 } }],
  ['clocks that go back in Europe', '2026-10-24T21:30:00Z', { 'Europe/Berlin': { '2026-10-25': 25 } }],
  ['clocks that go forward in America', '2026-03-08T04:30:00Z', { 'America/New_York': { '2026-03-08': 23 } }],
  ['the end of a year', '2026-12-31T10:00:00Z', { 'Asia/Kathmandu': { '2027-01-01': 21.75 } }],
])(
  'a session over %s has the same totals in every zone, and its days add up to them (F64)',
  async (_what, start, lengths) => {
    const machine = testMachine();
    // 30 hours without a pause: every 5 minutes.
    const instants = Array.from({ length: 361 }, (_, index) =>
      new Date(Date.parse(start) + index * 300_000).toISOString(),
    );
    sessionAt(machine, 1, instants);
    await machine.sync();
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu']) {
      const days = await ask(
        machine.store,
        `select day::varchar as day, active_s::double as active_s from daily
         union all select 'active', active_s::double from sessions union all select 'wall', wall_s::double from sessions`,
        zone,
      );
      const { active, wall, ...hours }: Record<string, number> = Object.fromEntries(
        days.map(({ day, active_s }) => [String(day), Number(active_s) / 3600]),
      );
      expect([active, wall]).toEqual([30, 30]);
      expect(Object.values(hours).reduce((sum, each) => sum + each, 0)).toBeCloseTo(30, 9);
      expect(hours).toMatchObject(lengths[zone] ?? {});
    }
  },
);

describe('progress of commands', () => {
  const session = sessionNumber(1);
  const call = (id: string, line: number): string =>
    callLine({ session, uuid: `call-${id}`, at: minute(0) }, id, 'Bash', { command: `run ${id} ${line}` });
  const report = (id: string, line: number, counter: number, elapsed: Json): string =>
    JSON.stringify({
      ...JSON.parse(promptLine({ session, uuid: `report-${line}`, at: minute(line / 60) }, '')),
      type: 'progress',
      message: undefined,
      parentToolUseID: id,
      toolUseID: `bash-progress-${counter}`,
      data: { type: 'bash_progress', output: 'x', fullOutput: 'x', elapsedTimeSeconds: elapsed, totalLines: 1 },
    });
  const result = (id: string, seconds: number): string =>
    resultLine({ session, uuid: `result-${id}`, at: minute(seconds / 60) }, id, 'done');

  test('out of order, interleaved, reset, negative or without an end becomes one duration for each command (F66)', async () => {
    const { store, file, sync } = testMachine();
    writeLines(file(1), [
      call('order', 1),
      report('order', 12, 10, 12),
      report('order', 3, 1, 3),
      report('order', 7, 5, 7),
      call('left', 2),
      call('right', 3),
      report('left', 4, 2, 4),
      report('right', 5, 3, 5),
      report('left', 14, 12, 14),
      report('right', 25, 23, 25),
      call('reset', 4),
      report('reset', 9, 7, 9),
      report('reset', 13, 0, 2),
      call('endless', 5),
      report('endless', 30, 28, 30),
      call('odd', 6),
      report('odd', 2, 0, -5),
      report('odd', 6, 1, 'six'),
      report('odd', 8, 2, 8),
      ...['order', 'left', 'right', 'reset', 'odd'].map((id) => result(id, 40)),
    ]);
    const { problems } = await sync();
    expect(problems).toEqual([]);
    const rows = await ask(
      store,
      `select call_id, elapsed_s::double as elapsed, updates::int as updates, duration_s >= elapsed_s as long_enough from command_runs order by call_id, elapsed_s`,
    );
    expect(rows.map(({ call_id, elapsed, updates, long_enough }) => [call_id, elapsed, updates, long_enough])).toEqual([
      ['endless', 30, 1, true],
      ['left', 14, 2, true],
      ['odd', 8, 3, true],
      ['order', 12, 3, true],
      ['reset', 2, 1, true],
      ['reset', 9, 1, true],
      ['right', 25, 2, true],
    ]);
    const flagged = await ask(
      store,
      `select count(*)::int as n from staging.events where kind = 'progress' and flags = 'wrong_type'`,
    );
    expect(flagged).toEqual([{ n: 2 }]);
  });
});

test('a pause of exactly the threshold, one event, equal events and a weekend have the documented times (F67)', async () => {
  const machine = testMachine();
  sessionAt(machine, 1, ['2026-02-05T10:00:00.000Z', '2026-02-05T10:10:00.000Z']);
  sessionAt(machine, 2, ['2026-02-05T10:00:00.000Z', '2026-02-05T10:10:00.001Z']);
  sessionAt(machine, 3, ['2026-02-05T10:00:00Z']);
  sessionAt(machine, 4, ['2026-02-05T10:00:00Z', '2026-02-05T10:00:00Z']);
  sessionAt(machine, 5, [
    '2026-02-06T17:00:00Z',
    '2026-02-06T17:05:00Z',
    '2026-02-09T09:00:00Z',
    '2026-02-09T09:01:00Z',
  ]);
  await machine.sync();
  const rows = await ask(
    machine.store,
    'select active_s::double as active, active_capped_s::double as capped, wall_s::double as wall from sessions order by session_id',
  );
  expect(rows.map(({ active, capped, wall }) => [active, capped, wall])).toEqual([
    [600, 600, 600],
    [0, 600, 600.001],
    [0, 0, 0],
    [0, 0, 0],
    [360, 960, 230_460],
  ]);
});
