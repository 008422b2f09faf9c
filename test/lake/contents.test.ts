import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeIds, encodeIds, shareAny } from '../../src/lake/contents-ids.ts';
import { EventContents } from '../../src/lake/contents.ts';
import { literal, WorkDuck } from '../../src/lake/duck.ts';
import { makeDirectory } from '../../src/lake/files.ts';
import { dataFile } from './helpers/events.ts';
import { scratch } from './helpers/scratch.ts';

const numbers = fc
  .uniqueArray(fc.nat({ max: 2 ** 32 - 1 }))
  .map((values) => Uint32Array.from(values).sort((left, right) => left - right));

test('the beginnings of ids come back as they were kept', () => {
  fc.assert(
    fc.property(numbers, (ids) => {
      expect(decodeIds(encodeIds(ids), ids.length)).toEqual(ids);
    }),
  );
});

test('two lists share what a set would find', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (left, right, both) => {
      const merged = (own: Uint32Array) => Uint32Array.from([...own, ...both]).sort((a, b) => a - b);
      const own = new Set(left);
      expect(shareAny(left, right)).toBe(right.some((id) => own.has(id)));
      expect(shareAny(merged(left), merged(right))).toBe(both.length > 0 || right.some((id) => own.has(id)));
    }),
  );
});

test('what a file holds is kept beside the store, made again when it is damaged, and gone with the file', async () => {
  const folder = scratch();
  const table = join(folder, 'events');
  const kept = join(folder, 'cache', 'events');
  const [one, two] = [dataFile('one'), dataFile('two')];
  await makeDirectory(join(table, 'month=2026-01'));
  const duck = await WorkDuck.open({ threads: 1, memoryBytes: 2 ** 28, folder, spillDirectory: null });
  try {
    for (const [index, file] of [one, two].entries()) {
      const row = (source: string, id: number): string =>
        `('${source}', '${String(id).padStart(8, '0')}0123456789abcdef')`;
      const rows = [row('a', index), row('a', 9), row('b', 9)].join(', ');
      await duck.connection.run(
        `copy (select * from (values ${rows}) t(source_id, event_id)) to ${literal(join(table, file.path))} (format parquet)`,
      );
    }
    const contents = new EventContents(duck.connection, table);
    const first = { rows: new Map([['a', 2], ['b', 1]]), ids: Uint32Array.of(0, 9) }; // prettier-ignore
    const second = { ...first, ids: Uint32Array.of(1, 9) };
    expect([await contents.of(one), await contents.of(two)]).toEqual([first, second]);
    const places = readdirSync(kept).map((name) => join(kept, name));
    const bytes = places.map((place) => readFileSync(place));

    // The one's in the place of the other, then one that was cut short: neither is believed, and both are made again.
    writeFileSync(places[0] ?? '', bytes[1] ?? '');
    writeFileSync(places[1] ?? '', (bytes[1] ?? Buffer.alloc(0)).subarray(0, 50));
    expect([await contents.of(one), await contents.of(two)]).toEqual([first, second]);
    expect(places.map((place) => readFileSync(place))).toEqual(bytes);

    writeFileSync(join(kept, '.sesh-0123456789abcdef.tmp'), 'of a dead run');
    await contents.keep([two]);
    expect(readdirSync(kept)).toHaveLength(1);
    expect(await contents.of(two)).toEqual(second);
  } finally {
    duck.close();
  }
});
