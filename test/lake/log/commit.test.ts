import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commit, readSnapshot, type DataFile, type Snapshot } from '../../../src/lake/log.ts';
import type { TableSchema } from '../../../src/lake/schema.ts';
import { dataFile, NOW, paths, schema } from '../helpers/events.ts';
import { scratch } from '../helpers/scratch.ts';

const COMMIT_0 = '_delta_log/00000000000000000000.json';
const COMMIT_1 = '_delta_log/00000000000000000001.json';

function table(): string {
  return join(scratch(), 'events');
}

async function add(
  directory: string,
  files: readonly DataFile[],
  note: Record<string, string> = {},
): Promise<Snapshot> {
  return await commit(directory, schema, await readSnapshot(directory), { add: files, remove: [], note }, NOW);
}

async function many(directory: string, versions: number): Promise<void> {
  for (let version = 0; version < versions; version += 1) await add(directory, [dataFile(`file ${version}`)]);
}

function linesOf(directory: string, name: string): readonly string[] {
  return readFileSync(join(directory, name), 'utf8').trimEnd().split('\n');
}

describe('the protocol', () => {
  test('the first commit says how to read the table, what its columns are, and which files it has', async () => {
    const directory = table();
    await add(directory, [dataFile('a')], { run: '7' });
    const id = hash('sha256', 'events\n1772366400000', 'hex');
    const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-8${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`;
    const schemaString = JSON.stringify(
      '{"type":"struct","fields":[' +
        '{"name":"event_id","type":"string","nullable":true,"metadata":{"comment":"identity"}},' +
        '{"name":"ts","type":"timestamp","nullable":true,"metadata":{"comment":"time, UTC"}},' +
        '{"name":"month","type":"string","nullable":true,"metadata":{}}]}',
    );
    const body = [
      '{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}',
      `{"metaData":{"id":"${uuid}","name":"events","format":{"provider":"parquet","options":{}},"schemaString":${schemaString},` +
        '"partitionColumns":["month"],"configuration":{},"createdTime":1772366400000}}',
      // ca978112...: SHA-256 of "a"
      '{"add":{"path":"month=2026-01/ca978112ca1bbdcafac231b39a23dc4d.parquet","partitionValues":{"month":"2026-01"},"size":101,' +
        '"modificationTime":1772366400000,"dataChange":true,"stats":"{\\"numRecords\\":1}","tags":{}}}',
    ];
    expect(linesOf(directory, COMMIT_0)).toEqual([
      '{"commitInfo":{"timestamp":1772366400000,"operation":"WRITE","operationParameters":{"mode":"Append"},"engineInfo":"sesh",' +
        `"note":{"run":"7"},"bodySha256":"${hash('sha256', `${body.join('\n')}\n`, 'hex')}"}}`,
      ...body,
    ]);
  });

  test('a later commit holds only what changes: removals with their time, then additions', async () => {
    const directory = table();
    const a = dataFile('a');
    const b = dataFile('b');
    const before = await add(directory, [a]);
    await commit(directory, schema, before, { add: [b], remove: [a.path], note: {} }, new Date('2026-03-02T00:00:00Z'));
    expect(linesOf(directory, COMMIT_1).slice(1)).toEqual([
      `{"remove":{"path":"${a.path}","deletionTimestamp":1772409600000,"dataChange":true,"extendedFileMetadata":true,` +
        '"partitionValues":{"month":"2026-01"},"size":101,"tags":{}}}',
      `{"add":{"path":"${b.path}","partitionValues":{"month":"2026-01"},"size":101,"modificationTime":1772409600000,` +
        '"dataChange":true,"stats":"{\\"numRecords\\":1}","tags":{}}}',
    ]);
  });

  test('a new column describes the table anew and keeps its identity', async () => {
    const directory = table();
    const before = await add(directory, [dataFile('a')]);
    const wider: TableSchema = {
      ...schema,
      columns: [...schema.columns, { name: 'model', type: 'string', about: 'model' }],
    };
    const after = await commit(directory, wider, before, { add: [], remove: [], note: {} }, NOW);
    expect(after.metadata).toEqual({ ...before.metadata, schemaString: expect.stringContaining('"name":"model"') });
    expect(linesOf(directory, COMMIT_1).map((line) => line.slice(0, 12))).toEqual(['{"commitInfo', '{"metaData":']);
  });

  test('a table that asks for a newer reader is refused, and one that asks for a newer writer is only read (F24)', async () => {
    const directory = table();
    const protocolOf = (reader: number, writer: number): string =>
      `{"protocol":{"minReaderVersion":${reader},"minWriterVersion":${writer}}}\n`;
    await add(directory, []);
    writeFileSync(join(directory, COMMIT_1), protocolOf(3, 7));
    await expect(readSnapshot(directory)).rejects.toThrow('asks for Delta reader version 3');
    writeFileSync(join(directory, COMMIT_1), protocolOf(1, 4));
    const snapshot = await readSnapshot(directory);
    expect(snapshot.version).toBe(1);
    await expect(commit(directory, schema, snapshot, { add: [], remove: [], note: {} }, NOW)).rejects.toThrow(
      'writer version 4',
    );
  });
});

describe('a snapshot', () => {
  test('of a table that does not exist has version -1', async () => {
    expect(await readSnapshot(table())).toEqual({
      version: -1,
      files: [],
      properties: {},
      metadata: null,
      writerVersion: 0,
      warnings: [],
    });
  });

  test('has the files of all commits without those removed, by path, with everything that the writer said', async () => {
    const directory = table();
    const a: DataFile = {
      ...dataFile('a'),
      stats: { min: { ts: '2026-01-01T00:00:00.000001Z' }, max: { ts: '2026-01-02T00:00:00.000000Z' } },
    };
    const b: DataFile = { ...dataFile('b'), tags: { bucket: '1' } };
    const c = dataFile('c', '2025-12', 5);
    await add(directory, [a, b]);
    const second = await commit(
      directory,
      schema,
      await readSnapshot(directory),
      { add: [c], remove: [b.path], note: { run: '2' } },
      NOW,
    );
    expect(second.files).toEqual([c, a]);
    expect(second.properties).toEqual({ run: '2' });
    expect(await readSnapshot(directory)).toEqual(second);
  });

  test('keeps a file that is removed and added in the same commit, as it was added', async () => {
    const directory = table();
    const a = dataFile('a');
    const before = await add(directory, [a]);
    const again = { ...a, tags: { seen: '2' } };
    const after = await commit(directory, schema, before, { add: [again], remove: [a.path], note: {} }, NOW);
    expect(after.files).toEqual([again]);
  });

  test('is the same with the cache, without it, with a broken one and with one of another store', async () => {
    const directory = table();
    await many(directory, 3);
    const cache = join(directory, '../cache/events.snapshot.json');
    const old = readFileSync(cache);
    const other = table();
    await add(other, [dataFile('of another store')], { other: 'yes' });
    await add(directory, [dataFile('last')]);
    const expected = await readSnapshot(directory);
    expect(paths(expected.files)).toHaveLength(4);
    for (const content of [
      old,
      readFileSync(join(other, '../cache/events.snapshot.json')),
      '',
      '{',
      '{"version":3}',
      '[]',
      'null',
    ]) {
      writeFileSync(cache, content);
      expect(await readSnapshot(directory)).toEqual(expected);
    }
    const whole = readFileSync(cache, 'utf8');
    for (let length = 0; length < whole.length; length += 37) {
      writeFileSync(cache, whole.slice(0, length));
      expect(await readSnapshot(directory)).toEqual(expected);
    }
    rmSync(cache);
    expect(await readSnapshot(directory)).toEqual(expected);
  });
});

describe('refused changes', () => {
  const good = dataFile('a');
  test.each([
    ['../x/0123456789abcdef0123456789abcdef.parquet'],
    ['/0123456789abcdef0123456789abcdef.parquet'],
    ['_delta_log/0123456789abcdef0123456789abcdef.parquet'],
    ['.hidden/0123456789abcdef0123456789abcdef.parquet'],
    ['month=2026-01//0123456789abcdef0123456789abcdef.parquet'],
    ['Month=2026-01/0123456789abcdef0123456789abcdef.parquet'],
    ["month='/0123456789abcdef0123456789abcdef.parquet"],
    ['month=a b/0123456789abcdef0123456789abcdef.parquet'],
    ['month=%41/0123456789abcdef0123456789abcdef.parquet'],
    ['month=[a]*/0123456789abcdef0123456789abcdef.parquet'],
    ['month=\n/0123456789abcdef0123456789abcdef.parquet'],
    ['0123456789abcdef0123456789abcdef.parquet\n'],
    ['month=2026-01/data.parquet'],
    ['month=2026-01/0123456789ABCDEF0123456789ABCDEF.parquet'],
    [''],
  ])('a file named %j', async (path) => {
    const directory = table();
    await expect(add(directory, [{ ...good, path }])).rejects.toThrow('Expected a relative path');
    expect(existsSync(directory)).toBe(false);
  });

  test.each([
    [
      'no value for the partition column',
      { add: [{ ...good, partition: {} }], remove: [] },
      'partition columns [month]',
    ],
    ['a size that is no whole number', { add: [{ ...good, sizeBytes: 1.5 }], remove: [] }, 'as whole numbers'],
    ['the same file twice', { add: [good, good], remove: [] }, 'each added file once'],
    ['a file to remove that is not there', { add: [], remove: [good.path] }, 'a file of the table to remove'],
  ])('%s', async (_what, change, message) => {
    const directory = table();
    const empty = await readSnapshot(directory);
    await expect(commit(directory, schema, empty, { ...change, note: {} }, NOW)).rejects.toThrow(message);
    expect(existsSync(directory)).toBe(false);
  });

  test('a version that somebody else has made meanwhile', async () => {
    const directory = table();
    const stale = await readSnapshot(directory);
    await add(directory, [good]);
    const other = commit(directory, schema, stale, { add: [dataFile('b')], remove: [], note: {} }, NOW);
    await expect(other).rejects.toMatchObject({
      name: 'SeshError',
      exitCode: 1,
      message: expect.stringContaining('Somebody else has written'),
    });
    expect(paths((await readSnapshot(directory)).files)).toEqual([good.path]);
  });
});

describe('a damaged log', () => {
  test('a newest commit cut at any byte counts as never made, with a warning that names it (F11)', async () => {
    const directory = table();
    const before = await add(directory, [dataFile('a')]);
    await add(directory, [dataFile('b')]);
    const text = readFileSync(join(directory, COMMIT_1), 'utf8');
    for (let length = 0; length < text.length; length += 1) {
      writeFileSync(join(directory, COMMIT_1), text.slice(0, length));
      const snapshot = await readSnapshot(directory);
      expect({ ...snapshot, warnings: [] }).toEqual(before);
      expect(snapshot.warnings).toEqual([expect.stringContaining(`events/${COMMIT_1} is damaged`)]);
    }
  });

  test('the next commit takes the place of the one that was cut short, which is kept aside (F11)', async () => {
    const directory = table();
    await add(directory, [dataFile('a')]);
    await add(directory, [dataFile('b')]);
    const text = readFileSync(join(directory, COMMIT_1), 'utf8');
    writeFileSync(join(directory, COMMIT_1), text.slice(0, 300));
    const after = await add(directory, [dataFile('c')]);
    expect({ version: after.version, warnings: after.warnings }).toEqual({ version: 1, warnings: [] });
    expect(new Set(paths(after.files))).toEqual(new Set([dataFile('a').path, dataFile('c').path]));
    expect(readFileSync(join(directory, `${COMMIT_1}.torn`), 'utf8')).toBe(text.slice(0, 300));
  });

  test('a first commit that was cut short is a table that does not exist yet (F11)', async () => {
    const directory = table();
    await add(directory, [dataFile('a')]);
    writeFileSync(join(directory, COMMIT_0), '');
    expect((await readSnapshot(directory)).version).toBe(-1);
    expect((await add(directory, [dataFile('b')])).version).toBe(0);
  });

  test('damage to an older commit is an error that names the file (F11)', async () => {
    const directory = table();
    await many(directory, 3);
    rmSync(join(directory, '../cache'), { recursive: true });
    const text = readFileSync(join(directory, COMMIT_1), 'utf8');
    writeFileSync(join(directory, COMMIT_1), text.slice(0, -1));
    await expect(readSnapshot(directory)).rejects.toThrow(`The store is damaged at events/${COMMIT_1}`);
    rmSync(join(directory, COMMIT_1));
    await expect(readSnapshot(directory)).rejects.toThrow(
      `The store is damaged at events/${COMMIT_1}: this commit is missing.`,
    );
  });
});

describe('checkpoints', () => {
  const checkpoint = '_delta_log/00000000000000000010.checkpoint.parquet';

  async function withCheckpoint(): Promise<{ readonly directory: string; readonly expected: Snapshot }> {
    const directory = table();
    const kept: DataFile = {
      ...dataFile('kept'),
      stats: { min: { event_id: 'a' }, max: { event_id: 'z' } },
      tags: { 'odd "key"': 'ä\n' },
    };
    await add(directory, [kept, dataFile('gone')]);
    const one = await readSnapshot(directory);
    await commit(directory, schema, one, { add: [], remove: [dataFile('gone').path], note: {} }, NOW);
    for (let version = 2; version < 13; version += 1)
      await add(directory, [dataFile(`file ${version}`)], { version: String(version) });
    return { directory, expected: await readSnapshot(directory) };
  }

  test('the tenth version has one, and reading from it equals reading all commits', async () => {
    const { directory, expected } = await withCheckpoint();
    expect(expected.version).toBe(12);
    expect(expected.files).toHaveLength(12);
    expect(readFileSync(join(directory, '_delta_log/_last_checkpoint'), 'utf8')).toBe('{"version":10,"size":13}\n');
    rmSync(join(directory, '../cache'), { recursive: true });
    expect(await readSnapshot(directory)).toEqual(expected); // from the checkpoint
    for (let version = 0; version < 10; version += 1)
      rmSync(join(directory, `_delta_log/0000000000000000000${version}.json`));
    expect(await readSnapshot(directory)).toEqual(expected); // nothing else is left
  });

  test('reading all commits equals it when the checkpoint is gone or damaged', async () => {
    const { directory, expected } = await withCheckpoint();
    rmSync(join(directory, '../cache'), { recursive: true });
    writeFileSync(join(directory, checkpoint), readFileSync(join(directory, checkpoint)).subarray(0, 500));
    expect(await readSnapshot(directory)).toEqual(expected);
    rmSync(join(directory, checkpoint));
    expect(await readSnapshot(directory)).toEqual(expected);
  });

  test('a damaged checkpoint that nothing can replace is an error that names it', async () => {
    const { directory } = await withCheckpoint();
    rmSync(join(directory, '../cache'), { recursive: true });
    writeFileSync(join(directory, checkpoint), 'PAR1 or not');
    rmSync(join(directory, COMMIT_0));
    await expect(readSnapshot(directory)).rejects.toThrow(`The store is damaged at events/${checkpoint}`);
  });

  test('the notes come from the commit beside it', async () => {
    const directory = table();
    for (let version = 0; version <= 10; version += 1)
      await add(directory, [dataFile(`file ${version}`)], { version: String(version) });
    rmSync(join(directory, '../cache'), { recursive: true });
    expect((await readSnapshot(directory)).properties).toEqual({ version: '10' });
  });

  test('only its own files lie in the log afterwards', async () => {
    const { directory } = await withCheckpoint();
    const commits = Array.from({ length: 13 }, (_, version) => `${String(version).padStart(20, '0')}.json`);
    expect(readdirSync(join(directory, '_delta_log')).sort()).toEqual(
      [...commits, '00000000000000000010.checkpoint.parquet', '_last_checkpoint'].sort(),
    );
    expect(readdirSync(join(directory, '../tmp'))).toEqual([]);
  });
});
