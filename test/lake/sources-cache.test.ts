import { array, assert, constantFrom, integer, nat, option, property, record, string } from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceId } from '../../src/core/ids.ts';
import { packSources, unpackSources } from '../../src/lake/sources-cache.ts';
import { jsonRow, type SourceState } from '../../src/lake/sources.ts';
import { sealed, unsealed } from '../../src/lake/sealed.ts';
import { asObject, type Json } from '../../src/core/json.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { syncStore } from '../helpers/store.ts';

const id = nat().map((number) => readSourceId(number.toString(16).padStart(16, '0')));
const some = option(string());
const source = record({
  sourceId: id,
  path: string(),
  generation: nat(3),
  agent: constantFrom('codex', 'claude-code'),
  root: constantFrom('/a', '/b'),
  user: string(),
  sessionId: some,
  cluster: nat(),
  hint: record({ sessionId: string(), member: some }).map((hint) => JSON.stringify(hint)),
  sizeBytes: nat(),
  mtimeNs: integer().map(BigInt),
  deviceInode: string(),
  contentSha256: some,
  archivedBytes: nat(),
  pendingBytes: nat(),
  lines: nat(),
  records: nat(),
  salvaged: nat(),
  quarantined: nat(),
  blank: nat(),
  salvagedRecords: nat(),
  events: nat(),
  unknownEvents: nat(),
  firstTs: option(integer()),
  lastTs: option(integer()),
  family: id,
  derivation: some,
  state: constantFrom('live', 'seen', 'gone', 'replaced', 'unreadable'),
  goneSince: option(integer()),
});

function written(sources: readonly SourceState[]): readonly Json[] {
  const packed: Json[] = JSON.parse(JSON.stringify([...packSources(sources)]));
  return packed;
}

test('what was packed comes back, whatever stands in a column', () => {
  assert(
    property(array(source, { maxLength: 80 }), array(source, { maxLength: 3 }), (some, own) => {
      const sources = [...some, ...own.map((one) => ({ ...one, family: one.sourceId }))];
      expect(unpackSources(written(sources), sources.length)).toEqual(sources);
    }),
    { numRuns: 100 },
  );
});

test('what repeats is written once: packed sources take three fifths of what their rows take', () => {
  const sources = Array.from({ length: 500 }, (_, index): SourceState => {
    const name = `0b9de1f3-5c7a-4e21-9d38-${String(index).padStart(12, '0')}`;
    const sourceId = readSourceId(index.toString(16).padStart(16, '0'));
    return {
      sourceId,
      path: `/home/ann/.claude/projects/-home-ann-shop/${name}.jsonl`,
      generation: 0,
      agent: 'claude-code',
      root: '/home/ann/.claude/projects',
      user: 'ann',
      sessionId: name,
      cluster: index * 7919,
      hint: JSON.stringify({ sessionId: name, threadId: 'main', replay: false, user: null, form: 'lines' }),
      sizeBytes: 1000 + index,
      mtimeNs: 1_795_988_013_785_922_292n + BigInt(index),
      deviceInode: `65024:${index}`,
      contentSha256: index.toString(16).padStart(64, 'a'),
      archivedBytes: 1000 + index,
      pendingBytes: 0,
      lines: index,
      records: index,
      salvaged: 0,
      quarantined: 0,
      blank: 0,
      salvagedRecords: 0,
      events: index,
      unknownEvents: 0,
      firstTs: 1_790_000_000_000_000 + index,
      lastTs: 1_790_000_000_000_000 + index,
      family: sourceId,
      derivation: '6d28e98571e32cef',
      state: 'live',
      goneSince: null,
    };
  });
  const rows = JSON.stringify(sources.map(jsonRow)).length;
  expect(JSON.stringify([...packSources(sources)]).length / rows).toBeLessThan(0.6);
});

test('a copy in the shape of an earlier sesh is not believed: what is archived is not archived again', async () => {
  const [root, store] = [scratch(), join(scratch(), 'store')];
  writeLines(join(root, '-home-ann-shop', 'a.jsonl'), turn(sessionNumber(1), 1));
  await syncStore({ store, roots: [root] });
  const file = join(store, 'cache', 'sources.json');
  const { of, columns } = asObject(unsealed(readFileSync(file, 'utf8'))) ?? {};
  writeFileSync(file, sealed({ of, columns, sources: [] }));
  expect((await syncStore({ store, roots: [root] })).files).toMatchObject({ new: 0, unchanged: 1 });
});
