import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { SourceForm } from '../../src/agents/agent.ts';
import type { Json } from '../../src/core/json.ts';
import { newReadSink, type ReadCounts } from '../../src/read/records.ts';
import { isComplete, isWhole, readRecords } from '../../src/read/whole.ts';

interface Read {
  readonly values: readonly Json[];
  readonly counts: Partial<ReadCounts>;
  readonly reasons: readonly string[];
}

function read(bytes: Buffer | string, name: string, form: SourceForm): Read {
  const sink = newReadSink();
  const whole = Buffer.from(bytes);
  // In two pieces, as a large file comes.
  const middle = Math.floor(whole.length / 2);
  const values = [...readRecords([whole.subarray(0, middle), whole.subarray(middle)], name, form, sink)];
  const { lines, records, quarantined, blank } = sink.counts;
  return {
    values: values.map(({ value }) => value),
    counts: { lines, records, quarantined, blank },
    reasons: sink.quarantine.map(({ reason }) => reason),
  };
}

const document = { sessionId: 's', messages: [{ id: 'm1' }] };
const pretty = JSON.stringify(document, null, 2);

describe('a document', () => {
  test.each([
    ['on one line', JSON.stringify(document)],
    ['over many lines', pretty],
    ['behind a byte order mark', `\uFEFF${pretty}`],
  ])('%s is one record', (_how, text) => {
    expect(read(text, 'a.json', 'document')).toEqual({
      values: [document],
      counts: { lines: 1, records: 1, quarantined: 0, blank: 0 },
      reasons: [],
    });
  });

  test('may be a list', () => {
    expect(read('[{"ts":1},{"ts":2}]', 'ui.json', 'document').values).toEqual([[{ ts: 1 }, { ts: 2 }]]);
  });

  test('over many lines is found in a file that is named for lines', () => {
    expect(read(pretty, 'full.jsonl', 'lines').values).toEqual([document]);
    expect(read('{"a":1}\n{"a":2}\n', 'full.jsonl', 'lines').values).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test.each([
    ['that is cut', pretty.slice(0, -3), 'not_json'],
    ['that is a bare word', '"text"', 'not_json'],
    ['that is nested too deep', `${'['.repeat(600)}${']'.repeat(600)}`, 'nested_too_deep'],
  ])('%s is one quarantined span', (_how, text, reason) => {
    expect(read(text, 'a.json', 'document')).toEqual({
      values: [],
      counts: { lines: 1, records: 0, quarantined: 1, blank: 0 },
      reasons: [reason],
    });
  });

  test('of nothing but blanks is a blank line, and an empty file is nothing', () => {
    expect(read(' \n\n', 'a.json', 'document').counts).toEqual({ lines: 1, records: 0, quarantined: 0, blank: 1 });
    expect(read('', 'a.json', 'document').counts).toEqual({ lines: 0, records: 0, quarantined: 0, blank: 0 });
  });
});

test('a text is one record with the text in it', () => {
  expect(read('[chat]\nname = "x"\n', 'config.toml', 'text').values).toEqual([{ text: '[chat]\nname = "x"\n' }]);
});

test('a packed file has the records of what was packed', () => {
  expect(read(gzipSync('{"a":1}\n{"a":2}\n'), 'a.jsonl.gz', 'lines')).toEqual({
    values: [{ a: 1 }, { a: 2 }],
    counts: { lines: 2, records: 2, quarantined: 0, blank: 0 },
    reasons: [],
  });
  expect(read(gzipSync(pretty), 'a.json.gz', 'document').values).toEqual([document]);
  expect(read(Buffer.from('broken'), 'a.jsonl.gz', 'lines')).toEqual({
    values: [],
    counts: { lines: 1, records: 0, quarantined: 1, blank: 0 },
    reasons: ['damaged_archive'],
  });
});

describe('what can only be read as a whole', () => {
  test('is a document, a text, and everything that is packed', () => {
    const head = Buffer.from('{"a":1}\n');
    expect(isWhole('a.jsonl', 'lines', head)).toBe(false);
    expect(isWhole('a.jsonl', 'lines', Buffer.from(pretty))).toBe(true);
    expect(isWhole('a.json', 'document', head)).toBe(true);
    expect(isWhole('a.toml', 'text', head)).toBe(true);
    expect(isWhole('a.jsonl.zst', 'lines', Buffer.from('28b52ffd', 'hex'))).toBe(true);
  });

  test('is complete when it parses or unpacks to its end', () => {
    expect(isComplete(Buffer.from(pretty), 'a.json', 'document')).toBe(true);
    expect(isComplete(Buffer.from(pretty.slice(0, -1)), 'a.json', 'document')).toBe(false);
    expect(isComplete(gzipSync('x'), 'a.jsonl.gz', 'lines')).toBe(true);
    expect(isComplete(gzipSync('x').subarray(0, 10), 'a.jsonl.gz', 'lines')).toBe(false);
    expect(isComplete(Buffer.from('half a li'), 'config.toml', 'text')).toBe(true);
  });
});
