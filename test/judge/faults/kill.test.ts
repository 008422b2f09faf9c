import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseLine } from '../../../src/judge/ledger/lines.ts';
import { judgeSessions } from '../../../src/judge/run.ts';
import { steps } from '../../../src/rehearsal/step.ts';
import { scratch } from '../../helpers/scratch.ts';
import { compileFolders } from '../../lake/helpers/compiled.ts';
import { FakeClock } from '../helpers/clock.ts';
import { judging, published, sessions, testOptions } from '../helpers/judging.ts';
import { message, openServer, type FakeServer } from '../helpers/server.ts';

const project = compileFolders([
  'src/core',
  'src/rehearsal',
  'src/lake',
  'src/judge',
  'test/judge/helpers',
  'test/judge/faults',
]);
/** `SESH_LAW_RUNS=10` is for a machine with time: then all lines of 20 sessions do. Five lines a session, so every kind is met. */
const thorough = Number(process.env['SESH_LAW_RUNS'] ?? '1') > 1;
const some = thorough ? 1 : 7;
const columns = ['key', 'session_id', 'score', 'answers', 'cost_usd_micros', 'flags', 'answer_sha256'];

/** Scores that differ, so that an answer that went to the wrong session shows. */
const newService = async (): Promise<FakeServer> =>
  await openServer(({ text }) => {
    const number = Number(/Transcript of s(\d+)\./.exec(text)?.[1]);
    return message(JSON.stringify({ score: 1 + (number % 5) }));
  });

interface Setting {
  readonly store: string;
  readonly count: number;
  readonly keeps: 'table' | 'ledger';
}

/** Whether the run was killed before its end. */
async function runUntil(crashAt: string, { url }: FakeServer, { store, count, keeps }: Setting): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [join(project, 'test/judge/faults/child.js'), url, store, String(count), keeps],
    { env: { SESH_CRASH_AT: crashAt, TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code, signal]: unknown[] = await once(child, 'exit');
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The child ended with ${String(code)}`);
  return signal === 'SIGKILL';
}

async function finish({ url }: FakeServer, { store, count, keeps }: Setting): Promise<void> {
  const withoutTable = keeps === 'ledger';
  const { close, ...effects } = await judging({ url, store, clock: new FakeClock(), withoutTable });
  await judgeSessions(sessions(count), testOptions, effects);
  await close();
}

function requestsBySession({ log }: FakeServer): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of log) {
    const session = /Transcript of (s\d+)\./.exec(text)?.[1] ?? '';
    counts.set(session, (counts.get(session) ?? 0) + 1);
  }
  return counts;
}

interface Left {
  /** What the checks made of the answers, by the ledger. */
  readonly verdicts: readonly object[];
  /** Questions that left and of which nothing more is known. */
  readonly unheard: number;
}

function left(store: string): Left {
  const file = join(store, 'judge', 'ledger-2026-11.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').map(parseLine) : [];
  const rows = lines.flatMap((line) => (line?.type === 'verdict' ? [line.row] : []));
  const count = (...types: readonly string[]): number =>
    lines.filter((line) => line !== null && types.includes(line.type)).length;
  return {
    verdicts: rows
      .map((row) => Object.fromEntries(columns.map((name) => [name, row[name]])))
      .toSorted((a, b) => (String(a['key']) < String(b['key']) ? -1 : 1)),
    unheard: count('sent') - count('response', 'failed'),
  };
}

async function undisturbed(count: number): Promise<string> {
  const server = await newService();
  const store = join(scratch(), 'store');
  await finish(server, { store, count, keeps: 'table' });
  await server.close();
  return store;
}

describe('kill -9', () => {
  const count = thorough ? 20 : 5;

  // Before a line and after it the disk holds what it holds in the middle of a neighbour, so there some lines do.
  test.each([
    ['append:written', 1],
    ['append:before', some],
    ['append:after', some],
  ] as const)(
    'at %s of every line (or every %i-th) of the ledger of all sessions loses no paid answer and asks nothing twice but what was under way',
    { timeout: 900_000 },
    async (step, stride) => {
      const expected = left(await undisturbed(count)).verdicts;
      expect(expected).toHaveLength(count);
      for (let n = 1; ; n += stride) {
        const server = await newService();
        const setting = { store: join(scratch(), 'store'), count, keeps: 'ledger' } as const;
        const killed = await runUntil(`${step}:${n}`, server, setting);
        const { unheard } = left(setting.store);
        await finish(server, setting);
        await server.close();
        const counts = [...requestsBySession(server).values()];
        expect(counts).toHaveLength(count);
        expect(Math.max(...counts)).toBeLessThanOrEqual(2);
        expect(counts.filter((requests) => requests === 2).length).toBeLessThanOrEqual(unheard);
        expect(unheard).toBeLessThanOrEqual(1);
        expect(left(setting.store).verdicts).toEqual(expected);
        if (!killed) break;
      }
    },
  );

  test.each(steps)(
    'at every %s of a whole run leaves a store that the next run finishes',
    { timeout: 300_000 },
    async (step) => {
      const expected = await published(await undisturbed(2), columns);
      for (let n = 1; ; n += thorough ? 1 : 5) {
        const server = await newService();
        const setting = { store: join(scratch(), 'store'), count: 2, keeps: 'table' } as const;
        const killed = await runUntil(`${step}:${n}`, server, setting);
        await finish(server, setting);
        await server.close();
        expect(await published(setting.store, columns)).toEqual(expected);
        expect(Math.max(...requestsBySession(server).values())).toBeLessThanOrEqual(2);
        if (!killed) break;
      }
    },
  );
});
