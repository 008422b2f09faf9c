import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeIds, idsOfHex, WantedIds } from '../../src/lake/contents-ids.ts';
import { EventContents, type Digests } from '../../src/lake/contents.ts';
import { literal, WorkDuck } from '../../src/lake/duck.ts';
import { makeDirectory } from '../../src/lake/files.ts';
import { dataFile } from './helpers/events.ts';
import { scratch } from './helpers/scratch.ts';

const numbers = fc
  .uniqueArray(fc.nat({ max: 2 ** 32 - 1 }))
  .map((values) => Uint32Array.from(values).sort((left, right) => left - right));

test('ids are ascending, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 32 - 1 })), (ids) => {
      const hex = ids.flatMap((id) => [id, id]).map((id) => id.toString(16).padStart(8, '0'));
      expect([...idsOfHex(hex.join(''))]).toEqual([...new Set(ids)].sort((a, b) => a - b));
    }),
  );
});

test('the beginnings of ids that are kept hold what a set would', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (left, right, both) => {
      const merged = (own: Uint32Array) => Uint32Array.from(new Set([...own, ...both])).sort((a, b) => a - b);
      const kept = new Set(left);
      const among = right.some((id) => kept.has(id));
      expect(new WantedIds(right).areAnyIn(encodeIds(left))).toBe(among);
      const own = right.find((id) => kept.has(id)) !== undefined || both.length > 0;
      expect(new WantedIds(merged(right)).areAnyIn(encodeIds(merged(left)))).toBe(
        own || both.some((id) => kept.has(id)) || right.some((id) => both.includes(id)),
      );
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
    const all = async () =>
      await Promise.all(
        [one, two].map(async (file) => [
          await contents.rowsOf(file, new Set(['a'])),
          await contents.rowsOf(file, new Set(['a', 'b', 'c'])),
          [...(await contents.idsOf(file))],
        ]),
      );
    const held = [
      [2, 3, [0, 9]],
      [2, 3, [1, 8]],
    ];
    expect(await all()).toEqual(held);
    const places = readdirSync(kept).map((name) => join(kept, name));
    const bytes = places.map((place) => readFileSync(place));

    // The one's in the place of the other, then one that was cut short: neither is believed, and both are made again.
    writeFileSync(places[0] ?? '', bytes[1] ?? '');
    writeFileSync(places[1] ?? '', (bytes[1] ?? Buffer.alloc(0)).subarray(0, 50));
    expect(await all()).toEqual(held);
    expect(places.map((place) => readFileSync(place))).toEqual(bytes);

    let asked = 0;
    const digests = async (): Promise<Digests> => {
      const find = async (): Promise<Digests> => {
        asked += 1;
        return await Promise.resolve(new Map([['a', 2n ** 70n]]));
      };
      return await contents.digestsOf(one, new Set(['a', 'c']), find);
    };
    expect([await digests(), await digests()]).toEqual([new Map([['a', 2n ** 70n]]), new Map([['a', 2n ** 70n]])]);
    expect(asked).toBe(1);
    expect(await all()).toEqual(held);

    writeFileSync(join(kept, '.sesh-0123456789abcdef.tmp'), 'of a dead run');
    await contents.keep([two]);
    expect(readdirSync(kept)).toHaveLength(1);
    expect(await contents.rowsOf(two, new Set(['b']))).toBe(1);
  } finally {
    duck.close();
  }
});
