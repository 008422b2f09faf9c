import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WorkDuck } from '../../src/lake/duck.ts';
import { makeDirectory } from '../../src/lake/files.ts';
import type { Row } from '../../src/lake/row.ts';
import { writeChangedRows, writeRows } from '../../src/lake/rows.ts';
import { tables } from '../../src/lake/schema.ts';
import { scratch } from './helpers/scratch.ts';

/** A row of `sources`; what a test does not say is null where it may be. */
function row(n: number, size: number): Row {
  return tables.sources.columns.map(({ name, type }) => {
    if (name === 'source_id') return n.toString(16).padStart(16, '0');
    if (name === 'size_bytes') return size;
    if (type === 'timestamp') return n % 3 === 0 ? null : 1_770_000_000_000_000 + n;
    if (type === 'string') return n % 5 === 0 ? null : `${name} ${n % 7}`;
    return n;
  });
}

test('a table that some rows of change becomes the file that all its rows would have become', async () => {
  const folder = scratch();
  const duck = await WorkDuck.open({ threads: 1, memoryBytes: 2 ** 28, folder, spillDirectory: null });
  try {
    const into = async (name: string): Promise<string> => {
      await makeDirectory(join(folder, name));
      return join(folder, name);
    };
    const { connection } = duck;
    const before = Array.from({ length: 3000 }, (_, n) => row(2 * n, 1));
    const changed = [row(0, 2), row(7, 2), row(2998, 2), row(7001, 2)];
    const after = [...before.filter(([id]) => !changed.some(([other]) => other === id)), ...changed].sort((a, b) =>
      String(a[0]) < String(b[0]) ? -1 : 1,
    );
    const old = await writeRows(connection, tables.sources, before, await into('old'));
    const whole = await writeRows(connection, tables.sources, after, await into('whole'));
    const { file } = await writeChangedRows(
      connection,
      tables.sources,
      { file: old?.temporary ?? '', rows: changed.toReversed() },
      await into('changed'),
    );
    expect(file.records).toBe(3002);
    expect(file).toEqual(whole?.file);
  } finally {
    duck.close();
  }
});
