import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeCommit, encodeCommit, type Commit } from '../../../src/lake/log/commit-file.ts';

const first: Commit = {
  timestampMs: 1_772_366_400_000,
  note: { run: '1', derivation: 'd' },
  actions: [
    { kind: 'protocol', reader: 1, writer: 2 },
    {
      kind: 'add',
      modificationTime: 1_772_366_400_000,
      file: {
        path: 'month=2026-01/0123456789abcdef0123456789abcdef.parquet',
        sizeBytes: 7,
        records: 3,
        partition: { month: '2026-01' },
        stats: { min: { seq: 0, agent: 'codex' }, max: { seq: 9, agent: 'gptme' } },
        tags: { z: '1', a: '2' },
      },
    },
    {
      kind: 'remove',
      removed: {
        path: 'month=2026-01/ffffffffffffffffffffffffffffffff.parquet',
        deletionTimestamp: 1_772_366_400_000,
        sizeBytes: 5,
        partition: { month: '2026-01' },
        tags: {},
      },
    },
  ],
};

const body = `${[
  '{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}',
  '{"add":{"path":"month=2026-01/0123456789abcdef0123456789abcdef.parquet","partitionValues":{"month":"2026-01"},"size":7,' +
    '"modificationTime":1772366400000,"dataChange":true,' +
    '"stats":"{\\"numRecords\\":3,\\"minValues\\":{\\"agent\\":\\"codex\\",\\"seq\\":0},\\"maxValues\\":{\\"agent\\":\\"gptme\\",\\"seq\\":9}}",' +
    '"tags":{"a":"2","z":"1"}}}',
  '{"remove":{"path":"month=2026-01/ffffffffffffffffffffffffffffffff.parquet","deletionTimestamp":1772366400000,"dataChange":true,' +
    '"extendedFileMetadata":true,"partitionValues":{"month":"2026-01"},"size":5,"tags":{}}}',
].join('\n')}\n`;

const text =
  '{"commitInfo":{"timestamp":1772366400000,"operation":"WRITE","operationParameters":{"mode":"Overwrite"},"engineInfo":"sesh",' +
  `"note":{"derivation":"d","run":"1"},"bodySha256":"${hash('sha256', body, 'hex')}"}}\n${body}`;

test('a commit is written as Delta writes it, the same bytes whatever the order of keys', () => {
  expect(encodeCommit(first)).toBe(text);
});

test('what was written is read back whole', () => {
  expect(decodeCommit(text, 'here')).toEqual(first);
});

test('a commit cut at any byte is torn, also between two lines (F11)', () => {
  const cuts = Array.from({ length: text.length }, (_, length) => decodeCommit(text.slice(0, length), 'here'));
  expect(cuts.filter((cut) => !('torn' in cut))).toEqual([]);
});

test('a commit with one changed byte in its actions is torn (F12)', () => {
  expect(decodeCommit(text.replace('"size":7', '"size":8'), 'here')).toEqual({
    torn: 'its lines do not have the hash that it names',
  });
});

describe('commits of other writers', () => {
  const foreign = [
    '{"commitInfo":{"timestamp":5,"operation":"WRITE"}}',
    '{"txn":{"appId":"a","version":1}}',
    '{"domainMetadata":{"domain":"x"}}',
    '{"add":{"path":"month=2026-01/part-00000-AbC.c000.snappy.parquet","partitionValues":{"month":null},"size":1,"modificationTime":2,"dataChange":true,"stats":"{\\"numRecords\\":4}"}}',
  ].join('\n');

  test('need no hash and no last line feed, and unknown actions are passed over', () => {
    expect(decodeCommit(foreign, 'here')).toEqual({
      timestampMs: 5,
      note: {},
      actions: [
        {
          kind: 'add',
          modificationTime: 2,
          file: {
            path: 'month=2026-01/part-00000-AbC.c000.snappy.parquet',
            sizeBytes: 1,
            records: 4,
            partition: { month: '' },
            tags: {},
          },
        },
      ],
    });
  });

  test.each([
    '../../etc/passwd',
    '/etc/passwd',
    'a//b.parquet',
    './a.parquet',
    'a/../b.parquet',
    'a%2Fb.parquet',
    "a'b.parquet",
    'file:///x',
    'a\u0000b',
    '',
  ])('may not name the file %j', (path) => {
    const add = {
      path,
      partitionValues: {},
      size: 1,
      modificationTime: 2,
      dataChange: true,
      stats: '{"numRecords":4}',
    };
    expect(() => decodeCommit(JSON.stringify({ add }), 'events/_delta_log/0.json')).toThrow(
      'The store is damaged at events/_delta_log/0.json',
    );
  });

  test.each([
    [{ add: { path: 'a.parquet', partitionValues: {}, stats: '{"numRecords":4}' } }],
    [{ add: { path: 'a.parquet', partitionValues: {}, size: -1, stats: '{"numRecords":4}' } }],
    [{ add: { path: 'a.parquet', partitionValues: {}, size: 1 } }],
    [{ add: { path: 'a.parquet', partitionValues: {}, size: 1, stats: '{}' } }],
    [{ add: { path: 'a.parquet', partitionValues: { month: 3 }, size: 1, stats: '{"numRecords":4}' } }],
    [
      {
        add: {
          path: 'a.parquet',
          partitionValues: {},
          size: 1,
          stats: '{"numRecords":4}',
          deletionVector: { storageType: 'u' },
        },
      },
    ],
    [{ metaData: { id: 'x' } }],
    [{ protocol: {} }],
    [{ remove: {} }],
  ])('are refused where a reader could only guess: %j', (action) => {
    expect(() => decodeCommit(JSON.stringify(action), 'here')).toThrow('The store is damaged at here');
  });
});
