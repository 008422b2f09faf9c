import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { openViews } from '../../src/views/query.ts';
import { testSettings, writeLake } from './helpers/store.ts';

const scratch = mkdtempSync(`${tmpdir()}/sesh-lost-`);
afterAll(() => rmSync(scratch, { recursive: true }));

/** Opening a store is what costs, so one world has many sessions. */
const session = fc.constantFrom('s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8');

const said = fc.record({
  session,
  kind: fc.constantFrom('prompt', 'reply', 'api_error'),
  at: fc.integer({ min: 0, max: 3000 }),
});

const call = fc.record({
  session,
  thread: fc.constantFrom('main', 'agent-1'),
  command: fc.constantFrom('make a', 'make b', 'make c'),
  at: fc.integer({ min: 0, max: 3000 }),
  took: fc.integer({ min: 0, max: 900 }),
  outcome: fc.constantFrom('ok', 'error', 'timeout'),
});

interface Stretch {
  readonly session: Json;
  readonly from: number;
  readonly until: number;
}

/** Seconds that at least one of the stretches covers. */
function covered(stretches: readonly Stretch[]): number {
  let end = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const { from, until } of [...stretches].sort((one, other) => one.from - other.from)) {
    sum += Math.max(0, until - Math.max(from, end));
    end = Math.max(end, until);
  }
  return sum / 1e6;
}

/** Of each session with an incident: seconds lost, seconds that its incidents cover together, and seconds that it was active. */
async function lostAndCovered(calls: readonly JsonObject[], run: number) {
  const storeDir = `${scratch}/${String(run)}`;
  const views = await openViews({
    storeDir,
    files: await writeLake(storeDir, { events: calls }),
    settings: testSettings,
    threads: 1,
  });
  try {
    const lost = await views.query('select session_id, sum(lost_s) from friction group by session_id order by 1');
    const stretches = await views.query(
      'select session_id, epoch_us(lost_from), epoch_us(lost_until) from intermediate.ruled_troubles ' +
        'where lost_until >= lost_from',
    );
    const active = await views.query('select session_id, active_s from sessions');
    const all = stretches.rows.map(([session = null, from, until]) => ({
      session,
      from: Number(from),
      until: Number(until),
    }));
    return lost.rows.map(([session, seconds]) => ({
      lost: Number(seconds),
      covered: covered(all.filter((stretch) => stretch.session === session)),
      active: Number(active.rows.find(([id]) => id === session)?.[1]),
    }));
  } finally {
    views.close();
  }
}

test('a session never loses more time than its incidents cover together, nor more than it was active', async () => {
  let run = 0;
  let lostInAll = 0;
  const world = [
    fc.array(call, { minLength: 1, maxLength: 80, size: 'max' }),
    fc.array(said, { maxLength: 16, size: 'max' }),
  ] as const;
  await fc.assert(
    fc.asyncProperty(...world, async (calls, words) => {
      const events = calls.flatMap(({ session, thread, command, at, took, outcome }, index) => {
        const common = {
          agent: 'claude-code',
          session_id: session,
          thread_id: thread,
          source_id: 'a',
          ts_source: 'event',
        };
        const moment = (seconds: number): string => new Date(Date.UTC(2026, 2, 2) + seconds * 1000).toISOString();
        const id = String(index);
        return [
          {
            ...common,
            event_id: `c${id}`,
            kind: 'tool_call',
            ts: moment(at),
            seq: index * 2,
            call_id: id,
            tool_name: 'Bash',
            tool_kind: 'shell',
            command,
          },
          {
            ...common,
            event_id: `r${id}`,
            kind: 'tool_result',
            ts: moment(at + took),
            seq: index * 2 + 1,
            call_id: id,
            outcome,
            text: 'Exit code 2\nboom',
            duration_s: took,
          },
        ];
      });
      const spoken = words.map(({ session, kind, at }, index) => ({
        agent: 'claude-code',
        session_id: session,
        thread_id: 'main',
        source_id: 'a',
        ts_source: 'event',
        event_id: `w${String(index)}`,
        kind,
        subtype: kind === 'api_error' ? 'server' : null,
        ts: new Date(Date.UTC(2026, 2, 2) + at * 1000).toISOString(),
        seq: 100 + index,
        text: 'the same words about the harbour chart',
      }));
      run += 1;
      for (const { lost, covered: most, active } of await lostAndCovered([...events, ...spoken], run)) {
        expect(lost).toBeLessThanOrEqual(most + 1e-6);
        expect(lost).toBeLessThanOrEqual(active + 1e-6);
        lostInAll += lost;
      }
    }),
    { numRuns: 6 },
  );
  expect(lostInAll).toBeGreaterThan(0);
});
