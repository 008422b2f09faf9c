import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { keptTotals } from '../../src/commands/stats-kept.ts';
import { readMemberMemory } from '../../src/ingest/member-memory.ts';
import { readLedger, writeJournal } from '../../src/ingest/ledger.ts';
import { SeshError } from '../../src/core/errors.ts';
import { Ledger } from '../../src/judge/ledger/ledger.ts';
import { readPlan, writePlan } from '../../src/lake/forget/plan.ts';
import { readTombstones } from '../../src/lake/forget/tombstones.ts';
import { readKnownSecrets } from '../../src/lake/known-secrets.ts';
import { sealed, unsealed } from '../../src/lake/sealed.ts';
import { openStore, type Store } from '../../src/lake/store.ts';
import { readManifest, writeManifest } from '../../src/views/kept/manifest.ts';
import { turn, writeLines } from '../helpers/claude.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { writeSqlite } from '../helpers/sqlite.ts';
import { syncStore } from '../helpers/store.ts';

const root = scratchForFile();
const original = join(root, 'original');

beforeAll(async () => {
  writeLines(join(root, 'in', 'projects', '-shop', 'a.jsonl'), turn('one', 1));
  writeSqlite(
    join(root, 'in', 'opencode', 'opencode.db'),
    `create table session (id text primary key, directory text, version text, time_created integer, time_updated integer);
     create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text);
     create table part (id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text);
     insert into session values ('ses_a', '/home/ann/shop', '1.4.0', 1770000000000, 1770000000000);
     insert into message values ('msg_a', 'ses_a', 1770000000000, 1770000000000, '{"role":"user"}');`,
  );
  await syncStore({ store: original, roots: [join(root, 'in')] });
});

/** A text in which somebody changed something: a character, a piece, a value, or all of it. */
function edited(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: Math.max(0, text.length - 1) });
  const values = [
    'null',
    '-1',
    '1e999',
    '"\\u001b[2J"',
    '{"__proto__":{"x":1}}',
    '[]',
    '"../../etc/passwd"',
    '9'.repeat(40),
  ];
  return fc.oneof(
    fc
      .tuple(place, fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([at, put]) => text.slice(0, at) + put + text.slice(at + 1)),
    place.map((at) => text.slice(0, at)),
    fc.tuple(place, place).map(([a, b]) => text.slice(0, Math.min(a, b)) + text.slice(Math.max(a, b))),
    fc.tuple(fc.nat({ max: 50 }), fc.constantFrom(...values)).map(([nth, value]) => {
      let count = -1;
      return text.replaceAll(/"[^"\\]*"|\d+/g, (whole) => ((count += 1) === nth ? value : whole));
    }),
    fc.constantFrom('', '{', 'null', '[]', '[null]', '{}', '\0'.repeat(100), '['.repeat(100_000)),
  );
}

let copies = 0;
async function copyOfStore(): Promise<Store> {
  const directory = join(root, `copy-${(copies += 1)}`);
  cpSync(original, directory, { recursive: true });
  return await openStore(directory, { create: true });
}

/** The answer, or the sentence of a SeshError; any other error is a mistake of the program. */
async function told<Result>(ask: () => Promise<Result>): Promise<Result | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SeshError) return error.message;
    throw error;
  }
}

describe('a file of the store that somebody edited', () => {
  test('what is sealed comes back as it was or not at all (T49)', () => {
    const value = {
      rows: [
        [1, 'a', null],
        ['\u2028"', -0.5, true],
      ],
      of: '3:events/a.parquet',
    };
    expect(unsealed(sealed(value))).toEqual(value);
    fc.assert(
      fc.property(edited(sealed(value)), (text) => {
        expect(text === sealed(value) ? value : unsealed(text)).toEqual(text === sealed(value) ? value : undefined);
      }),
      { numRuns: 1000, seed: 20261129 },
    );
  });

  test.each(['sources.json', 'sources.snapshot.json', 'raw.snapshot.json'])(
    'a cache (%s) is made again, and what is known of the sources stays the same (T49)',
    async (name) => {
      const store = await copyOfStore();
      const expected = await readLedger(store);
      const file = join(store.cache, name);
      const text = readFileSync(file, 'utf8');
      await fc.assert(
        fc.asyncProperty(edited(text), async (changed) => {
          writeFileSync(file, changed);
          expect(await readLedger(store)).toEqual(expected);
        }),
        { numRuns: 12, seed: 20261129 },
      );
    },
  );

  test('what databases held is asked again (T49)', async () => {
    const store = await copyOfStore();
    const file = join(store.cache, 'members.json');
    const text = readFileSync(file, 'utf8');
    const place = /"place":"((?:[^"\\]|\\.)+)","state":"([^"]+)"/.exec(text);
    const recalled = (): unknown => readMemberMemory(store).recall(place?.[1] ?? '', place?.[2] ?? '');
    expect(recalled()).toHaveLength(1);
    fc.assert(
      fc.property(edited(text), (changed) => {
        writeFileSync(file, changed);
        expect(changed === text ? null : recalled()).toBeNull();
      }),
      { numRuns: 300, seed: 20261129 },
    );
  });

  test('the totals of the store and the names of kept rows are found again (T49)', async () => {
    const store = await copyOfStore();
    const totals = { totals: { sessions: 2 }, agents: [], models: [], coverage: {} };
    const kept = async (found = totals): Promise<unknown> =>
      await keptTotals({ storeDir: store.directory }, () => Promise.resolve(found));
    expect(await kept()).toEqual(totals);
    const file = join(store.cache, 'stats.json');
    const text = readFileSync(file, 'utf8');
    const asked = { ...totals, totals: { sessions: 3 } };
    expect(await kept(asked)).toEqual(totals);
    await fc.assert(
      fc.asyncProperty(edited(text), async (changed) => {
        writeFileSync(file, changed);
        expect(await kept(asked)).toEqual(changed === text ? totals : asked);
      }),
      { numRuns: 25, seed: 20261129 },
    );
    const manifest = new Map([['a', 'b-c.parquet']]);
    await writeManifest(store.cache, manifest);
    const names = readFileSync(join(store.cache, 'manifest.json'), 'utf8');
    await fc.assert(
      fc.asyncProperty(edited(names), async (changed) => {
        writeFileSync(join(store.cache, 'manifest.json'), changed);
        expect(await readManifest(store.cache)).toEqual(changed === names ? manifest : new Map());
      }),
      { numRuns: 100, seed: 20261129 },
    );
  });

  test('a journal is refused by name (T49)', async () => {
    const store = await copyOfStore();
    const { sources } = await readLedger(store);
    await writeJournal(store, 0, sources);
    const file = join(store.directory, 'journal.json');
    const text = readFileSync(file, 'utf8');
    expect(await told(async () => (await readLedger(store)).interrupted)).toBe(true);
    await fc.assert(
      fc.asyncProperty(edited(text), async (changed) => {
        writeFileSync(file, changed);
        const answer = await told(async () => (await readLedger(store)).interrupted);
        expect(changed === text ? 'is damaged' : answer).toContain('is damaged');
      }),
      { numRuns: 40, seed: 20261129 },
    );
  });

  test.each([
    ['known-secrets.json', readKnownSecrets],
    ['forgotten.json', readTombstones],
  ] as const)('%s is read as it is, or refused by name (T49)', async (name, read) => {
    const store = await copyOfStore();
    const file = join(store.directory, name);
    const text = '{"known":[{"length":12,"hash":"ab"}],"forgotten":[{"path":"a"}]}';
    await fc.assert(
      fc.asyncProperty(edited(text), async (changed) => {
        writeFileSync(file, changed);
        const answer = await told(async () => await read(store));
        expect(typeof answer === 'string' ? answer : file).toContain(file);
      }),
      { numRuns: 60, seed: 20261129 },
    );
  });

  test('what was written down to be forgotten is refused by name (T49)', async () => {
    const store = await copyOfStore();
    const { sources } = await readLedger(store);
    const plan = { sources: sources.map(({ sourceId }) => sourceId), sessions: [], tombstones: [] };
    await writePlan(store, plan);
    const file = join(store.directory, 'forget.json');
    const text = readFileSync(file, 'utf8');
    await fc.assert(
      fc.asyncProperty(edited(text), async (changed) => {
        writeFileSync(file, changed);
        const answer = await told(async () => await readPlan(store));
        expect(answer).toEqual(changed === text ? plan : `${file} is damaged.`);
      }),
      { numRuns: 60, seed: 20261129 },
    );
  });

  test('a commit of the log, its pointer and the lock note give the same answer or a sentence (T49)', async () => {
    const store = await copyOfStore();
    const expected = await readLedger(store);
    const log = join(store.tablePath('sources'), '_delta_log');
    const files = [...readdirSync(log).map((name) => join(log, name)), store.lockNotePath].filter(
      (file) => existsSync(file) && !file.endsWith('.parquet'),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      await fc.assert(
        fc.asyncProperty(edited(text), async (changed) => {
          writeFileSync(file, changed);
          const answer = await told(async () => await readLedger(store));
          expect(typeof answer === 'string' || answer.sources.length <= expected.sources.length).toBe(true);
        }),
        { numRuns: 25, seed: 20261129 },
      );
      writeFileSync(file, text);
    }
  });

  test("a line of the judge's ledger counts as damaged, and the others count (T49)", async () => {
    const directory = join(root, 'judge');
    mkdirSync(directory);
    const at = Date.parse('2026-02-11T16:00:00Z');
    const ledger = await Ledger.open(directory, () => at);
    const until = new Date(at + 1000).toISOString();
    for (const model of ['a', 'b']) await ledger.record({ type: 'parked', host: 'api.example.com', model, until });
    const [name = ''] = readdirSync(directory);
    const [first = '', second = ''] = readFileSync(join(directory, name), 'utf8').split('\n');
    await fc.assert(
      fc.asyncProperty(edited(first), async (changed) => {
        writeFileSync(join(directory, name), `${changed}\n${second}\n`);
        const { damaged } = await Ledger.open(directory, () => at);
        expect(changed === first || changed.trim() === '' ? 1 : damaged).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 150, seed: 20261129 },
    );
  });
});
