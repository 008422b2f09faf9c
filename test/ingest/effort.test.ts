import fs, { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { afterEach, expect, test, vi } from 'vitest';
import { WorkDuck } from '../../src/lake/duck.ts';
import { reachedSteps } from '../../src/rehearsal/step.ts';
import { promptLine, sessionNumber, turn, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, syncStore } from '../helpers/store.ts';

/** What a sync did to the machine, whatever the machine's speed. */
interface Effort {
  /** Sizes and times that were asked for, sources that were opened, and pieces of them that were read. */
  readonly looks: number;
  readonly opens: number;
  readonly reads: number;
  /** How often each byte of the sources was read: 1 is once, what is only looked at to know a file again counts too. */
  readonly timesRead: number;
  /** Rows that crossed into the engine one by one, and in chunks of columns. */
  readonly appended: number;
  readonly chunks: number;
  /** Files that were written in tmp, and files that got their place in the store. */
  readonly written: number;
  readonly adopted: number;
  readonly waits: number;
  readonly engines: number;
  readonly statements: number;
}

afterEach(() => vi.restoreAllMocks());

async function effortOf(sourceBytes: number, run: () => Promise<unknown>): Promise<Effort> {
  const before = reachedSteps();
  const engines = vi.spyOn(WorkDuck, 'open');
  const runs = vi.spyOn(DuckDBConnection.prototype, 'run');
  const reads = vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll');
  const readSync = vi.spyOn(fs, 'readSync');
  const ofStore = vi.spyOn(fs, 'readFileSync');
  const rows = vi.spyOn(DuckDBAppender.prototype, 'endRow');
  const chunks = vi.spyOn(DuckDBAppender.prototype, 'appendDataChunk');
  await run();
  const after = reachedSteps();
  const count = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  const effort = {
    looks: count('look:before'),
    opens: count('open:before'),
    reads: count('read:before'),
    timesRead: Math.round((10 * (sum(bytesOf(readSync)) - sum(bytesOf(ofStore)))) / sourceBytes) / 10,
    appended: rows.mock.calls.length,
    chunks: chunks.mock.calls.length,
    written: count('copy:before'),
    adopted: count('adopt:renamed'),
    waits: count('sync:file') + count('sync:folder'),
    engines: engines.mock.calls.length,
    statements: runs.mock.calls.length + reads.mock.calls.length,
  };
  vi.restoreAllMocks();
  return effort;
}

/** What calls gave back: a number of bytes, or the bytes; `readFileSync`, which asks `readSync`, reads files of the store only. */
function bytesOf({ mock }: { readonly mock: { readonly results: readonly { readonly value: unknown }[] } }): number[] {
  return mock.results.map(({ value }) => (value instanceof Uint8Array ? value.length : Number(value) || 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const SESSIONS = 6;

test('what a first sync, one with nothing new and one after growth do does not creep up', async () => {
  const [root, store] = [scratch(), join(scratch(), 'store')];
  const file = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
  for (let n = 1; n <= SESSIONS; n += 1)
    writeLines(
      file(n),
      [1, 2, 3].flatMap((step) => turn(sessionNumber(n), 10 * n + step)),
    );
  const bytes = sum(Array.from({ length: SESSIONS }, (_, n) => fs.statSync(file(n + 1)).size));
  const run = async (): Promise<unknown> => await syncStore({ store, roots: [root] });
  expect({
    first: await effortOf(bytes, run),
    nothingNew: await effortOf(bytes, run),
    night: await effortOf(bytes, async () => await syncStore({ store, roots: [root], recheck: true })),
    grown: await effortOf(bytes / SESSIONS, async () => {
      appendFileSync(file(1), `${turn(sessionNumber(1), 14).join('\n')}\n`);
      await run();
    }),
  }).toEqual({
    // A size for each file when it is found and when it is opened; of each file its head, its end (of a small one all) and its one
    // chunk. Rows that cross one by one: a chunk of the archive and a ledger entry for each file, and the words behind codes.
    first: {
      looks: 12,
      opens: 6,
      reads: 18,
      timesRead: 2,
      appended: 46,
      chunks: 1,
      written: 5,
      adopted: 3,
      waits: 37,
      engines: 1,
      statements: 26,
    },
    nothingNew: {
      looks: 6,
      opens: 0,
      reads: 0,
      timesRead: 0,
      appended: 0,
      chunks: 0,
      written: 0,
      adopted: 0,
      waits: 0,
      engines: 0,
      statements: 0,
    },
    // All bytes are compared with the archive, once, and nothing else is done.
    night: {
      looks: 12,
      opens: 6,
      reads: 6,
      timesRead: 1,
      appended: 0,
      chunks: 0,
      written: 0,
      adopted: 0,
      waits: 0,
      engines: 0,
      statements: 0,
    },
    // One file is opened; its kept bytes are read once to know it again and once, with the new ones, for its events.
    // Of the ledger the entry that changed crosses into the engine, and not the others.
    grown: {
      looks: 7,
      opens: 1,
      reads: 4,
      timesRead: 2.7,
      appended: 21,
      chunks: 1,
      written: 4,
      adopted: 3,
      waits: 16,
      engines: 1,
      statements: 32,
    },
  });
});

test('growth has the file of the month that it falls in written, and no other, though what it resumed is judged again', async () => {
  const [root, store] = [scratch(), join(scratch(), 'store')];
  const fileOf = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
  const prompt = (session: number, n: number, month: string): string =>
    promptLine(
      { session: sessionNumber(session), uuid: uuidNumber(n), at: `2026-${month}-05T10:00:00.000Z` },
      `step ${n}`,
    );
  const first = [prompt(1, 1, '01'), prompt(1, 2, '02')];
  writeLines(fileOf(1), first);
  // A session that was resumed begins with a copy of what it resumes.
  writeLines(fileOf(2), [...first, prompt(2, 3, '03')]);
  const now = '2026-03-11T16:00:00Z';
  await syncStore({ store, roots: [root], now });
  const before = await eventFiles(store);
  appendFileSync(fileOf(2), `${prompt(2, 4, '03')}\n`);
  const { opens, written, adopted } = await effortOf(1, async () => await syncStore({ store, roots: [root], now }));
  const after = await eventFiles(store);
  // Both are read, in one go; the stage, the archive, the sources and of the three files of events one are written.
  expect({ opens, written, adopted }).toEqual({ opens: 2, written: 4, adopted: 3 });
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[2]).not.toBe(before[2]);
});

test('sources whose files are gone are looked for in the archive together', async () => {
  const statementsFor = async (sessions: number): Promise<number> => {
    const [root, store] = [scratch(), join(scratch(), 'store')];
    for (let n = 1; n <= sessions; n += 1) {
      writeLines(join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`), turn(sessionNumber(n), 10 * n));
    }
    await syncStore({ store, roots: [root] });
    fs.rmSync(join(root, '-home-ann-shop'), { recursive: true });
    const { statements } = await effortOf(1, async () => await syncStore({ store, roots: [root], full: true }));
    return statements;
  };
  expect(await statementsFor(8)).toBe(await statementsFor(2));
});
