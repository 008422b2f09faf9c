import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { openViews } from '../../src/views/query.ts';
import { testSettings, writeLake } from './helpers/store.ts';

const scratch = mkdtempSync(`${tmpdir()}/sesh-lost-`);
afterAll(() => rmSync(scratch, { recursive: true }));

const call = fc.record({
  session: fc.constantFrom('s1', 's2'),
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
    const all = stretches.rows.map(([session = null, from, until]) => ({
      session,
      from: Number(from),
      until: Number(until),
    }));
    return lost.rows.map(([session, seconds]) => ({
      lost: Number(seconds),
      covered: covered(all.filter((stretch) => stretch.session === session)),
    }));
  } finally {
    views.close();
  }
}

test('a session never loses more time than its incidents cover together', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 14 }), async (calls) => {
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
      run += 1;
      for (const { lost, covered: most } of await lostAndCovered(events, run)) {
        expect(lost).toBeLessThanOrEqual(most + 1e-6);
      }
    }),
    { numRuns: 25 },
  );
});
