import { describe, expect, test } from 'vitest';
import type { SourceForm } from '../../src/agents/agent.ts';
import { newReadSink } from '../../src/read/records.ts';
import { isComplete, isWhole, readRecords } from '../../src/read/whole.ts';

const records = [
  { type: 'user', text: 'grüße 😀' },
  { type: 'assistant', text: 'Ω\u2028' },
];
const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');

function wide(content: string, encoding: string): Buffer {
  if (encoding.startsWith('utf-16')) {
    const bytes = Buffer.from(content, 'utf16le');
    return encoding.endsWith('le') ? bytes : bytes.swap16();
  }
  const points = Array.from(content, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, index) => {
    if (encoding.endsWith('le')) bytes.writeUInt32LE(point, index * 4);
    else bytes.writeUInt32BE(point, index * 4);
  });
  return bytes;
}

function read(bytes: Buffer, form: SourceForm = 'lines') {
  const sink = newReadSink();
  const values = [...readRecords([bytes.subarray(0, 21), bytes.subarray(21)], 'a.jsonl', form, sink)].map(
    ({ value }) => value,
  );
  const { lines, records, salvaged, quarantined } = sink.counts;
  return { values, counts: { lines, records, salvaged, quarantined } };
}

describe.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])('a file in %s', (encoding) => {
  test.each([
    ['with a byte-order mark', '\uFEFF'],
    ['without one', ''],
  ])('%s has the records that it would have in UTF-8 (F52)', (_how, mark) => {
    const bytes = wide(`${mark}${text}`, encoding);
    expect(read(bytes)).toEqual({
      values: records,
      counts: { lines: 2, records: 2, salvaged: 0, quarantined: 0 },
    });
    expect(read(wide(`${mark}${JSON.stringify(records, null, 2)}`, encoding), 'document').values).toEqual([records]);
  });

  test('is read when its last line has ended, and not while half of it is there (F52)', () => {
    const bytes = wide(text, encoding);
    expect(isWhole('a.jsonl', 'lines', bytes)).toBe(true);
    expect(isComplete(bytes, 'a.jsonl', 'lines')).toBe(true);
    expect(isComplete(bytes.subarray(0, bytes.length - 40), 'a.jsonl', 'lines')).toBe(false);
  });
});

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 behind a byte-order mark', Buffer.from(`\uFEFF${text}`)],
  ['NULs before a record', Buffer.from(`\u0000${text}`)],
  ['many NULs', Buffer.alloc(64)],
  ['one byte', Buffer.from('{')],
  ['nothing', Buffer.alloc(0)],
])('%s is not taken for another encoding (F46, F52)', (_what, bytes) => {
  expect(isWhole('a.jsonl', 'lines', bytes)).toBe(false);
});

test('a file in Latin-1 has its records, with marks for what is not UTF-8 (F45, F52)', () => {
  const bytes = Buffer.from('{"type":"user","text":"grüße"}\n', 'latin1');
  const found = [...readRecords([bytes], 'a.jsonl', 'lines', newReadSink())];
  expect(found).toEqual([
    { line: 1, offset: 0, value: { type: 'user', text: 'gr\uFFFD\uFFFDe' }, flags: ['replaced_characters'] },
  ]);
});
